"""Where environments are, and which one a command means. Layer: environment.

Nothing here changes anything. xconda shares an existing conda, mamba or Miniforge installation;
where there is none it has one home of its own in the user's data folder. The Python that runs
xconda plays no part: a venv is never taken for a base environment.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.config.environ import home_folder, user_data_folder
from xconda_core.config.merge import is_writable
from xconda_core.config.settings import Settings
from xconda_core.environment.registry import registered
from xconda_core.errors import XcondaError
from xconda_core.models.nearest import nearest_words
from xconda_core.values import Slotted, dataclass

_EXPLICIT: Final = ("CONDA_ROOT_PREFIX", "CONDA_ROOT", "MAMBA_ROOT_PREFIX")
_USUAL_NAMES: Final = ("miniforge3", "mambaforge", "miniconda3", "anaconda3", "micromamba")
_USUAL_PLACES: Final = (
    ("C:/ProgramData/miniforge3", "C:/ProgramData/miniconda3", "C:/ProgramData/anaconda3")
    if os.name == "nt"
    else (
        "/opt/conda", "/opt/miniforge3", "/opt/mambaforge", "/opt/miniconda3", "/opt/anaconda3",
        "/usr/local/miniconda3", "/opt/homebrew/Caskroom/miniforge/base",
        "/opt/homebrew/Caskroom/miniconda/base",
    )
)  # fmt: skip
_NOT_IN_NAMES: Final = "/\\:#"
BASE_NAMES: Final = ("base", "root")


@dataclass(frozen=True, slots=True)
class Root(Slotted):
    """The base environment's place, and in a few words why it is there."""

    prefix: Path
    why: str


@dataclass(frozen=True, slots=True)
class Target(Slotted):
    """The environment that a command means, and in a few words why."""

    prefix: Path
    why: str


class EnvironmentNotFound(XcondaError):
    """There is no environment of that name."""

    code: ClassVar[str] = "environment-not-found"

    def __init__(self, name: str, searched: tuple[Path, ...], existing: tuple[str, ...]) -> None:
        super().__init__(name, searched, existing)
        self.name, self.searched = name, searched
        self.nearest = nearest_words(name, existing)
        self.what = f"There is no environment called {name}."
        self.why = f"it is not in {', '.join(map(str, searched))}."
        self.fix = f"make it with `xconda create -n {name}`, or see `xconda env list`."
        if self.nearest:
            self.fix = f"did you mean {' or '.join(self.nearest)}? `xconda env list` shows all."


class NotAnEnvironment(XcondaError):
    """The prefix holds no environment."""

    code: ClassVar[str] = "not-an-environment"

    def __init__(self, prefix: Path) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = f"There is no environment at {prefix}."
        self.why = "the folder is missing or has no conda-meta/history."
        self.fix = (
            f"`xconda create -p {prefix} ...` makes one; `xconda env list` shows what is there."
        )


class BaseEmpty(NotAnEnvironment):
    """No other environment is meant, and the base environment has not been made yet."""

    def __init__(self, prefix: Path) -> None:
        super().__init__(prefix)
        self.what = "There is no base environment yet, and no other one is named or active."
        self.why = f"nothing was installed into {prefix} so far."
        self.fix = (
            "name one with -n NAME (`xconda env list` shows all), or activate one; "
            "`xconda install PACKAGE` makes the base environment."
        )


class UnusablePrefix(XcondaError):
    """An environment cannot be made there, or must not."""

    code: ClassVar[str] = "unusable-prefix"

    def __init__(self, place: str, reason: str, fix: str) -> None:
        super().__init__(place, reason, fix)
        self.place = place
        self.what = f"{place} cannot be an environment."
        self.why = reason
        self.fix = fix


def not_there(prefix: Path, base: Path) -> NotAnEnvironment:
    """Return what is to be said of a prefix without an environment."""
    return BaseEmpty(prefix) if prefix == base else NotAnEnvironment(prefix)


def is_environment(prefix: Path) -> bool:
    """Whether ``prefix`` is a conda environment: a folder with ``conda-meta``."""
    return _has(prefix, "conda-meta")


def find_root(environ: Mapping[str, str], configured: Path | None = None) -> Root:
    """Return the base environment to share, or xconda's own home where there is no conda.

    Asked in this order: the setting, ``CONDA_ROOT_PREFIX`` and its kin, the conda of the active
    shell, the registry of environments, the folders that installers propose.
    """
    if configured:
        return Root(configured, "root_prefix is configured")
    for variable in _EXPLICIT:
        if environ.get(variable):
            return Root(Path(environ[variable]).absolute(), f"{variable} says so")
    home = home_folder(environ)
    for prefix, why in _candidates(environ, home):
        if _is_root(prefix):
            return Root(prefix, why)
    return Root(user_data_folder(environ, home), "no conda was found, so xconda has its own")


def _candidates(environ: Mapping[str, str], home: Path) -> Iterator[tuple[Path, str]]:
    program = environ.get("CONDA_EXE", "")
    if program:
        yield Path(program).parent.parent, "the conda of this shell (CONDA_EXE)"
    for prefix in registered(home):
        if _is_installation(prefix):
            yield prefix, "registered in ~/.conda/environments.txt"
        elif prefix.parent.name == "envs" and _is_installation(prefix.parent.parent):
            yield prefix.parent.parent, "its environments are in ~/.conda/environments.txt"
    for name in _USUAL_NAMES:
        yield home / name, f"found in ~/{name}"
    for place in _USUAL_PLACES:
        yield Path(place), f"found in {place}"


def _is_installation(prefix: Path) -> bool:
    """Whether conda or mamba itself is installed there: not every environment is a base."""
    return (prefix / "condabin").is_dir() or any(prefix.glob("conda-meta/conda-[0-9]*.json"))


