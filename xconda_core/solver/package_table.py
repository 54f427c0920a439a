"""One package name as the search sees it: which candidates a spec means, what each one needs.

Layer: solver. Pure. Versions are evaluated once per distinct literal; a constraint on the version
is then two or three bisections, and the answer is kept.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.repodata.index import Candidates, Traits


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
        rows: Every dependency and constraint of every candidate.
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
        runs = candidates.version_runs
        self.count: Final = runs[-1].candidates.bit_length() if runs else 0
        self.absent: Final = 1 << self.count
        self.present: Final = self.absent - 1
        self.installed: Final = 0 if installed is None else 1 << installed
        self.preferred: Final = self.installed if keeps_installed else 0
        self.is_virtual: Final = is_virtual
        self._candidates = candidates
        # In the order of their texts: the order in which a channel lists them means nothing.
        depends = [Row("depends", *row) for row in sorted(candidates.depends)]
        constrains = [Row("constrains", *row) for row in sorted(candidates.constrains)]
        self.rows: Final = tuple(depends + constrains)
        self._rows_of: dict[int, tuple[int, ...]] = {}
        self._differing: dict[int, tuple[Row, ...]] = {}
        self._traits: dict[int, Traits] = {}
        self._masks: dict[MatchSpec, int] = {}
        self._keys: list[str] | None = None
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
        return self._candidates.versions[position]

    def build(self, position: int) -> str:
        """Return the build string of one candidate."""
        return self._candidates.builds[position]

    def builds_of(self, mask: int) -> list[str]:
        """Return the distinct builds of some candidates, best first."""
        return list(
            dict.fromkeys(self._candidates.builds[position] for position in positions(mask))
        )

    def rows_of(self, position: int) -> tuple[int, ...]:
        """Return the indexes of the rows that one candidate carries."""
        found = self._rows_of.get(position)
        if found is None:
            bit = 1 << position
            found = tuple([i for i, row in enumerate(self.rows) if row.candidates & bit])
            self._rows_of[position] = found
        return found

    def differing_needs(self, rivals: int) -> tuple[Row, ...]:
        """Return the dependencies that some of ``rivals`` have and some have not."""
        found = self._differing.get(rivals)
        if found is None:
            found = self._differing[rivals] = tuple(
                [
                    row
                    for row in self.rows
                    if row.kind == "depends" and row.candidates & rivals not in (0, rivals)
                ]
            )
        return found

    def traits(self, position: int) -> Traits:
        """Return what of one candidate counts beside others of its version and build number."""
        found = self._traits.get(position)
        if found is None:
            found = self._traits[position] = self._candidates.traits(position)
        return found

    def versions_of(self, mask: int) -> list[Version]:
        """Return the distinct versions of some candidates, ascending."""
        runs = self._candidates.version_runs
        distinct = {run.text: run.key for run in runs if run.key and run.candidates & mask}
        return sorted({Version(key, text) for text, key in distinct.items()})

    def newest_rank(self, mask: int) -> int:
        """Return a number that orders the newest version among some candidates; -1 for none."""
        self._evaluate_versions()
        # The masks of "this version or newer" shrink as versions grow, so bisection finds the last.
        return bisect_left(self._from_key, 1, key=lambda newer: not newer & mask) - 1

    def same_rank(self, position: int) -> int:
        """Return the candidates beside this one of the same version and build number."""
        versions, numbers = self._candidates.versions, self._candidates.build_numbers
        wanted = versions[position], numbers[position]
        first = last = position
        while first > 0 and (versions[first - 1], numbers[first - 1]) == wanted:
            first -= 1
        while last + 1 < self.count and (versions[last + 1], numbers[last + 1]) == wanted:
            last += 1
        return (1 << last + 1) - (1 << first)

    def matching(self, spec: MatchSpec) -> int:
        """Return the mask of the candidates that ``spec`` means."""
        mask = self._masks.get(spec)
        if mask is None:
            mask = self._masks[spec] = self._evaluate(spec)
        return mask

    def _evaluate(self, spec: MatchSpec) -> int:
        mask = self.matching_version(spec)
        asks_more = spec.build is not None or spec.build_number is not None or spec.needs_record
        if not mask or not asks_more:
            return mask
        keyed = self._read_versions()
        found = 0
        for position in positions(mask):
            version = keyed.get(self._candidates.versions[position])
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

    def matching_version(self, spec: MatchSpec) -> int:
        """Return the mask of the candidates whose version ``spec`` allows."""
        wanted = spec.version
        if wanted is None or wanted.is_any:
            return self.present
        self._evaluate_versions()
        assert self._keys is not None
        mask = 0
        if wanted.pattern is None:
            for key in wanted.switches:
                mask ^= self._from_key[bisect_left(self._keys, key)]
            return mask
        for run in self._candidates.version_runs:
            if run.key and wanted.matches(Version(run.key, run.text)):
                mask |= run.candidates
        return mask

    def _read_versions(self) -> dict[str, Version]:
        if not self._keyed:
            runs = self._candidates.version_runs
            self._keyed = {run.text: Version(run.key, run.text) for run in runs if run.key}
        return self._keyed

    def _evaluate_versions(self) -> None:
        """Order the distinct versions; ``_from_key[i]`` has every candidate from the i-th on."""
        if self._keys is not None:
            return
        by_key: dict[str, int] = {}
        for key, _, mask in self._candidates.version_runs:
            by_key[key] = by_key.get(key, 0) | mask
        by_key.pop("", None)  # of what is no version
        self._keys = sorted(by_key)
        from_key = [0]
        for key in reversed(self._keys):
            from_key.append(from_key[-1] | by_key[key])
        self._from_key = from_key[::-1]


def positions(mask: int) -> Iterator[int]:
    """Return the positions of the set bits of ``mask``, ascending (best first)."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit
