"""What questions about environments are answered with. Layer: engine (values only)."""

from pathlib import Path, PurePath

from xconda_core.environment.distribution import Distribution, DistributionChange
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder(Slotted):
    """What says that a package must not be of its newest version.

    Attributes:
        kind: ``depends`` or ``constrains`` of an installed package, ``request`` (asked for
            earlier), or ``pin``.
        name: The installed package that says so; for a request or pin the package held.
        version: Version of the installed package; empty for a request or pin.
        wants: What it says, in its author's words.
    """

    kind: str
    name: str
    version: str
    wants: str

    def to_json(self) -> dict[str, Json]:
        """Return the holder."""
        return {"kind": self.kind, "name": self.name, "version": self.version, "wants": self.wants}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLimit(Slotted):
    """How far a package could move, and what is in the way.

    Attributes:
        installed: Version that is there.
        newest: Newest version that the channels have; empty where they have no such package.
        reachable: Newest version that goes with everything that was asked for; a solve found it.
        moves: What else that would change, as ``name old -> new``.
        holders: What, of what is installed, asked for and pinned, does not allow the newest.
        proof: Why the newest cannot be, found by a solve, in lines; none where it can.
    """

    installed: str
    newest: str
    reachable: str = ""
    moves: tuple[str, ...] = ()
    holders: tuple[Holder, ...] = ()
    proof: tuple[str, ...] = ()

    @property
    def is_newest(self) -> bool:
        """Whether the channels have nothing newer."""
        return not self.newest or not _is_newer(self.newest, self.installed)

    @property
    def is_held(self) -> bool:
        """Whether something keeps it from the newest version."""
        return bool(self.proof)

    def to_json(self) -> dict[str, Json]:
        """Return the limit as ``--json`` has it."""
        return {
            "installed": self.installed,
            "newest": self.newest or None,
            "is_newest": self.is_newest,
            "reachable": self.reachable or None,
            "moves": list(self.moves),
            "holders": [holder.to_json() for holder in self.holders],
            "is_held": self.is_held,
            "proof": list(self.proof),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Slotted):
    """One package of a chain.

    Attributes:
        name: Package name.
        version: Its installed version.
        wants: The dependency by which the package before it needs it; for the first, the spec by
            which the user asked for it, empty where nobody remembers.
    """

    name: str
    version: str
    wants: str

    def to_json(self) -> dict[str, Json]:
        """Return the link."""
        return {"name": self.name, "version": self.version, "wants": self.wants}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why(Slotted):
    """Why one package is in an environment.

    Attributes:
        prefix: The environment.
        record: The package.
        requested: The spec by which the user asked for it; empty where nobody did.
        has_history: Whether it is known what the user asked for. Where not, chains begin at the
            packages that nobody needs.
        chains: The shortest ways to it from everything else that was asked for, shortest first.
        is_all: Whether there are no more of them.
        needed_by: Every installed package that needs it, and in which words.
        came_with: The package that it came along with although that does not need it.
        limit: Why it is not of a newer version; None where that was not asked.
        limit_failure: Why that could not be found out.
    """

    prefix: Path
    record: PackageRecord
    requested: str = ""
    has_history: bool = True
    chains: tuple[tuple[Link, ...], ...] = ()
    is_all: bool = True
    needed_by: tuple[Link, ...] = ()
    came_with: str = ""
    limit: VersionLimit | None = None
    limit_failure: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether anything that the user asked for needs it, or the user asked for it."""
        return bool(self.requested or self.chains or self.came_with or not self.has_history)

    def to_json(self) -> dict[str, Json]:
        """Return the answer as ``--json`` has it."""
        return {
            "prefix": str(self.prefix),
            "name": self.record.name,
            "version": self.record.version,
            "build": self.record.build,
            "channel": self.record.channel_name,
            "requested": self.requested or None,
            "is_needed": self.is_needed,
            "has_history": self.has_history,
            "chains": [[link.to_json() for link in chain] for chain in self.chains],
            "is_all": self.is_all,
            "needed_by": [link.to_json() for link in self.needed_by],
            "came_with": self.came_with or None,
            "version_limit": self.limit.to_json() if self.limit else None,
            "version_limit_failure": self.limit_failure or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry(Slotted):
    """One line of a tree.

    Attributes:
        depth: How far from the top; tops are 0.
        name: Package name.
        version: Its version; empty where it is not there.
        wants: The dependency that leads here; for a top, the spec by which the user asked for it.
        is_requested: The user asked for it.
        is_repeated: What hangs on it stands further up already.
        is_cut: More would hang on it, but the tree is not to be deeper.
        is_missing: An installed package needs it, and it is not there.
    """

    depth: int
    name: str
    version: str = ""
    wants: str = ""
    is_requested: bool = False
    is_repeated: bool = False
    is_cut: bool = False
    is_missing: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return the line, without what hangs on it."""
        return {
            "name": self.name,
            "version": self.version or None,
            "wants": self.wants or None,
            "requested": self.is_requested,
            "repeated": self.is_repeated,
            "cut": self.is_cut,
            "missing": self.is_missing,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTree(Slotted):
    """A tree of packages, in the order in which its lines are read.

    Attributes:
        title: What it is about: a prefix, or what was asked of the channels.
        entries: Its lines.
        is_inverted: What hangs on a package is what needs it.
    """

    title: str
    entries: tuple[TreeEntry, ...]
    is_inverted: bool = False

    def lines(self) -> list[Json]:
        """Return its lines as documents, with ``depth``, in the order in which they are read."""
        return [{"depth": entry.depth, **entry.to_json()} for entry in self.entries]

    def to_json(self) -> dict[str, Json]:
        """Return the tree, nested: each entry has ``packages``."""
        tops: list[Json] = []
        levels: list[list[Json]] = [tops]
        for entry in self.entries:
            inside: list[Json] = []
            levels[entry.depth + 1 :] = [inside]
            levels[entry.depth].append({**entry.to_json(), "packages": inside})
        return {"title": self.title, "inverted": self.is_inverted, "packages": tops}


def _is_newer(one: str, other: str) -> bool:
    try:
        return Version.parse(one) > Version.parse(other)
    except InvalidVersion:
        return False


@dataclass(frozen=True, slots=True)
class RequestChange(Slotted):
    """How the request for one package differs; None where there is none."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionDifference(Slotted):
    """What lies between two states of an environment.

    Attributes:
        prefix: Its path.
        old: Number of the revision that is compared.
        new: Number of the revision that it is compared with; None: what is there now.
        packages: What became of packages, in name order.
        requests: What became of requests, in name order.
    """

    prefix: PurePath
    old: int
    new: int | None
    packages: tuple[DistributionChange, ...]
    requests: tuple[RequestChange, ...]

    def __bool__(self) -> bool:
        return bool(self.packages or self.requests)

    def to_json(self) -> dict[str, Json]:
        """Return what ``diff --json`` and a notebook get."""
        return {
            "prefix": str(self.prefix),
            "old": self.old,
            "new": self.new,
            "packages": [_package_document(change) for change in self.packages],
            "requests": [
                {"name": each.name, "old": each.old, "new": each.new} for each in self.requests
            ],
        }


def _package_document(change: DistributionChange) -> Json:
    return {
        "name": change.name,
        "movement": change.movement,
        "old": _document(change.old),
        "new": _document(change.new),
    }


def _document(dist: Distribution | None) -> Json:
    if dist is None:
        return None
    return {"version": dist.version, "build": dist.build, "channel": dist.channel}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated(Slotted):
    """An installed package of which there is a newer version.

    Attributes:
        installed: What is there.
        newest: The best that the channels have.
    """

    installed: PackageRecord
    newest: PackageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(Slotted):
    """A package that brings a file or module, as seen on this machine.

    Attributes:
        name: Package name.
        version: Its version.
        build: Its build string.
        place: The environment that it is installed in, or its folder in the package cache.
        is_installed: The place is an environment.
        paths: What it brings that fits, relative to an environment.
    """

    name: str
    version: str
    build: str
    place: Path
    is_installed: bool
    paths: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the package."""
        return {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "place": str(self.place),
            "installed": self.is_installed,
            "paths": list(self.paths),
        }
