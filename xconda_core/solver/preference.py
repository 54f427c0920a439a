"""Which candidate of a package to try first. Layer: solver. Pure.

What is installed and need not move; else the first in the index's order. Where several builds of
one version and build number remain, the one whose dependencies can be newest: of numpy's builds
for Python 3.11 to 3.13 the one for 3.13, whatever their time stamps say. Then the one that needs
no (obsolete) feature.
"""

from collections.abc import Sequence

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
    chosen = _Rivals(universe, propagator, table, rivals).best()
    return chosen if _same_standing(table, best, chosen) else best


class _Rivals:
    """Candidates of one version and build number, and the dependencies in which they differ."""

    def __init__(
        self, universe: Universe, propagator: Propagator, table: PackageTable, rivals: int
    ) -> None:
        self._universe = universe
        self._domains = propagator.domains
        self._table = table
        self._rivals = rivals
        self._differing = table.differing_needs(rivals)

    def best(self) -> int:
        """Return the bit of the best rival; among equals that of the first."""
        ranks: dict[str, dict[int, int]] = {}  # dependency -> position -> newest version it allows
        for row in self._differing:
            name, allowed = self._allowed(row)
            rank = self._universe.table(self._universe.number(name)).newest_rank(allowed)
            by_position = ranks.setdefault(name, {})
            for position in positions(row.candidates & self._rivals):
                by_position[position] = min(rank, by_position.get(position, rank))
        count = self._rivals.bit_count()
        shared = sorted(name for name, found in ranks.items() if len(found) == count)
        worth = {at: [ranks[name][at] for name in shared] for at in positions(self._rivals)}
        most = max(worth.values())
        equals = [at for at, found in worth.items() if found == most]
        return 1 << (equals[0] if len(equals) == 1 else self._with_fewest_features(equals))

    def _allowed(self, row: Row) -> tuple[str, int]:
        """Return whom a dependency is about, and which of its candidates still come into question.

        One that nobody can honour allows none.
        """
        spec = self._universe.spec(row.spec)
        if spec is None or not spec.is_exact_name:
            return self._table.name, 0
        number = self._universe.number(spec.name)
        return spec.name, self._universe.table(number).matching(spec) & self._domains[number]

    def _with_fewest_features(self, equals: Sequence[int]) -> int:
        """Return the one that needs fewest features, itself or by its own dependencies."""
        count = {at: self._table.traits(at).features for at in equals}
        for row in self._differing:
            name, allowed = self._allowed(row)
            if allowed:
                first = (allowed & -allowed).bit_length() - 1
                other = self._universe.table(self._universe.number(name))
                if first < other.count and other.traits(first).tracks_features:
                    for at in equals:
                        count[at] += row.candidates >> at & 1
        return min(equals, key=lambda at: (count[at], at))


def _same_standing(table: PackageTable, one: int, other: int) -> bool:
    """Whether two candidates are equal in what comes before their dependencies."""
    if one == other:
        return True
    first, second = (table.traits(bit.bit_length() - 1)[:2] for bit in (one, other))
    return first == second
