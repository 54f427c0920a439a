"""Where the Python of an environment keeps things, and what moves when that changes.

Layer: transaction. Pure. Source: CEP 17 (``python_site_packages_path``).
"""

import posixpath
from collections.abc import Mapping
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.values import Slotted, dataclass

# setuptools has them; see docs/decisions/0195-commands-on-windows.md.
_LAUNCHERS: Final = {
    "win-64": "cli-64.exe",
    "win-32": "cli-32.exe",
    "win-arm64": "cli-arm64.exe",
}


class SitePackagesElsewhere(XcondaError):
    """A package ``python`` keeps its site-packages outside of the environment."""

    code: ClassVar[str] = "site-packages-elsewhere"

    def __init__(self, package: str, path: str) -> None:
        super().__init__(package, path)
        self.package, self.path = package, path
        self.what = f"{package} was not linked: no `noarch` package could be put into it."
        self.why = f"its python_site_packages_path {path!r} is no folder in the environment."
        self.fix = "tell the channel's owners; choose another build of python until it is mended."


@dataclass(frozen=True, slots=True)
class PythonLayout(Slotted):
    """Where the Python of an environment keeps things; paths are relative to the prefix.

    Attributes:
        version: First two numbers, ``3.12``.
        site_packages: Its site-packages folder.
        scripts: Its folder of commands.
        executable: The interpreter.
        launcher: Name of the small program that starts commands there; empty where the kernel does.
    """

    version: str
    site_packages: str
    scripts: str
    executable: str
    launcher: str = ""


def layout_of(python: PackageRecord, subdir: str) -> PythonLayout:
    """Return the layout of the package ``python`` on platform ``subdir``.

    A path that leads out of the environment counts as none: what is installed can be looked at
    and removed. :func:`refuse_site_packages_elsewhere` keeps such a package out.
    """
    version, said = minor_version(python.version), _site_packages(python) or ""
    if subdir.startswith("win"):
        folder = said or "Lib/site-packages"
        return PythonLayout(version, folder, "Scripts", "python.exe", _LAUNCHERS[subdir])
    folder = said or f"lib/python{version}/site-packages"
    return PythonLayout(version, folder, "bin", f"bin/python{version}")


def refuse_site_packages_elsewhere(python: PackageRecord) -> None:
    """Return if the site-packages of ``python`` are in the environment.

    Raises:
        SitePackagesElsewhere: they are not.
    """
    if _site_packages(python) is None:
        raise SitePackagesElsewhere(python.dist_name, python.python_site_packages_path or "")


def _site_packages(python: PackageRecord) -> str | None:
    """Return the folder that ``python`` names, empty if it names none, None if it leads out."""
    said = python.python_site_packages_path
    if not said:
        return ""
    path = posixpath.normpath(said.replace("\\", "/"))
    leads_out = path.startswith("/") or path.partition("/")[0] in {".", ".."} or ":" in path
    return None if leads_out else path


def minor_version(version: str) -> str:
    """Return the first two numbers of a Python version."""
    return ".".join(version.split(".")[:2])


def relinked_names(state: EnvironmentState, wanted: Mapping[str, PackageRecord]) -> frozenset[str]:
    """Return the installed ``noarch: python`` packages that must be linked anew.

    Their files lie in folders named after Python's minor version, so when that changes (or when
    Python comes or goes, or keeps its site-packages elsewhere) they all move.

    Args:
        state: What is installed.
        wanted: Package name to the record that will be.
    """
    old = state.installed.get("python")
    new = wanted.get("python")
    if old is None or new is None:
        changed = (old is None) != (new is None)
    else:
        changed = layout_of(old.record, old.record.subdir) != layout_of(new, new.subdir)
    if not changed:
        return frozenset()
    return frozenset(
        name
        for name, installed in state.installed.items()
        if installed.record.noarch == "python" and name in wanted
    )
