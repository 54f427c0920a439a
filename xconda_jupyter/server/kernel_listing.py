"""Which kernels there are and which run, and in which environment each of them is.

Every kernelspec that Jupyter knows is looked at, whoever wrote it: it names its environment, or the
program that it starts is in one.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from xconda_jupyter.server.kernel_documents import EnvironmentKernels, RunningKernel

_LOCAL: Final = "local-provisioner"  # jupyter_client's own, which starts argv as it stands
Specs = Mapping[str, Mapping[str, Any]]
"""Kernel name to ``{"resource_dir", "spec": {argv, display_name, language, metadata ...}}``."""


def prefix_of(spec: Mapping[str, Any]) -> str | None:
    """Return the environment that the kernelspec ``spec`` starts a program of; None: of none."""
    metadata = spec.get("metadata") or {}
    provisioner = metadata.get("kernel_provisioner") or {}
    named = (provisioner.get("config") or {}).get("prefix") or metadata.get("conda_env_path")
    if isinstance(named, str) and named:
        return named
    if provisioner.get("provisioner_name", _LOCAL) != _LOCAL:
        return None  # it alone knows: the kernel of the notebook's reference is everywhere at home
    program = str(next(iter(spec.get("argv") or ()), ""))
    if program in {"python", f"python{sys.version_info[0]}"}:  # jupyter_client takes its own
        program = sys.executable
    if not Path(program).is_absolute():
        return None
    folder = Path(program).parent
    prefix = folder.parent if folder.name in {"bin", "Scripts"} else folder
    return str(prefix) if (prefix / "conda-meta").is_dir() else None


def environment_kernels(
    environments: Iterable[Mapping[str, Any]], specs: Specs
) -> list[EnvironmentKernels]:
    """Return of each environment which kernels start it, or what it lacks for one."""
    by_prefix: dict[str, list[str]] = {}
    for name, found in sorted(specs.items()):
        prefix = prefix_of(found.get("spec") or {})
        if prefix is not None:
            by_prefix.setdefault(prefix, []).append(name)
    return [_of_environment(each, by_prefix) for each in environments]


def running_kernel(session: Mapping[str, Any], spec: Mapping[str, Any], pid: int) -> RunningKernel:
    """Return what there is to say of the kernel of a session.

    Args:
        session: The session's model.
        spec: The kernelspec that its kernel was started from.
        pid: Number of its process; 0 where that is not known.
    """
    kernel = session.get("kernel") or {}
    return RunningKernel(
        id=str(kernel.get("id", "")),
        name=str(kernel.get("name", "")),
        state=str(kernel.get("execution_state") or ""),
        path=str(session.get("path", "")),
        type=str(session.get("type", "")),
        prefix=prefix_of(spec),
        started=started_at(pid),
    )


def started_at(pid: int) -> float | None:
    """Return when a process started, in seconds since 1970; None where the system does not say.

    Source: proc_pid_stat(5), field 22, in clock ticks since ``btime`` of proc_stat(5).
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        lines = Path("/proc/stat").read_text(encoding="utf-8").splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
        return booted + int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def _of_environment(
    environment: Mapping[str, Any], by_prefix: Mapping[str, Sequence[str]]
) -> EnvironmentKernels:
    prefix = str(environment["prefix"])
    python, ipykernel = _version(prefix, "python"), _version(prefix, "ipykernel")
    missing = "ipykernel" if python and not ipykernel else None
    return EnvironmentKernels(
        name=str(environment["name"]),
        prefix=prefix,
        kernels=list(by_prefix.get(prefix, ())),
        own=environment["kernel"],
        python=python,
        ipykernel=ipykernel,
        missing=missing,
    )


def _version(prefix: str, name: str) -> str | None:
    """Return the version of an installed package from the name of its record."""
    try:
        names = [path.name for path in Path(prefix, "conda-meta").iterdir()]
    except OSError:
        return None
    for each in names:
        parts = each.removesuffix(".json").rsplit("-", 2)
        if each.endswith(".json") and len(parts) == 3 and parts[0] == name:
            return parts[1]
    return None
