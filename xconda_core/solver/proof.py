"""Find the few facts behind a contradiction, and drop each one that is not needed for it.

Layer: solver. Pure. A learnt clause remembers what it was resolved from, so the leaves below the
empty clause are facts that contradict each other; deletion then makes the set minimal: without any
one of them there is a solution.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.solver.facts import SAID_BY_PACKAGES
from xconda_core.solver.propagation import Clause, Propagator

Sizes = Mapping[int, int]  # package number to how many candidates it has


def facts_behind(proof: Clause) -> list[Clause]:
    """Return the clauses with facts that ``proof`` was resolved from, each once."""
    seen: dict[int, Clause] = {}
    waiting = [proof]
    while waiting:
        clause = waiting.pop()
        if id(clause) not in seen:
            seen[id(clause)] = clause
            waiting.extend(reversed(clause.parents))
    return [clause for clause in seen.values() if clause.fact is not None]


def smallest(clauses: Sequence[Clause], sizes: Sizes, cancel: CancelToken) -> list[Clause]:
    """Return a subset of contradicting clauses of which each is needed.

    First whole packages are left out, then single facts; what is hard to follow goes first.

    Raises:
        Cancelled: somebody asked to stop.
    """
    left = list(clauses)
    for package in _in_between(clauses):
        fewer = [clause for clause in left if package not in clause.terms]
        left = contradiction(fewer, sizes, cancel) or left
    needed: list[Clause] = []
    candidates = sorted(left, key=_worth)
    while candidates:
        dropped, rest = candidates[0], candidates[1:]
        remaining = contradiction([*needed, *rest], sizes, cancel)
        if remaining is None:
            needed.append(dropped)
            candidates = rest
        else:
            still = {id(clause) for clause in remaining}
            candidates = [clause for clause in rest if id(clause) in still]
    return needed


def _in_between(clauses: Sequence[Clause]) -> list[int]:
    """Return the packages that nobody asks for, those found last first."""
    packages: dict[int, None] = {}
    asked: set[int] = set()
    for clause in clauses:
        packages.update(dict.fromkeys(clause.terms))
        if clause.fact is not None and clause.fact.kind not in SAID_BY_PACKAGES:
            asked |= clause.terms.keys()
    return [package for package in reversed(packages) if package not in asked]


def _worth(clause: Clause) -> tuple[int, int, int, str, str]:
    """Return what facts are ordered by: those that an explanation can best do without first."""
    fact = clause.fact
    assert fact is not None
    rank = _DROPPED_FIRST.index(fact.kind)
    return rank, -fact.spec.count(" "), fact.candidates.bit_count(), fact.name, fact.spec


_DROPPED_FIRST: Final = (
    "pin", "excluded", "history", "installed", "frozen", "request", "remove", "virtual",
    "constrains", "depends", "unreadable",
)  # fmt: skip


def contradiction(
    clauses: Sequence[Clause], sizes: Sizes, cancel: CancelToken
) -> list[Clause] | None:
    """Return clauses among these that cannot hold together, or None where all can.

    Raises:
        Cancelled: somebody asked to stop.
    """
    propagator = Propagator()
    numbers: dict[int, int] = {}
    originals: dict[int, Clause] = {}
    copies = []
    for clause in clauses:
        for package in clause.terms:
            if package not in numbers:
                numbers[package] = propagator.add_package(sizes[package])
        copy = Clause({numbers[p]: mask for p, mask in clause.terms.items()}, clause.fact)
        originals[id(copy)] = clause
        copies.append(copy)
    refutation = _refutation(propagator, copies, cancel)
    if refutation is None:
        return None
    return [originals[id(copy)] for copy in facts_behind(refutation)]


def _refutation(
    propagator: Propagator, clauses: Sequence[Clause], cancel: CancelToken
) -> Clause | None:
    """Return the empty clause that was learnt, or None when a solution was found."""
    for clause in clauses:
        refuted = _overcome(propagator, propagator.add(clause))
        if refuted is not None:
            return refuted
    violated = propagator.propagate()
    while True:
        cancel.check()
        refuted = _overcome(propagator, violated)
        if refuted is not None:
            return refuted
        package = _undecided(propagator)
        if package is None:
            return None
        domain = propagator.domains[package]
        propagator.choose(package, domain & propagator.absent[package] or domain & -domain)
        violated = propagator.propagate()


def _overcome(propagator: Propagator, violated: Clause | None) -> Clause | None:
    """Learn from a violated clause, and from what that violates; return an empty clause if met."""
    while violated is not None:
        learnt = propagator.learn(violated)
        if not learnt.terms:
            return learnt
        violated = propagator.propagate()
    return None


def _undecided(propagator: Propagator) -> int | None:
    for package, domain in enumerate(propagator.domains):
        if domain & (domain - 1):
            return package
    return None
