"""The Jupyter kernels of an environment, and the kernelspecs that start them activated.

Layer: environment. Reads ``share/jupyter/kernels`` of the prefix, writes nothing.
Source: jupyter_client's kernelspec documents.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Final

from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass

PROVISIONER: Final = "xconda-provisioner"
"""Entry point by which jupyter_client finds what starts these kernels."""

PYTHON_KERNEL: Final = "python3"
OF_THE_NOTEBOOK: Final = "xconda"
"""Name of the kernel that starts in whichever environment the notebook refers to."""

_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentKernel(Slotted):
    """One kernel of one environment.

    Attributes:
        prefix: The environment.
        environment: What people call the environment: its name, or its path where it has none.
        own_name: Its folder below ``share/jupyter/kernels``, for example ``python3`` or ``ir``.
        name: What Jupyter calls it; the same as long as the environment stays where it is.
        document: Its own ``kernel.json``.
    """

    prefix: Path
    environment: str
    own_name: str
    name: str
    document: dict[str, Json]

    @property
    def folder(self) -> Path:
        """Where its own files, such as logos, are."""
        return self.prefix / "share" / "jupyter" / "kernels" / self.own_name

    @property
    def language(self) -> str:
        """The language it runs."""
        return str(self.document.get("language") or "")

    @property
    def display_name(self) -> str:
        """What people see in Jupyter."""
        called = str(self.document.get("display_name") or self.own_name)
        return f"{'Python' if self.own_name == PYTHON_KERNEL else called} ({self.environment})"

    def spec(self) -> dict[str, Json]:
        """Return the ``kernel.json`` that starts it through xconda, activated.

        Its command is the kernel's own, with absolute paths: a Jupyter that knows no xconda still
        starts it, though not activated. What the kernel says of itself is kept.
        """
        metadata = self.document.get("metadata")
        return {
            **self.document,
            "argv": list(self._command()),
            "display_name": self.display_name,
            "metadata": {
                **(metadata if isinstance(metadata, dict) else {}),
                "kernel_provisioner": {
                    "provisioner_name": PROVISIONER,
                    "config": {"prefix": str(self.prefix)},
                },
                "xconda": {"environment": {"name": self.environment, "prefix": str(self.prefix)}},
            },
        }

    def _command(self) -> list[str]:
        if self.own_name == PYTHON_KERNEL:
            return [str(environment_python(self.prefix)), *_IPYKERNEL]
        argv = self.document.get("argv")
        words = [str(word) for word in argv] if isinstance(argv, list) else []
        program = self.prefix / "bin" / words[0] if words and os.sep not in words[0] else None
        return [str(program), *words[1:]] if program and program.exists() else words


_IPYKERNEL: Final = ("-m", "ipykernel_launcher", "-f", "{connection_file}")


def environment_python(prefix: Path) -> Path:
    """Return the Python of an environment, there or not."""
    return prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"


def environment_kernels(prefix: Path, environment: str = "") -> tuple[EnvironmentKernel, ...]:
    """Return the kernels that are installed in ``prefix``, Python's first, then by name.

    Args:
        prefix: Absolute path of the environment.
        environment: Its name, empty where only its path says which it is.
    """
    try:
        found = sorted(path.name for path in (prefix / "share/jupyter/kernels").iterdir())
    except OSError:
        return ()
    found.sort(key=lambda name: name != PYTHON_KERNEL)
    kernels = []
    for own_name in found:
        document = own_document(prefix, own_name)
        if document.get("argv"):
            kernels.append(_kernel(prefix, environment, own_name, document))
    return tuple(kernels)


def python_kernel(prefix: Path, environment: str = "") -> EnvironmentKernel:
    """Return the Python kernel of ``prefix``, also where ipykernel is not installed (yet)."""
    known: dict[str, Json] = {"language": "python", "interrupt_mode": "signal"}
    document = {**known, **own_document(prefix, PYTHON_KERNEL)}
    return _kernel(prefix, environment, PYTHON_KERNEL, document)


def notebook_kernel_spec(python: str) -> dict[str, Json]:
    """Return the kernelspec of the kernel that starts in the environment its notebook refers to.

    Args:
        python: What a Jupyter that knows no xconda is to start in its place.
    """
    return {
        "argv": [python, *_IPYKERNEL],
        "display_name": "This notebook's environment (xconda)",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": {}}},
    }


def _kernel(
    prefix: Path, environment: str, own_name: str, document: dict[str, Json]
) -> EnvironmentKernel:
    return EnvironmentKernel(
        prefix=prefix,
        environment=environment or prefix.name,
        own_name=own_name,
        name=kernel_name(prefix, environment, own_name),
        document=document,
    )


def kernel_name(prefix: Path, environment: str = "", own_name: str = PYTHON_KERNEL) -> str:
    """Return the name by which Jupyter knows a kernel, wherever and whenever it is asked.

    ``xconda-<name>`` for the Python of a named environment; the kernel's own name follows for any
    other; a few digits made of the path follow where the name alone could mean two environments.
    """
    folder = environment or prefix.name
    readable = _NOT_IN_NAMES.sub("-", folder.lower()).strip("-.")
    words = ["xconda", readable]
    if readable != folder or not environment:
        words.append(hashlib.sha256(os.fsencode(prefix)).hexdigest()[:6])
    if own_name != PYTHON_KERNEL:
        words.append(_NOT_IN_NAMES.sub("-", own_name.lower()))
    return "-".join(word for word in words if word)


def own_document(prefix: Path, own_name: str) -> dict[str, Json]:
    """Return what a kernel of the environment says of itself, empty where there is none."""
    path = prefix / "share" / "jupyter" / "kernels" / own_name / "kernel.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def prefix_of_spec(document: Json) -> Path | None:
    """Return the environment that a kernelspec starts through xconda, None where it does not."""
    metadata = document.get("metadata") if isinstance(document, dict) else None
    provisioner = metadata.get("kernel_provisioner") if isinstance(metadata, dict) else None
    if not isinstance(provisioner, dict) or provisioner.get("provisioner_name") != PROVISIONER:
        return None
    config = provisioner.get("config")
    prefix = config.get("prefix") if isinstance(config, dict) else None
    return Path(prefix) if isinstance(prefix, str) and prefix else None
