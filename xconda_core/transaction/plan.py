"""What would change in a prefix, as a value that can be shown, confirmed and carried out.

Layer: transaction. Pure.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Final, Literal

from xconda_core.config.redaction import redacted
from xconda_core.errors import Json, as_json
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord, same_archive
from xconda_core.models.package_trust import Trust
from xconda_core.models.pip_section import InstallerSection, PipSection
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.python_package import KeptPython, PythonPackage
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.regex import regex
from xconda_core.solver.newness import Newness
from xconda_core.values import Slotted, dataclass, field

_NAME_END: Final = regex(r"[\s=<>!~\[]")
Onto = Literal["", "environment", "folder"]
OperationKind = Literal["install", "remove", "change", "reinstall"]
Movement = Literal["install", "upgrade", "downgrade", "rebuild", "reinstall", "remove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Slotted):
    """One step for package ``name``: only ``new`` installs, only ``old`` removes, both change.

    Attributes:
        name: Package name.
        old: What is installed now.
        new: What will be installed; equal to ``old``'s record for a reinstallation.
        requested_spec: MatchSpec text by which the user asked for it, empty for a dependency.
        needed_by: Names of the packages of the new state that need it, in name order.
    """

    name: str
    old: PrefixRecord | None
    new: PackageRecord | None
    requested_spec: str = ""
    needed_by: tuple[str, ...] = ()

    @property
    def kind(self) -> OperationKind:
        """Which of the four operations this is."""
        if self.old is None:
            return "install"
        if self.new is None:
            return "remove"
        return "reinstall" if same_archive(self.old.record, self.new) else "change"

    @property
    def movement(self) -> Movement:
        """What this operation means to a person: a change says which way the version goes."""
        if self.old is None:
            return "install"
        if self.new is None:
            return "remove"
        if self.kind == "reinstall":
            return "reinstall"
        try:
            old, new = Version.parse(self.old.record.version), Version.parse(self.new.version)
        except InvalidVersion:  # what is installed may be older than the rules for versions
            return "upgrade"
        return "rebuild" if new == old else "downgrade" if new < old else "upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry(Slotted):
    """What the revision made by a plan will say in ``conda-meta/history``.

    Attributes:
        command: The command line that the user gave.
        update_specs: MatchSpec texts asked for.
        remove_specs: MatchSpec texts asked to go.
        neutered_specs: Earlier specs that no longer hold.
        reverts_to: For an undo: the revision whose state it brings back.
    """

    command: str
    update_specs: tuple[str, ...] = ()
    remove_specs: tuple[str, ...] = ()
    neutered_specs: tuple[str, ...] = ()
    reverts_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Slotted):
    """A decision about one prefix.

    Attributes:
        prefix: Absolute path of the environment.
        why_prefix: In a few words, why this environment is meant (``--prefix``, ``active`` ...).
        operations: In name order; empty when nothing is to be done.
        unchanged: Names of packages that stay as they are.
        creates: The environment is to be made.
        history: What will be written down.
        fingerprint: Of the ``EnvironmentState`` that the plan was made for.
        fetch: Names of the packages whose archives are still to be downloaded.
        download_bytes: Size of those archives; unknown sizes count 0.
        disk_bytes: Size of the archives to be linked; a lower bound of the space needed.
        python_removed: Python projects, not of conda, that make room or are to go.
        python_restored: Such projects that come back from where an earlier change kept them.
        newness: Of what was named, whether it could be newer; empty where nobody asked.
        trust: Whether all that it brings is signed; None where nobody wanted to know.
        variables: Environment variables to be set on activation from now on.
        pip: What pip installs when everything else is in place; None: nothing.
        sections: What plugins install after that.
        clone_of: The environment whose files that no package owns are copied; None: of none.
        onto: What stands where the environment is to be made: another environment, which it
            replaces, or a folder with other files; empty: nothing.
        dropped: Files that go with an environment that is replaced: its pins, its variables, its
            own configuration.
        removes: The environment that goes, with every file in it; None: none does.
        foreign: What no package owns, relative to the prefix: of an environment that goes, which
            goes as well; of what stands where one is to be made, which stays.
    """

    prefix: PurePath
    why_prefix: str = ""
    operations: tuple[Operation, ...]
    unchanged: tuple[str, ...]
    creates: bool = False
    history: HistoryEntry
    fingerprint: str
    fetch: tuple[str, ...] = ()
    download_bytes: int = 0
    disk_bytes: int = 0
    python_removed: tuple[PythonPackage, ...] = ()
    python_restored: tuple[KeptPython, ...] = ()
    newness: tuple[Newness, ...] = ()
    trust: Trust | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    pip: PipSection | None = None
    sections: tuple[InstallerSection, ...] = ()
    clone_of: PurePath | None = None
    onto: Onto = ""
    dropped: tuple[str, ...] = ()
    removes: PurePath | None = None
    foreign: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to link, to unlink, to take away, or to be asked."""
        packages = self.operations or self.python_removed or self.python_restored
        stands = self.onto == "folder" or self.dropped
        return not (packages or stands) and self.removes is None

    @property
    def changes_nothing(self) -> bool:
        """Whether not even the history would change: all is there, and was asked for before."""
        return not (self.needs_transaction or self.pip or self.sections)

    @property
    def needs_transaction(self) -> bool:
        """Whether conda's part of the environment changes: packages, history or variables."""
        entry = self.history
        is_told = bool(entry.update_specs or entry.remove_specs or entry.neutered_specs)
        is_told = is_told or entry.reverts_to is not None  # the place among its states changes
        changes = self.creates or is_told or self.variables or self.dropped
        return bool(changes or self.python_removed or self.python_restored or self.operations)

    def is_within(self, other: "Plan") -> bool:
        """Whether it does nothing that ``other`` does not do as well."""
        return {*_steps(self)} <= {*_steps(other)}

    @property
    def download_count(self) -> int:
        """How many archives are still to be downloaded."""
        return len(self.fetch)

    def to_json(self) -> dict[str, Json]:
        """Return the plan as the jobs store and ``--json`` carry it."""
        return {
            "prefix": str(self.prefix),
            "why_prefix": self.why_prefix,
            "operations": [_operation_to_json(step) for step in self.operations],
            "python_removed": [
                {"name": each.name, "version": each.version} for each in self.python_removed
            ],
            "python_restored": [
                {"name": each.name, "version": each.version} for each in self.python_restored
            ],
            "unchanged": list(self.unchanged),
            "creates": self.creates,
            "command": self.history.command,
            "update_specs": list(self.history.update_specs),
            "remove_specs": list(self.history.remove_specs),
            "fetch": list(self.fetch),
            "download_bytes": self.download_bytes,
            "download_count": self.download_count,
            "disk_bytes": self.disk_bytes,
            "fingerprint": self.fingerprint,
            "newness": as_json(self.newness),
            "trust": as_json(self.trust),
            "variables": [*sorted(self.variables)],  # their values may be secrets
            "pip": [redacted(line) for line in self.pip.lines] if self.pip else [],
            "sections": {e.installer: [*map(redacted, e.lines)] for e in self.sections},
            "clone_of": str(self.clone_of) if self.clone_of else None,
            "onto": self.onto,
            "dropped": list(self.dropped),
            "removes": str(self.removes) if self.removes else None,
            "foreign": list(self.foreign),
        }


