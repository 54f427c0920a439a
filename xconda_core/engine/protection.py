"""What must not be changed: environments that say so, and packages that others stand on.

Layer: engine. See docs/decisions/0135-what-xconda-does-not-touch.md and docs/formats.md.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.environment.newer_formats import NewerFile, newer_file
from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.transaction.plan import Plan

_FROZEN: Final = "conda-meta/frozen"
# Who writes which file into the environments that it keeps as its own configuration says.
_MANAGERS: Final[Mapping[str, str]] = {"conda-meta/pixi": "pixi"}
_OWN: Final[Mapping[str, str]] = {
    "python": "xconda itself runs in that Python",
    "xconda": "it is xconda itself",
}
_OWNERS: Final = ("conda", "mamba")


class EnvironmentFrozen(XcondaError):
    """The environment says that it must not be changed (CEP 22)."""

    code: ClassVar[str] = "environment-frozen"

    def __init__(self, prefix: Path, message: str = "") -> None:
        super().__init__(prefix, message)
        self.prefix, self.message = prefix, message
        self.what = f"{prefix} was not changed: it is frozen."
        self.why = message or f"{prefix / _FROZEN} forbids changes."
        self.fix = (
            "make an environment of your own with `xconda create`; "
            "`--override-frozen` changes it all the same, at your own risk."
        )


class ManagedElsewhere(XcondaError):
    """Another tool keeps the environment as its own configuration says."""

    code: ClassVar[str] = "managed-elsewhere"

    def __init__(self, prefix: Path, manager: str, place: str) -> None:
        super().__init__(prefix, manager, place)
        self.prefix, self.manager, self.place = prefix, manager, place
        self.what = f"{prefix} was not changed: it is {manager}'s."
        configured = f" as {place} says" if place else ""
        self.why = f"{manager} keeps it{configured}, and would take the change back."
        self.fix = (
            f"add it with {manager}; `--override-frozen` changes it all the same, until then."
        )


class NewerFormat(XcondaError):
    """A newer tool wrote something in the environment that this xconda does not understand."""

    code: ClassVar[str] = "newer-format"

    def __init__(self, prefix: Path, found: NewerFile) -> None:
        super().__init__(prefix, found)
        self.prefix, self.found = prefix, found
        self.what = f"{prefix} was not changed: a newer tool has worked on it."
        self.why = (
            f"{prefix / found.path} is of format {found.version}; this xconda knows {found.known}."
        )
        self.fix = "update xconda; it can be looked at, and its programs used, with this one."


class ProtectedPackage(XcondaError):
    """A package is to go on which the tool stands that removes it."""

    code: ClassVar[str] = "protected-package"

    def __init__(self, prefix: Path, name: str, reason: str) -> None:
        super().__init__(prefix, name, reason)
        self.prefix, self.name, self.reason = prefix, name, reason
        self.what = f"Nothing was changed: {name} would be removed from {prefix}."
        self.why = f"{reason}."
        self.fix = "remove other packages, or add `--force` if you mean it."


def refuse_protected(prefix: Path, state: EnvironmentState, *, protect_frozen: bool = True) -> None:
    """Return if the environment may be changed; ``protect_frozen`` is False where a user insists.

    Raises:
        EnvironmentFrozen: it says that it must not be changed.
        ManagedElsewhere: another tool keeps it.
        NewerFormat: a newer tool wrote it; nobody can insist on that.
    """
    newer = newer_file(prefix, state.revision)
    if newer is not None:
        raise NewerFormat(prefix, newer)
    if not protect_frozen:
        return
    if state.is_frozen:
        raise EnvironmentFrozen(prefix, str(_document(prefix / _FROZEN).get("message") or ""))
    for path, manager in _MANAGERS.items():
        if (prefix / path).exists():
            place = _document(prefix / path).get("manifest_path")
            raise ManagedElsewhere(prefix, manager, str(place or ""))


def refuse_lost_foundation(plan: Plan, root_prefix: Path, own_prefix: Path) -> None:
    """Return if ``plan`` takes no package away that xconda, or the base environment, stands on.

    Args:
        plan: What would be done.
        root_prefix: The base environment.
        own_prefix: Where xconda's own Python is.

    Raises:
        ProtectedPackage: it does.
    """
    prefix = Path(plan.prefix)
    gone = [step.name for step in plan.operations if step.new is None]
    for name in gone:
        if name in _OWN and is_same_folder(prefix, own_prefix):
            raise ProtectedPackage(prefix, name, _OWN[name])
        if name in _OWNERS and is_same_folder(prefix, root_prefix):
            reason = f"it is the base environment, whose other environments {name} serves"
            raise ProtectedPackage(prefix, name, reason)


def is_same_folder(one: Path, other: Path) -> bool:
    """Whether two paths mean one folder that is there, links followed."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _document(path: Path) -> dict[str, object]:
    import json

    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
