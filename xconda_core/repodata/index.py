"""What exists, by package name, in the order a user would prefer it. Layer: repodata.

The solver sees channels through these two Protocols only, so an index may be a few dataclasses in
a test, parsed JSON, shards, or a memory-mapped file.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from xconda_core.cancel import CancelToken
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.masked_texts import MaskedTexts
from xconda_core.repodata.version_runs import VersionRuns
from xconda_core.values import NamedTuple, Protocol, Slotted, dataclass


class Traits(NamedTuple):
    """What counts between builds that are else the same.

    Attributes:
        channel: Address of the channel.
        tracks_features: Whether there is anything in ``track_features``.
        features: How many (obsolete) features it needs.
    """

    channel: str
    tracks_features: bool
    features: int

    @classmethod
    def of(cls, record: PackageRecord) -> "Traits":
        """Return those of a whole record."""
        return cls(record.channel, bool(record.track_features), len(record.features))


class Candidates(Protocol):
    """All records of one name, best first.

    Position ``i`` in every sequence is the same candidate; masks are ints with bit ``i`` set for
    candidate ``i``. "Best" is: channel of higher priority, no ``track_features``, higher version,
    higher build number, a build for the platform before ``noarch``, later timestamp, and then the
    file name, so that the order is total and never an accident of a hash.
    """

    @property
    def name(self) -> str:
        """The package name."""

    @property
    def versions(self) -> Sequence[str]:
        """Version literal of each candidate."""

    @property
    def version_runs(self) -> VersionRuns:
        """The versions, each with the candidates that have it; in the order of candidates."""

    @property
    def builds(self) -> Sequence[str]:
        """Build string of each candidate."""

    @property
    def build_numbers(self) -> Sequence[int]:
        """Build number of each candidate."""

    @property
    def depends(self) -> MaskedTexts:
        """Each distinct dependency string, in their order, with the mask of its candidates."""

    @property
    def constrains(self) -> MaskedTexts:
        """Each distinct ``constrains`` string, in their order, with the mask of its candidates."""

    def traits(self, position: int) -> Traits:
        """Return what of one candidate counts beside others of its version and build number."""

    def record(self, position: int) -> PackageRecord:
        """Return the whole record of one candidate (decoded when asked for)."""


Saying: TypeAlias = tuple[str, str, str]
"""One dependency of a package, as written; version and build of the best candidate with it."""

Dependent: TypeAlias = tuple[str, tuple[Saying, ...]]
"""A package that depends on another, and what it says of that in different versions, best first.

Plain tuples, as they are kept: thousands of packages depend on some names.
"""

WhyWithheld = Literal["priority", "exclude_newer", "offline"]


@dataclass(frozen=True, slots=True)
class Withheld(Slotted):
    """A package that a channel has and that is no candidate.

    Attributes:
        channel: The channel, as the user would say it.
        version: Version literal; empty where it is not known.
        build: Build string; empty where it is not known.
        why: ``priority``: a channel that comes first has the name too; ``exclude_newer``: it was
            published too late; ``offline``: the name is listed, and what is said of it is not here.
        behind: That channel, as the user would say it.
    """

    channel: str
    version: str
    build: str
    why: WhyWithheld
    behind: str = ""


class Index(Protocol):
    """Everything that the configured channels offer for one platform and ``noarch``."""

    def candidates(self, name: str) -> Candidates | None:
        """Return the candidates of ``name``, or None where no channel has it."""

    def names(self) -> Iterable[str]:
        """Return every package name that the index knows, for search and for near misses."""

    def withheld(self, name: str) -> Sequence[Withheld]:
        """Return what channels have of ``name`` beside its candidates; asked where these fail."""

    @property
    def channels(self) -> Sequence[str]:
        """Names of the channels searched, as the user would say them, highest priority first."""


class TurnableIndex(Index, Protocol):
    """An ``Index`` that can be read the other way round."""

    def dependents(self, name: str, cancel: CancelToken) -> Sequence[Dependent]:
        """Return every package of which a candidate depends on ``name``, in order of names.

        This reads all there is, where nothing of it is kept.
        """