def _steps(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Return all that ``plan`` takes away and brings: kind, name and what exactly."""
    for step in plan.operations:
        if step.old:
            yield "remove", step.name, step.old.record.dist_name
        if step.new:
            yield "link", step.name, f"{step.new.channel}/{step.new.subdir}::{step.new.dist_name}"
    if plan.onto:
        yield "make onto", plan.onto, str(plan.prefix)
    for gone in plan.python_removed:
        yield "remove from pip", gone.name, gone.version
    for back in plan.python_restored:
        yield "restore for pip", back.name, back.version


def plan_operations(
    state: EnvironmentState,
    wanted: Mapping[str, PackageRecord],
    requested: Mapping[str, str],
    reinstall: frozenset[str] = frozenset(),
) -> tuple[Operation, ...]:
    """Return the fewest operations that turn ``state`` into ``wanted``, in name order.

    Args:
        state: What is there.
        wanted: Package name to record of the solution.
        requested: Package name to the MatchSpec text that the new records will remember.
        reinstall: Names to link again although nothing changed.
    """
    steps = []
    needed_by = _needed_by(wanted)
    for name in sorted(state.installed.keys() | wanted.keys()):
        old, new = state.installed.get(name), wanted.get(name)
        if old and new and name not in reinstall and same_archive(old.record, new):
            continue
        spec = requested.get(name, "") if new else ""
        by = tuple(needed_by.get(name, ()))
        steps.append(Operation(name=name, old=old, new=new, requested_spec=spec, needed_by=by))
    return tuple(steps)


def _needed_by(records: Mapping[str, PackageRecord]) -> dict[str, dict[str, None]]:
    """Return package name to the names of those that depend on it, in name order."""
    needed_by: dict[str, dict[str, None]] = {}
    for name in sorted(records):
        for text in records[name].depends:
            needed_by.setdefault(_NAME_END.split(text, maxsplit=1)[0], {})[name] = None
    return needed_by


def _operation_to_json(step: Operation) -> dict[str, Json]:
    return {
        "kind": step.kind,
        "movement": step.movement,
        "name": step.name,
        "old": _summary(step.old.record) if step.old else None,
        "new": _summary(step.new) | {"depends": list(step.new.depends)} if step.new else None,
        "requested_spec": step.requested_spec,
        "needed_by": list(step.needed_by),
    }


def _summary(record: PackageRecord) -> dict[str, Json]:
    return {
        "name": record.name,
        "version": record.version,
        "build": record.build,
        "build_number": record.build_number,
        "channel": record.channel_name,
        "channel_url": record.channel,
        "subdir": record.subdir,
        "fn": record.fn,
        "size": record.size,
        "license": record.license,
    }