def _is_root(prefix: Path) -> bool:
    """Whether ``prefix`` is a base: an environment, or what micromamba makes without one."""
    if not os.path.isdir(prefix):  # noqa: PTH112 (as in _has; most are not there)
        return False
    return _has(prefix, "conda-meta") or (_has(prefix, "envs") and _has(prefix, "pkgs"))


def _has(prefix: Path, folder: str) -> bool:
    # Every command looks into dozens of places, each of which would become two paths more.
    return os.path.isdir(f"{prefix}/{folder}")  # noqa: PTH112


def target_prefix(
    name: str | None,
    path: str | None,
    environ: Mapping[str, str],
    settings: Settings,
    cwd: Path,
    exists: Callable[[Path], bool] = is_environment,
) -> Target:
    """Return the existing environment that a command means: ``-p``, ``-n``, the active one, base.

    Raises:
        EnvironmentNotFound: nothing is called ``name``.
        UnusablePrefix: that is no name, or no path.
    """
    if path is not None:
        return Target(_absolute(path, cwd, home_folder(environ)), "--prefix")
    if name in BASE_NAMES:
        return Target(settings.root_prefix, f"--name {name}")
    if name is not None:  # also an empty one: `-n "$UNSET"` must not mean the active environment
        refuse_name(name)
        for folder in settings.envs_dirs:
            if exists(folder / name):
                return Target(folder / name, f"--name {name}")
        raise EnvironmentNotFound(name, settings.envs_dirs, _names(settings.envs_dirs, exists))
    active = environ.get("CONDA_PREFIX", "")
    if active:
        return Target(Path(active), "the active environment")
    return Target(settings.root_prefix, "base, because no environment is active")


def new_prefix(
    name: str | None,
    path: str | None,
    environ: Mapping[str, str],
    settings: Settings,
    cwd: Path,
    exists: Callable[[Path], bool] = is_environment,
) -> Target:
    """Return where a new environment goes: ``-p``, or ``-n`` in the first writable folder.

    Raises:
        UnusablePrefix: that name or place would make an environment that does not work.
    """
    if path is not None:
        target = Target(_absolute(path, cwd, home_folder(environ)), "--prefix")
    elif name is not None:
        refuse_name(name)
        if name in BASE_NAMES:
            reason = f"{name} means the base environment, {settings.root_prefix}."
            raise UnusablePrefix(name, reason, "choose another name.")
        target = Target(_folder_for(name, settings, exists) / name, f"--name {name}")
    else:
        raise UnusablePrefix("Nothing", "neither a name nor a path is given.", "add `-n NAME`.")
    refuse_place(target.prefix, exists)
    return target


def refuse_name(name: str) -> None:
    """Return if ``name`` can be the name of an environment.

    Raises:
        UnusablePrefix: it cannot.
    """
    wrong = sorted({each for each in name if each in _NOT_IN_NAMES or each.isspace()})
    if wrong:
        shown = " ".join("blank" if each.isspace() else each for each in wrong)
        reason = f"a name must not contain any of / \\ : # or blanks (found: {shown})."
        raise UnusablePrefix(f"`{name}`", reason, "choose another name, or `-p PATH` for a path.")
    if name in ("", ".", ".."):
        raise UnusablePrefix(f"`{name}`", "that is no name.", "give a name after `-n`.")


def refuse_place(prefix: Path, exists: Callable[[Path], bool] = is_environment) -> None:
    """Return if an environment at ``prefix`` would work.

    Raises:
        UnusablePrefix: it would not.
    """
    place = str(prefix)
    if prefix == prefix.parent:
        reason = "it is where the file system begins: an environment would mix with the system."
        raise UnusablePrefix(place, reason, "choose a folder of its own.")
    if ":" in place[2:] or (":" in place and prefix.drive == ""):
        reason = "`:` parts the entries of PATH, so its programs could never be found."
        raise UnusablePrefix(place, reason, "choose a path without `:`.")
    if any(ord(each) < 32 for each in place):
        reason = "it has a character that ends a line or cannot be shown."
        raise UnusablePrefix(repr(place), reason, "choose a path of letters that can be seen.")
    if exists(prefix.parent):
        reason = f"{prefix.parent} is an environment itself, and would own its files."
        raise UnusablePrefix(place, reason, f"choose {prefix.parent / 'envs' / prefix.name}.")


def _folder_for(name: str, settings: Settings, exists: Callable[[Path], bool]) -> Path:
    for folder in settings.envs_dirs:
        if exists(folder / name):  # it exists already: the caller decides what that means
            return folder
    for folder in settings.envs_dirs:
        if is_writable(folder):
            return folder
    places = ", ".join(map(str, settings.envs_dirs))
    reason = f"none of the folders for environments can be written: {places}."
    raise UnusablePrefix(name, reason, "set `envs_dirs` to a folder of yours, or use `-p PATH`.")


def _names(folders: tuple[Path, ...], exists: Callable[[Path], bool]) -> tuple[str, ...]:
    found = (item for folder in folders if folder.is_dir() for item in sorted(folder.iterdir()))
    return tuple(item.name for item in found if exists(item))


def _absolute(path: str, cwd: Path, home: Path) -> Path:
    """Return ``path`` from ``cwd`` on, without ``..``; links stay as they are written.

    Raises:
        UnusablePrefix: ``path`` is empty.
    """
    if not path.strip():
        raise UnusablePrefix("An empty path", "it names no folder.", "give a path after `-p`.")
    if path == "~" or path.startswith("~/"):
        path = f"{home}{path[1:]}"
    normal = os.path.normpath(cwd / path)
    # POSIX lets two slashes at the beginning mean something else; nothing here does.
    return Path(normal[1:] if normal.startswith("//") else normal)
