"""Where every file of one package goes in a prefix, and which commands are made for it.

Layer: transaction. Nothing is written.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import ClassVar

import msgspec

from xconda_core.errors import XcondaError
from xconda_core.models.package_paths import PackagePath
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.contents import PackageContents
from xconda_core.transaction.noarch_python import EntryPoint, noarch_path, pyc_path
from xconda_core.transaction.python_layout import PythonLayout
from xconda_core.transaction.windows_launchers import launcher_path
from xconda_core.values import Slotted, dataclass


class PythonMissing(XcondaError):
    """A ``noarch: python`` package would be in an environment without Python."""

    code: ClassVar[str] = "python-missing"

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self.package = package
        self.what = f"{package} was not linked: there is no Python in the environment."
        self.why = "it is a `noarch: python` package, whose files go where Python looks for them."
        self.fix = "install `python` with it."


class NoLauncher(XcondaError):
    """A package has commands for Windows, which start through programs that are not here."""

    code: ClassVar[str] = "no-launcher"

    def __init__(self, package: str, commands: tuple[str, ...]) -> None:
        super().__init__(package, commands)
        self.package, self.commands = package, commands
        self.what = f"{package} was not linked: its commands cannot be made here."
        self.why = f"on Windows {', '.join(commands)} needs a launcher, which setuptools has."
        self.fix = f"`{sys.executable} -m pip install setuptools`, then run it again."


class NewFile(msgspec.Struct, frozen=True, gc=False):
    """One file, link or folder of a package and where in the prefix it goes."""

    path: str
    shipped: PackagePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Slotted):
    """One package that comes.

    Attributes:
        contents: What it holds.
        requested_spec: MatchSpec text by which the user asked for it.
        files: Its files that nobody linked later brings as well.
        scripts: Path to the command that is written there.
        launchers: Path to the program that is copied there, to start a command on Windows.
        byte_code: Path of a source to the path of its byte code.
        record_path: Where its ``conda-meta`` document goes.
    """

    contents: PackageContents
    requested_spec: str
    files: tuple[NewFile, ...]
    scripts: Mapping[str, EntryPoint]
    launchers: Mapping[str, str]
    byte_code: Mapping[str, str]
    record_path: str

    @property
    def record(self) -> PackageRecord:
        """Which package."""
        return self.contents.record


def link_of(
    contents: PackageContents,
    requested_spec: str,
    python: PythonLayout | None,
    *,
    byte_code: bool = False,
) -> Link:
    """Return every file of a package and where it goes, whoever else brings it.

    Args:
        contents: The package.
        requested_spec: MatchSpec text by which the user asked for it.
        python: Where the environment's Python keeps things; None without one.
        byte_code: Its sources are to be compiled if it is a ``noarch: python`` package.

    Raises:
        PythonMissing, NoLauncher: it cannot be linked there.
    """
    scripts: dict[str, EntryPoint] = {}
    launchers: dict[str, str] = {}
    compiled: dict[str, str] = {}
    if not contents.is_noarch_python:
        files = [NewFile(shipped.path, shipped) for shipped in contents.paths]
    elif python is None:
        raise PythonMissing(contents.record.dist_name)
    else:
        files = [NewFile(noarch_path(item.path, python), item) for item in contents.paths]
        scripts, launchers = _commands(contents, python)
        compiled = _byte_code(files, python) if byte_code else {}
    return Link(
        contents=contents,
        requested_spec=requested_spec,
        files=tuple(new for new in files if new.path not in scripts and new.path not in launchers),
        scripts=scripts,
        launchers=launchers,
        byte_code=compiled,
        record_path=f"conda-meta/{contents.record.dist_name}.json",
    )


def _commands(
    contents: PackageContents, python: PythonLayout
) -> tuple[dict[str, EntryPoint], dict[str, str]]:
    """Return what is written for commands, and what is copied to start them, by path."""
    points = contents.entry_points
    if not python.launcher or not points:
        return {f"{python.scripts}/{point.command}": point for point in points}, {}
    program = launcher_path(python.launcher)
    if program is None:
        raise NoLauncher(contents.record.dist_name, tuple(point.command for point in points))
    scripts = {f"{python.scripts}/{point.command}-script.py": point for point in points}
    return scripts, {f"{python.scripts}/{point.command}.exe": str(program) for point in points}


def _byte_code(files: Iterable[NewFile], python: PythonLayout) -> dict[str, str]:
    inside = f"{python.site_packages}/"
    shipped = {new.path for new in files}
    compiled = {
        path: pyc_path(path, python.version)
        for path in shipped
        if path.endswith(".py") and path.startswith(inside)
    }
    return {path: compiled[path] for path in sorted(compiled) if compiled[path] not in shipped}


def paths_of(link: Link) -> list[str]:
    """Return every path that ``link`` makes, but for folders."""
    files = [new.path for new in link.files if new.shipped.path_type != "directory"]
    return [
        *files,
        *link.scripts,
        *link.launchers,
        *link.byte_code.values(),
        link.record_path,
    ]
