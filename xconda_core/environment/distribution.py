"""Distributions as the history names them, and how two sets of them differ.

Layer: environment. Pure. Source: conda's ``history``, which writes
``channel/subdir::name-version-build``.
"""

from collections.abc import Iterable, Mapping

from xconda_core.models.version import InvalidVersion, Version
from xconda_core.transaction.plan import Movement
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Distribution(Slotted):
    """One distribution.

    Attributes:
        text: As the history writes it; whatever some tool once wrote is taken.
    """

    text: str

    @property
    def name(self) -> str:
        """Package name."""
        return self._parts[0]

    @property
    def version(self) -> str:
        """Version literal, empty where the text has none."""
        return self._parts[1]

    @property
    def build(self) -> str:
        """Build string, empty where the text has none."""
        return self._parts[2]

    @property
    def channel(self) -> str:
        """``channel/subdir``, empty where the text has none."""
        return self.text.rpartition("::")[0]

    @property
    def dist_name(self) -> str:
        """``name-version-build``: what all tools spell in the same way."""
        return self.text.rpartition("::")[2]

    @property
    def conda_text(self) -> str:
        """``name-version-build-channel/subdir``, as conda's own list of revisions says it."""
        return f"{self.dist_name}-{self.channel}" if self.channel else self.dist_name

    @property
    def _parts(self) -> tuple[str, str, str]:
        pieces = self.dist_name.rsplit("-", 2)
        if len(pieces) == 3:
            return pieces[0], pieces[1], pieces[2]
        return self.dist_name.partition("-")[0], "", ""


@dataclass(frozen=True, slots=True)
class DistributionChange(Slotted):
    """What became of one package; ``old`` or ``new`` is None where it came or went."""

    name: str
    old: Distribution | None
    new: Distribution | None

    @property
    def movement(self) -> Movement:
        """Which way it went."""
        if self.old is None:
            return "install"
        if self.new is None:
            return "remove"
        if self.old.version == self.new.version:
            return "rebuild"
        try:
            older = Version.parse(self.new.version) < Version.parse(self.old.version)
        except InvalidVersion:  # a history holds whatever some tool once wrote
            return "upgrade"
        return "downgrade" if older else "upgrade"


def changes_between(old: Iterable[str], new: Iterable[str]) -> tuple[DistributionChange, ...]:
    """Return what turns the distributions ``old`` into ``new``, in name order.

    Tools spell channels in their own ways, so ``name-version-build`` is what is compared.
    """
    before, after = _by_name(old), _by_name(new)
    changes = (
        DistributionChange(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
    )
    return tuple(change for change in changes if _differs(change))


def _differs(change: DistributionChange) -> bool:
    if change.old is None or change.new is None:
        return True
    return change.old.dist_name != change.new.dist_name


def _by_name(texts: Iterable[str]) -> Mapping[str, Distribution]:
    return {each.name: each for each in map(Distribution, texts)}
