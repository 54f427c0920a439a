"""Parts of a solution: what is named without what it needs, or the other way round.

Layer: solver. Pure.
"""

from collections.abc import Collection, Mapping

from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.needs import needs_of

Records = Mapping[str, PackageRecord]


def named_only(named: Collection[str], installed: Records, solved: Records) -> Records:
    """Return what is installed, with what is named as the solution has it."""
    return {**installed, **{name: solved[name] for name in named if name in solved}}


def dependencies_only(
    named: Collection[str], installed: Records, solved: Records
) -> tuple[Records, frozenset[str]]:
    """Return a solution without what is named, and the names taken out.

    What something else in it needs stays: of ``python`` and ``flask`` only ``flask`` is taken out.
    What is installed already stays as it is.
    """
    left = dict(solved)
    taken: set[str] = set()
    while True:
        needed = {other for others in needs_of(left).values() for other in others}
        free = {name for name in named if name in left} - needed - taken
        if not free:
            return left, frozenset(taken)
        for name in free:
            del left[name]
            if name in installed:
                left[name] = installed[name]
        taken |= free
