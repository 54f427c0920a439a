"""Which candidate of a package to try first. Layer: solver. Pure.

What is installed and need not move; else the first in the index's order. Where several builds of
one version and build number remain, the one whose dependencies can be newest: of numpy's builds
for Python 3.11 to 3.13 the one for 3.13, whatever their time stamps say.
"""

from xconda_core.solver.package_table import PackageTable, positions
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
    chosen = _with_newest_dependencies(universe, propagator, table, rivals)
    return chosen if _same_standing(table, best, chosen) else best


def _with_newest_dependencies(
    universe: Universe, propagator: Propagator, table: PackageTable, rivals: int
) -> int:
    """Return the rival whose differing dependencies allow the newest versions; ties: the first."""
    ranks: dict[str, dict[int, int]] = {}  # dependency name -> rival position -> newest version
    for row in table.rows:
        carriers = row.candidates & rivals
        if row.kind != "depends" or not carriers or carriers == rivals:
            continue
        spec = universe.spec(row.spec)
        if spec is None or not spec.is_exact_name:
            continue
        rank = _newest(universe, propagator, universe.number(spec.name), row.spec)
        by_position = ranks.setdefault(spec.name, {})
        for position in positions(carriers):
            by_position[position] = min(rank, by_position.get(position, rank))
    count = rivals.bit_count()
    shared = sorted(name for name, by_position in ranks.items() if len(by_position) == count)
    if not shared:
        return rivals & -rivals
    best = max(positions(rivals), key=lambda at: ([ranks[name][at] for name in shared], -at))
    return 1 << best


def _newest(universe: Universe, propagator: Propagator, package: int, text: str) -> int:
    """Return the rank of the newest version that a dependency still allows, -1 for none."""
    table = universe.table(package)
    spec = universe.spec(text)
    assert spec is not None
    return table.newest_rank(table.matching(spec) & propagator.domains[package])


def _same_standing(table: PackageTable, one: int, other: int) -> bool:
    """Whether two candidates are equal in what comes before their dependencies."""
    if one == other:
        return True
    first, second = (table.record(bit.bit_length() - 1) for bit in (one, other))
    return (first.channel, bool(first.track_features)) == (
        second.channel,
        bool(second.track_features),
    )
