"""Kernelspecs of environments in a Jupyter data folder: list, add, take away. Layer: engine.

Written only where a user's command says so. What another program put there is left alone.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.config.environ import home_folder
from xconda_core.engine.environment_entry import EnvironmentEntry
from xconda_core.environment.kernels import (
    OF_THE_NOTEBOOK,
    EnvironmentKernel,
    environment_kernels,
    notebook_kernel_spec,
    prefix_of_spec,
)
from xconda_core.errors import Json, XcondaError
from xconda_core.files.atomic import write_json
from xconda_core.values import Slotted, dataclass

_LOGOS: Final = ("logo-svg.svg", "logo-32x32.png", "logo-64x64.png")


class KernelNameTaken(XcondaError):
    """Another program's kernelspec has the name."""

    code: ClassVar[str] = "kernel-name-taken"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.what = f"The kernel {folder.name} was not added."
        self.why = f"{folder} holds a kernelspec that is not xconda's."
        self.fix = f"see what it is; `jupyter kernelspec remove {folder.name}` takes it away."


class NoKernel(XcondaError):
    """The environment has nothing that Jupyter could start."""

    code: ClassVar[str] = "no-kernel"

    def __init__(self, prefix: Path) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = f"No kernel was added for {prefix}."
        self.why = "no Jupyter kernel is installed in that environment."
        self.fix = f"`xconda install -p {prefix} ipykernel` installs Python's."


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedKernel(Slotted):
    """A kernelspec of xconda's in a Jupyter data folder.

    Attributes:
        name: What Jupyter calls it.
        folder: Where it is.
        prefix: The environment that it starts; None: the one that the notebook refers to.
        display_name: What people see.
        is_gone: The environment is not there any more.
    """

    name: str
    folder: Path
    prefix: Path | None
    display_name: str
    is_gone: bool

    def to_json(self) -> dict[str, Json]:
        """Return it as a document."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "prefix": str(self.prefix) if self.prefix else None,
            "display_name": self.display_name,
            "is_gone": self.is_gone,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentWithKernels(Slotted):
    """An environment and what Jupyter could start in it.

    Attributes:
        entry: The environment.
        kernels: The kernels installed in it; none: Jupyter cannot use it (yet).
        added: Kernelspecs in the user's Jupyter data folder that start it.
    """

    entry: EnvironmentEntry
    kernels: tuple[EnvironmentKernel, ...]
    added: tuple[str, ...]

    @property
    def offer(self) -> str:
        """The command that would make a kernel of an environment without one; else empty."""
        where = f"-n {self.entry.name}" if self.entry.name else f"-p {self.entry.prefix}"
        return "" if self.kernels else f"xconda install {where} ipykernel"

    def to_json(self) -> dict[str, Json]:
        """Return it as a document."""
        return {
            "name": self.entry.name,
            "prefix": str(self.entry.prefix),
            "is_base": self.entry.is_base,
            "is_active": self.entry.is_active,
            "kernels": [
                {
                    "name": kernel.name,
                    "own_name": kernel.own_name,
                    "display_name": kernel.display_name,
                    "language": kernel.language,
                }
                for kernel in self.kernels
            ],
            "added": list(self.added),
            "offer": self.offer,
        }


def user_kernels_folder(environ: Mapping[str, str]) -> Path:
    """Return where Jupyter looks for kernelspecs of this user (jupyter_core's rules)."""
    home = home_folder(environ)
    if environ.get("JUPYTER_DATA_DIR"):
        data = Path(environ["JUPYTER_DATA_DIR"])
    elif sys.platform == "darwin":
        data = home / "Library" / "Jupyter"
    elif os.name == "nt":
        data = Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "jupyter"
    else:
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "jupyter"
    return data / "kernels"


def environments_with_kernels(
    entries: Iterable[EnvironmentEntry], added: Iterable[AddedKernel] = ()
) -> tuple[EnvironmentWithKernels, ...]:
    """Return every environment with its kernels, base first, then by name.

    Args:
        entries: The environments.
        added: What a Jupyter data folder holds of them.
    """
    known = tuple(added)
    ordered = sorted(entries, key=lambda each: (not each.is_base, each.name, each.prefix))
    return tuple(
        EnvironmentWithKernels(
            entry=entry,
            kernels=environment_kernels(entry.prefix, entry.name),
            added=tuple(each.name for each in known if each.prefix == entry.prefix),
        )
        for entry in ordered
    )


def added_kernels(kernels_folder: Path) -> tuple[AddedKernel, ...]:
    """Return the kernelspecs of xconda's in a folder, by name; other programs' are passed over."""
    try:
        folders = sorted(kernels_folder.iterdir())
    except OSError:
        return ()
    found = (_added(folder) for folder in folders)
    return tuple(each for each in found if each)


def _added(folder: Path) -> AddedKernel | None:
    document = _read(folder)
    prefix = prefix_of_spec(document)
    if prefix is None and (folder.name != OF_THE_NOTEBOOK or not document):
        return None
    return AddedKernel(
        name=folder.name,
        folder=folder,
        prefix=prefix,
        display_name=str(document.get("display_name", "")),
        is_gone=prefix is not None and not (prefix / "conda-meta").is_dir(),
    )


def _read(folder: Path) -> dict[str, Json]:
    try:
        document = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def add_kernel(kernel: EnvironmentKernel, kernels_folder: Path) -> AddedKernel:
    """Write the kernelspec of an environment's kernel, and return what is there then.

    Doing it again changes nothing but what the environment's kernel now says of itself.

    Raises:
        KernelNameTaken: what is there under that name is not xconda's.
        OSError: the folder cannot be written.
    """
    folder = kernels_folder / kernel.name
    _write(folder, kernel.spec())
    for logo in _LOGOS:
        if (kernel.folder / logo).is_file():
            shutil.copyfile(kernel.folder / logo, folder / logo)
    return AddedKernel(
        name=kernel.name,
        folder=folder,
        prefix=kernel.prefix,
        display_name=kernel.display_name,
        is_gone=False,
    )


def add_notebook_kernel(kernels_folder: Path) -> AddedKernel:
    """Write the kernelspec that starts in the environment its notebook refers to.

    Raises:
        KernelNameTaken: what is there under that name is not xconda's.
        OSError: the folder cannot be written.
    """
    folder = kernels_folder / OF_THE_NOTEBOOK
    document = notebook_kernel_spec(sys.executable)
    _write(folder, document)
    return AddedKernel(
        name=folder.name,
        folder=folder,
        prefix=None,
        display_name=str(document["display_name"]),
        is_gone=False,
    )


def _write(folder: Path, document: dict[str, Json]) -> None:
    if (folder / "kernel.json").exists() and _added(folder) is None:
        raise KernelNameTaken(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "kernel.json", document, durable=False)


def remove_kernels(kernels: Iterable[AddedKernel]) -> None:
    """Take kernelspecs away; one that is not there any more is as good.

    Raises:
        OSError: a folder cannot be removed.
    """
    for kernel in kernels:
        if kernel.folder.is_dir():
            shutil.rmtree(kernel.folder)
