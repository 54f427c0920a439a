"""Which candidate of a package to try first. Layer: solver. Pure.

What is installed and need not move; else the first in the index's order. Where several builds of
one version and build number remain, the one whose dependencies can be newest: of numpy's builds
for Python 3.11 to 3.13 the one for 3.13, whatever their time stamps say. Then the one that needs
no (obsolete) feature.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_

from xconda_core.solver.package_table import PackageTable, positions
from xconda_core.solver.propagation import Propagator
from xconda_core.solver.universe import Universe


class Preferences:
    """The preferences of one search, which asks for the same again whenever it went back."""

    def __init__(self, universe: Universe, propagator: Propagator) -> None:
        """Take what is known of packages, and what they can still be."""
        self._universe = universe
        self._domains = propagator.domains
        self._rivals: dict[tuple[int, int], _Rivals] = {}

    def bit(self, package: int) -> int:
        """Return the candidate of ``package`` to try first, as a bit; it can be present."""
        table = self._universe.table(package)
        domain = self._domains[package] & ~table.absent
        if domain & table.preferred:
            return table.preferred
        best = domain & -domain
        rivals = domain & table.same_rank(best.bit_length() - 1)
        if rivals == best:
            return best
        known = self._rivals.get((package, rivals))
        if known is None:
            known = _Rivals(self._universe, self._domains, package, rivals)
            self._rivals[package, rivals] = known
        return known.best()


class _Rivals:
    """Candidates of one version and build number, and the dependencies in which they differ."""

    def __init__(self, universe: Universe, domains: list[int], package: int, rivals: int) -> None:
        self._universe, self._domains = universe, domains
        self._table = table = universe.table(package)
        self._rivals = rivals
        # Whom each dependency is about, which of its candidates fit, and who has it.
        self._differing: list[tuple[int, int, int]] = []
        for row in table.differing_needs(rivals):
            try:
                self._differing.append((*universe.meant(row.spec), row.candidates))
            except KeyError:  # one that nobody can honour allows none
                self._differing.append((package, 0, row.candidates))
        self._seen: list[int] = []
        self._best = 0

    def best(self) -> int:
        """Return the bit of the best rival; among equals that of the first."""
        seen = [self._domains[number] for number, _, _ in self._differing]
        if not self._best or seen != self._seen:
            first = self._rivals & -self._rivals
            chosen = self._chosen()
            self._best = chosen if _same_standing(self._table, first, chosen) else first
            self._seen = seen
        return self._best

    def _chosen(self) -> int:
        ranked: dict[str, dict[int, int]] = {}  # dependency -> newest version it allows -> rivals
        for number, fitting, carriers in self._differing:
            table = self._universe.table(number)
            rivals_of = ranked.setdefault(table.name, {})
            rank = table.newest_rank(fitting & self._domains[number])
            rivals_of[rank] = rivals_of.get(rank, 0) | carriers
        left = self._rivals
        for name in sorted(ranked):
            left = self._newest(left, ranked[name])
        return left if not left & (left - 1) else self._with_fewest_features(left)

    def _newest(self, left: int, rivals_of: Mapping[int, int]) -> int:
        """Return those that are ``left`` whose dependencies on one package can be newest.

        Who has several is as old as the oldest. Where some rival has none, nobody is preferred.
        """
        if self._rivals & ~reduce(or_, rivals_of.values()):
            return left
        for rank in sorted(rivals_of):
            newer = left & ~rivals_of[rank]
            if not newer:
                break
            left = newer
        return left

    def _with_fewest_features(self, equals: int) -> int:
        """Return the one that needs fewest features, itself or by its own dependencies."""
        count = {at: self._table.traits(at).features for at in positions(equals)}
        for number, fitting, carriers in self._differing:
            allowed = fitting & self._domains[number]
            first = (allowed & -allowed).bit_length() - 1
            other = self._universe.table(number)
            if 0 <= first < other.count and other.traits(first).tracks_features:
                for at in count:
                    count[at] += carriers >> at & 1
        return 1 << min(count, key=lambda at: (count[at], at))


def _same_standing(table: PackageTable, one: int, other: int) -> bool:
    """Whether two candidates are equal in what comes before their dependencies."""
    if one == other:
        return True
    first, second = (table.traits(bit.bit_length() - 1)[:2] for bit in (one, other))
    return first == second
