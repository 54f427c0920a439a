"""One package name as the search sees it: which candidates a spec means, what each one needs.

Layer: solver. Pure. Versions are evaluated once per distinct literal; a constraint on the version
is then two or three bisections, and the answer is kept.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from operator import or_
from typing import Final, Literal

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.text_pattern import TextPattern
from xconda_core.models.version import Version
from xconda_core.repodata.index import Candidates, Traits
from xconda_core.values import NamedTuple


class Row(NamedTuple):
    """A dependency or constraint, and the candidates that carry it."""

    kind: Literal["depends", "constrains"]
    spec: str
    candidates: int


class PackageTable:
    """The candidates of one name, as masks.

    Attributes:
        name: The package name.
        count: How many candidates there are.
        absent: The bit that stands for "not in the environment".
        present: All candidates.
        preferred: The bit of the candidate to stay with (what is installed), or 0.
        row_count: How many dependencies and constraints there are, those of a text being one.
    """

    def __init__(
        self,
        candidates: Candidates,
        *,
        installed: int | None = None,
        keeps_installed: bool = False,
        is_virtual: bool = False,
    ) -> None:
        """Take candidates, and which of them is installed.

        Args:
            candidates: Best first.
            installed: Position of the installed one.
            keeps_installed: The installed one comes before better ones.
            is_virtual: A fact of the machine, not a package.
        """
        self.name: Final = candidates.name
        self._runs: Final = candidates.version_runs
        self.count: Final = self._runs.count
        self.absent: Final = 1 << self.count
        self.present: Final = self.absent - 1
        self.installed: Final = 0 if installed is None else 1 << installed
        self.preferred: Final = self.installed if keeps_installed else 0
        self.is_virtual: Final = is_virtual
        self._candidates = candidates
        # In the order of their texts: the order in which a channel lists them means nothing.
        self._needs, self._limits = candidates.depends, candidates.constrains
        self._needs_count = len(self._needs)
        self.row_count: Final = self._needs_count + len(self._limits)
        self._rows: dict[int, Row] = {}
        self._rows_of: dict[int, tuple[int, ...]] = {}
        self._differing: dict[int, tuple[Row, ...]] = {}
        self._ranks: dict[int, int] = {}
        self._traits: dict[int, Traits] = {}
        self._masks: dict[MatchSpec, int] = {}
        self._said: dict[str, int] = {}
        self._keys: list[str] | None = None
        self._ends: list[int] = []
        self._from_key: list[int] = []
        self._keyed: dict[str, Version] = {}  # by literal; those that can be read

    def is_of(self, candidates: Candidates) -> bool:
        """Whether this is the table of just these candidates, none of which is installed."""
        return self._candidates is candidates and not self.installed

    def record(self, position: int) -> PackageRecord:
        """Return the whole record of one candidate."""
        return self._candidates.record(position)

    def version(self, position: int) -> str:
        """Return the version literal of one candidate."""
        return self._runs.literals[self._runs.at(position)]

    def build(self, position: int) -> str:
        """Return the build string of one candidate."""
        return self._candidates.builds[position]

    def builds_of(self, mask: int) -> list[str]:
        """Return the distinct builds of some candidates, best first."""
        return list(
            dict.fromkeys(self._candidates.builds[position] for position in positions(mask))
        )

    def row(self, index: int) -> Row:
        """Return one dependency or constraint; dependencies come first."""
        found = self._rows.get(index)
        if found is None:
            if index < self._needs_count:
                found = Row._make(("depends", self._needs.texts[index], self._needs.mask(index)))
            else:
                at = index - self._needs_count
                found = Row._make(("constrains", self._limits.texts[at], self._limits.mask(at)))
            self._rows[index] = found
        return found

    def rows(self) -> Iterator[Row]:
        """Return every dependency and constraint of every candidate."""
        return map(self.row, range(self.row_count))

    def rows_of(self, position: int) -> tuple[int, ...]:
        """Return the indexes of the rows that one candidate carries."""
        found = self._rows_of.get(position)
        if found is None:
            limits = [self._needs_count + at for at in self._limits.carried_by(position)]
            found = self._rows_of[position] = (*self._needs.carried_by(position), *limits)
        return found

    def differing_needs(self, rivals: int) -> tuple[Row, ...]:
        """Return the dependencies that some of ``rivals`` have and some have not."""
        found = self._differing.get(rivals)
        if found is None:
            carried = [{*self._needs.carried_by(position)} for position in positions(rivals)]
            some = carried[0].union(*carried) - carried[0].intersection(*carried)
            found = self._differing[rivals] = tuple(map(self.row, sorted(some)))
        return found

    def traits(self, position: int) -> Traits:
        """Return what of one candidate counts beside others of its version and build number."""
        found = self._traits.get(position)
        if found is None:
            found = self._traits[position] = self._candidates.traits(position)
        return found

    def versions_of(self, mask: int) -> list[Version]:
        """Return the distinct versions of some candidates, ascending."""
        distinct = {text: key for key, text, those in self._runs.masks() if key and those & mask}
        return sorted({Version(key, text) for text, key in distinct.items()})

    def newest_rank(self, mask: int) -> int:
        """Return a number that orders the newest version among some candidates; -1 for none."""
        keys = self._ordered_keys()
        if not mask:
            return -1
        if not self._from_key:
            return len(keys) - 1 - self._runs.at((mask & -mask).bit_length() - 1)
        # The masks of "this version or newer" shrink as versions grow, so bisection finds the last.
        return bisect_left(self._from_key, 1, key=lambda newer: not newer & mask) - 1

    def same_rank(self, position: int) -> int:
        """Return the candidates beside this one of the same version and build number."""
        found = self._ranks.get(position)
        if found is None:
            found = self._ranks[position] = self._same_rank(position)
        return found

    def _same_rank(self, position: int) -> int:
        numbers = self._candidates.build_numbers
        start, end = self._runs.bounds(self._runs.at(position))
        first = last = position
        while first > start and numbers[first - 1] == numbers[position]:
            first -= 1
        while last < end - 1 and numbers[last + 1] == numbers[position]:
            last += 1
        return (1 << last + 1) - (1 << first)

    def matching(self, spec: MatchSpec) -> int:
        """Return the mask of the candidates that ``spec`` means."""
        mask = self._masks.get(spec)
        if mask is None:
            mask = self._masks[spec] = self._evaluate(spec)
        return mask

    def said(self, text: str, spec: MatchSpec) -> int:
        """Return the same of what a package's metadata spells ``text``: found without hashing."""
        mask = self._said.get(text)
        if mask is None:
            mask = self._said[text] = self._evaluate(spec)
        return mask

    def _evaluate(self, spec: MatchSpec) -> int:
        mask = self.matching_version(spec)
        asks_more = spec.build_number is not None or spec.needs_record
        if not mask or not (asks_more or spec.build):
            return mask
        if spec.build and not asks_more:
            return self._matching_build(mask, spec.build)
        keyed = self._read_versions()
        found = 0
        for position in positions(mask):
            version = keyed.get(self.version(position))
            matches = version is not None and spec.matches_parts(
                self.name,
                version,
                self._candidates.builds[position],
                self._candidates.build_numbers[position],
            )
            if matches is None:
                matches = spec.matches(self.record(position))
            if matches:
                found |= 1 << position
        return found

    def _matching_build(self, mask: int, wanted: TextPattern) -> int:
        """Return those in ``mask`` whose build is wanted and whose version can be read."""
        self._ordered_keys()
        builds = self._candidates.builds
        places = [*positions(mask & self._newer(0))]
        return sum(1 << places[at] for at in wanted.chosen([builds[place] for place in places]))

    def matching_version(self, spec: MatchSpec) -> int:
        """Return the mask of the candidates whose version ``spec`` allows."""
        wanted = spec.version
        if wanted is None or wanted.is_any:
            return self.present
        mask = 0
        if wanted.pattern is None:
            keys = self._ordered_keys()
            for key in wanted.switches:
                mask ^= self._newer(bisect_left(keys, key))
            return mask
        for key, text, those in self._runs.masks():
            if key and wanted.matches(Version(key, text)):
                mask |= those
        return mask

    def _read_versions(self) -> dict[str, Version]:
        if not self._keyed:
            pairs = zip(self._runs.keys, self._runs.literals, strict=True)
            self._keyed = {text: Version(key, text) for key, text in pairs if key}
        return self._keyed

    def _ordered_keys(self) -> list[str]:
        """Return the keys of the distinct versions, ascending."""
        keys = self._keys
        if keys is None:
            if self._runs.descend:  # those of a version or a newer one are the first candidates
                keys = [*self._runs.keys][::-1]
                self._ends = [*self._runs.starts, self.count][::-1]
            else:
                keys = self._joined_versions()
            self._keys = keys  # last: another thread may be here as well
        return keys

    def _newer(self, index: int) -> int:
        """Return the candidates of the distinct version ``index`` or a newer one."""
        return self._from_key[index] if self._from_key else (1 << self._ends[index]) - 1

    def _joined_versions(self) -> list[str]:
        """Put together what is of one version, where it is written in two ways or two places."""
        by_key: dict[str, int] = {}
        for key, _, mask in self._runs.masks():
            by_key[key] = by_key.get(key, 0) | mask
        by_key.pop("", None)  # of what is no version
        keys = sorted(by_key)
        masks = [by_key[key] for key in reversed(keys)]
        self._from_key = [*accumulate(masks, or_, initial=0)][::-1]
        return keys


def positions(mask: int) -> Iterator[int]:
    """Return the positions of the set bits of ``mask``, ascending (best first)."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit
