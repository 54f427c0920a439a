"""What must hold of an environment before anything is planned for it. Layer: engine."""

from pathlib import Path
from typing import ClassVar, Final

from xconda_core.engine.protection import refuse_protected
from xconda_core.engine.requests import ChangeRequest
from xconda_core.environment.places import NotAnEnvironment
from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState

# What a creation leaves that was killed in its first or last moments: empty, and no environment.
_LEFT_OVER: Final = frozenset({"conda-meta", "conda-meta/.xconda", "conda-meta/conda-meta.lock"})


class EnvironmentExists(XcondaError):
    """``create`` names an environment that is there already."""

    code: ClassVar[str] = "environment-exists"

    def __init__(self, prefix: Path) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = f"{prefix} was not created: it is an environment already."
        self.why = "creating it again would remove what is in it."
        self.fix = (
            "choose another name; `--yes` replaces it, "
            f"`xconda install -p {prefix} ...` adds to it."
        )


class FolderNotEmpty(XcondaError):
    """``create`` names a folder that holds other things, or a file."""

    code: ClassVar[str] = "folder-not-empty"

    def __init__(self, prefix: Path) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = f"No environment was created at {prefix}."
        if not prefix.is_dir():
            self.why = "a file of that name is there."
            self.fix = "choose another path, or move the file away."
            return
        self.why = "the folder is there, is not an environment, and is not empty."
        self.fix = "choose another path; `--yes` makes it there, beside what is in it."


class NothingAsked(XcondaError):
    """A command that needs package names got none."""

    code: ClassVar[str] = "nothing-asked"
    exit_code: ClassVar[int] = 2

    def __init__(self, verb: str) -> None:
        super().__init__(verb)
        self.verb = verb
        self.what = f"{verb} needs at least one package."
        self.why = "none was named."
        self.fix = f"for example `xconda {verb} numpy`."
        if verb == "update":
            self.fix = "for example `xconda update numpy`, or `xconda update --all`."


def refuse_unfit_target(
    request: ChangeRequest, state: EnvironmentState, base: Path, *, protect_frozen: bool = True
) -> None:
    """Return if ``request`` makes sense for ``state``; ``protect_frozen`` keeps a frozen one.

    Raises:
        EnvironmentExists, FolderNotEmpty: something is there, and ``request`` may not replace it.
        NotAnEnvironment: any other verb needs one; ``base`` is one before it holds anything.
        EnvironmentFrozen, ManagedElsewhere, NewerFormat: it must not be changed.
        NothingAsked: the verb needs package names.
    """
    prefix = Path(request.prefix)
    is_there = state.exists or bool(state.installed)
    if request.verb == "create":
        if is_there and not request.may_replace:
            raise EnvironmentExists(prefix)
        if is_there:
            refuse_protected(prefix, state, protect_frozen=protect_frozen)
            return
        may_join = request.may_replace and prefix.is_dir()
        if not may_join and holds_something(prefix):
            raise FolderNotEmpty(prefix)
        return
    if not is_there and prefix != base:
        raise NotAnEnvironment(prefix)
    refuse_protected(prefix, state, protect_frozen=protect_frozen)
    wishes = (request.specs, request.update_all, request.records, request.pip, request.exact)
    asks = any(wishes) or bool(request.variables or request.sections)
    if request.verb not in {"undo", "redo"} and not asks:
        raise NothingAsked(request.verb)


def holds_something(prefix: Path) -> bool:
    """Whether anything is at ``prefix`` besides what a creation leaves that was killed."""
    if prefix.is_symlink() or not prefix.is_dir():
        return prefix.is_symlink() or prefix.exists()
    return any(str(path.relative_to(prefix)) not in _LEFT_OVER for path in prefix.rglob("*"))
