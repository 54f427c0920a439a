"""The door to what explains a refusal, which is loaded when there is one. Layer: solver.

Eight modules find the smallest reason, draw it, put it into words and look for ways out; most
searches end with a solution. See docs/decisions/0192-what-a-start-does-without.md.
"""

from collections.abc import Callable

from xconda_core.cancel import CancelToken
from xconda_core.events import Reporter
from xconda_core.solver.problem import Solution
from xconda_core.solver.propagation import Clause
from xconda_core.solver.refused import Refused
from xconda_core.solver.request import Request
from xconda_core.solver.universe import Universe

Trying = Callable[[Request, Reporter, CancelToken], Solution]


def refusal(proof: Clause, universe: Universe, cancel: CancelToken) -> Refused:
    """Return what says why there is no solution.

    Args:
        proof: The clause without terms that was resolved from those that contradict each other.
        universe: What is known of packages.
        cancel: Looked at while the smallest reason is looked for.

    Raises:
        Cancelled: somebody asked to stop.
    """
    from xconda_core.solver.conflict import conflict_graph
    from xconda_core.solver.proof import facts_behind, smallest
    from xconda_core.solver.unsatisfiable import Unsatisfiable

    known = facts_behind(proof)
    packages = dict.fromkeys(package for clause in known for package in clause.terms)
    # What these packages say about each other without a go-between is easier to follow.
    clauses = [*known, *universe.said_among(packages)]
    sizes = {number: universe.table(number).count for number in range(len(universe))}
    facts = smallest(clauses, sizes, cancel)
    return Unsatisfiable(conflict_graph(facts, universe), facts, sizes)


def with_ways_out(
    request: Request, refused: Refused, trying: Trying, cancel: CancelToken
) -> Refused:
    """Return the same refusal with what would do instead.

    Args:
        request: What was asked.
        refused: The refusal.
        trying: Solves another request.
        cancel: Looked at while ways are tried.

    Raises:
        Cancelled: somebody asked to stop.
    """
    from xconda_core.solver.relaxations import on_any_machine, relaxations
    from xconda_core.solver.unsatisfiable import Unsatisfiable

    assert isinstance(refused, Unsatisfiable)
    told = on_any_machine(request, refused, trying, cancel)
    return told.with_relaxations(relaxations(request, told.conflict, trying, cancel))
