"""Which candidate of a package to try first. Layer: solver. Pure.

What is installed and need not move; else the first in the index's order. Where several builds of
one version and build number remain, the one whose dependencies can be newest: of numpy's builds
for Python 3.11 to 3.13 the one for 3.13, whatever their time stamps say. Then the one that needs
no (obsolete) feature.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_

from xconda_core.solver.package_table import PackageTable, Row, positions
from xconda_core.solver.propagation import Propagator
from xconda_core.solver.universe import Universe


def preferred_bit(universe: Universe, propagator: Propagator, package: int) -> int:
    """Return the candidate of ``package`` to try first, as a bit; it can be present."""
    table = universe.table(package)
    domain = propagator.domains[package] & ~table.absent
    if domain & table.preferred:
        return table.preferred
    best = domain & -domain
    rivals = domain & table.same_rank(best.bit_length() - 1)
    if rivals == best:
        return best
    chosen = _Rivals(universe, propagator, package, rivals).best()
    return chosen if _same_standing(table, best, chosen) else best


class _Rivals:
    """Candidates of one version and build number, and the dependencies in which they differ."""

    def __init__(
        self, universe: Universe, propagator: Propagator, package: int, rivals: int
    ) -> None:
        self._universe = universe
        self._domains = propagator.domains
        self._package = package
        self._table = table = universe.table(package)
        self._rivals = rivals
        self._differing = table.differing_needs(rivals)

    def best(self) -> int:
        """Return the bit of the best rival; among equals that of the first."""
        ranked: dict[str, dict[int, int]] = {}  # dependency -> newest version it allows -> rivals
        for row in self._differing:
            number, allowed = self._allowed(row)
            table = self._universe.table(number)
            rivals_of = ranked.setdefault(table.name, {})
            rank = table.newest_rank(allowed)
            rivals_of[rank] = rivals_of.get(rank, 0) | row.candidates
        left = self._rivals
        for name in sorted(ranked):
            left = self._newest(left, ranked[name])
        return left if not left & (left - 1) else self._with_fewest_features(left)

    def _newest(self, left: int, rivals_of: Mapping[int, int]) -> int:
        """Return those that are ``left`` whose dependencies on one package can be newest.

        Who has several is as old as the oldest. Where some rival has none, nobody is preferred.
        """
        all_of_them = reduce(or_, rivals_of.values())
        if self._rivals & ~all_of_them:
            return left
        for rank in sorted(rivals_of):
            newer = left & ~rivals_of[rank]
            if not newer:
                break
            left = newer
        return left

    def _allowed(self, row: Row) -> tuple[int, int]:
        """Return whom a dependency is about, and which of its candidates still come into question.

        One that nobody can honour allows none.
        """
        try:
            number, mask = self._universe.meant(row.spec)
        except KeyError:
            return self._package, 0
        return number, mask & self._domains[number]

    def _with_fewest_features(self, equals: int) -> int:
        """Return the one that needs fewest features, itself or by its own dependencies."""
        count = {at: self._table.traits(at).features for at in positions(equals)}
        for row in self._differing:
            number, allowed = self._allowed(row)
            if allowed:
                first = (allowed & -allowed).bit_length() - 1
                other = self._universe.table(number)
                if first < other.count and other.traits(first).tracks_features:
                    for at in count:
                        count[at] += row.candidates >> at & 1
        return 1 << min(count, key=lambda at: (count[at], at))


def _same_standing(table: PackageTable, one: int, other: int) -> bool:
    """Whether two candidates are equal in what comes before their dependencies."""
    if one == other:
        return True
    first, second = (table.traits(bit.bit_length() - 1)[:2] for bit in (one, other))
    return first == second
