"""Start a kernel in an environment as if it were activated: entry point ``xconda-provisioner``.

A kernelspec names it under ``metadata.kernel_provisioner`` with ``config: {"prefix": ...}``; it
then works wherever jupyter_client starts kernels: JupyterLab, nbconvert, papermill, voila.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from xconda_core import api
from xconda_core.errors import XcondaError
from xconda_jupyter.launch.kernel_specs import own_metadata

LAUNCHER = Path(__file__).parents[1] / "kernel" / "launcher.py"
WORKER_PYTHON = "XCONDA_WORKER_PYTHON"  # known to xconda_jupyter.kernel.worker_process
_PROBE_SECONDS = 60.0
_PROBE = "import sys, importlib.util as u; sys.exit(3 if u.find_spec('ipykernel') is None else 0)"
_ABSENT = 3
_ENCRYPTION = "supported_encryption"
_NOT_FOR_ANOTHER_PYTHON = frozenset({"PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"})


class KernelNotStarted(XcondaError):
    """The environment cannot run a kernel."""

    code: ClassVar[str] = "kernel-not-started"

    def __init__(self, prefix: str, why: str, fix: str) -> None:
        super().__init__()
        self.prefix = prefix
        self.what = f"No kernel was started in {prefix or 'the environment'}."
        self.why = why
        self.fix = fix


class XcondaProvisioner(LocalProvisioner):
    """Starts the ipykernel of an environment, activated, with ``%xconda`` in it.

    Attributes:
        prefix: Absolute path of the environment.
    """

    prefix: str = Unicode(config=True, help="Absolute path of the environment.")  # type: ignore[assignment]

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Work out command and variables of the kernel.

        Raises:
            KernelNotStarted: the environment is not there, or has no Python or no ipykernel.
            XcondaError: it cannot be activated.
        """
        prefix = Path(self.prefix)
        environ = dict(kwargs.get("env") or os.environ)
        activated = await asyncio.to_thread(kernel_environment, prefix, environ)
        await see_that_a_kernel_can_start(prefix, activated)
        self._say_what_it_can_encrypt(prefix)
        kwargs = await super().pre_launch(**{**kwargs, "env": activated})
        kwargs["cmd"] = kernel_command(prefix, kwargs["cmd"])
        return kwargs

    def _say_what_it_can_encrypt(self, prefix: Path) -> None:
        """Let jupyter_client know what today's ipykernel can: the spec may be older than it.

        Otherwise it could encrypt for a kernel that does not, and wait for an answer for ever.
        """
        metadata = self.kernel_spec.metadata
        metadata.pop(_ENCRYPTION, None)
        own = own_metadata(prefix)
        if _ENCRYPTION in own:
            metadata[_ENCRYPTION] = own[_ENCRYPTION]


def kernel_environment(prefix: Path, environ: dict[str, str]) -> dict[str, str]:
    """Return the variables of a kernel in ``prefix``: activated, and knowing where xconda lives.

    Where the Python of whoever starts the kernel has its library is nothing that another one
    should hear of; what users set for their programs (``PYTHONPATH``, ...) is theirs.
    """
    own = {name: value for name, value in environ.items() if name not in _NOT_FOR_ANOTHER_PYTHON}
    return {**api.run_environment(prefix, own), WORKER_PYTHON: sys.executable}


def kernel_command(prefix: Path, command: list[str]) -> list[str]:
    """Return the command of a kernelspec with xconda's launcher in place of ipykernel's.

    What follows ``-m ipykernel_launcher`` or ``-m ipykernel`` is kept.
    """
    arguments = command[1:]
    for module in ("ipykernel_launcher", "ipykernel"):
        if arguments[:2] == ["-m", module]:
            arguments = arguments[2:]
    return [str(environment_python(prefix)), str(LAUNCHER), *arguments]


def environment_python(prefix: Path) -> Path:
    """Return the Python of an environment, there or not."""
    return prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"


async def see_that_a_kernel_can_start(prefix: Path, environ: dict[str, str]) -> None:
    """Ask the environment's own Python whether it has ipykernel.

    Raises:
        KernelNotStarted: it has not, or there is no such Python.
    """
    python = environment_python(prefix)
    if not prefix.is_absolute() or not prefix.is_dir():
        raise KernelNotStarted(
            str(prefix) if prefix.parts else "",
            "its kernelspec names an environment that is not there (any more).",
            f"make it with `xconda create -p {prefix} python ipykernel`, or remove the kernelspec.",
        )
    if not python.is_file():
        raise KernelNotStarted(
            str(prefix),
            "the environment has no Python.",
            f"run `xconda install -p {prefix} python ipykernel`.",
        )
    probe = await asyncio.create_subprocess_exec(
        str(python),
        "-c",
        _PROBE,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd=str(prefix),
    )
    try:
        _, said = await asyncio.wait_for(probe.communicate(), _PROBE_SECONDS)
    except TimeoutError:
        probe.kill()
        await probe.wait()
        raise KernelNotStarted(
            str(prefix),
            f"its Python did not answer within {_PROBE_SECONDS:.0f} seconds.",
            f"see what `{python} -c 'import ipykernel'` does.",
        ) from None
    if probe.returncode == _ABSENT:
        why = "ipykernel, which every Python kernel needs, is not installed there."
        raise KernelNotStarted(str(prefix), why, f"run `xconda install -p {prefix} ipykernel`.")
    if probe.returncode != 0:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise KernelNotStarted(
            str(prefix),
            f"its Python does not work: {last[0] if last else f'exit code {probe.returncode}'}.",
            f"see what `{python} -c 1` says; a new environment is the sure way out.",
        )
