"""What is true of every answer of the solver, whatever the universe; used by tests and fuzzing."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from tests.solver.readable import violations
from tests.solver.universes import a_problem, among_strangers, shuffled, without_one_dependency
from xconda_core.cancel import CancelToken
from xconda_core.events import silent
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver import sat
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.values import replace

Outcome = Solution | Unsatisfiable | PackagesNotFound
Law = Callable[[SolveProblem, Outcome, random.Random], Iterator[str]]


def outcome(problem: SolveProblem) -> Outcome:
    """Return a solution, or why there is none."""
    try:
        return solve(problem, silent, CancelToken())
    except (Unsatisfiable, PackagesNotFound) as refusal:
        return refusal


def broken(
    problem: SolveProblem, laws: Iterable[Law], chance: random.Random
) -> tuple[Outcome, list[str]]:
    """Return what the solver answers, and what of ``laws`` this breaks, in words."""
    found = outcome(problem)
    return found, [words for law in laws for words in law(problem, found, chance)]


def agreement(problem: SolveProblem, found: Outcome, chance: random.Random) -> Iterator[str]:
    del chance
    other = sat.solve(problem, CancelToken())
    if isinstance(found, Solution) != (other is not None):
        yield f"pycosat says {'no' if other is None else 'yes'}"
    if isinstance(found, Solution):
        yield from violations(found.records, problem)
        yield from _hidden(problem, found)
    if other is not None:
        yield from (f"pycosat: {each}" for each in violations(other.records, problem))


def _hidden(problem: SolveProblem, found: Solution) -> Iterator[str]:
    """Yield the packages that come from a channel that another one hides."""
    index = problem.index
    assert isinstance(index, MemoryIndex)
    for name, record in found.records.items():
        having = {each.channel for each in index.records.get(name, ())}
        first = next((channel for channel in index.channels if channel in having), "")
        is_hidden = index.priority == "strict" and record.channel != first
        if is_hidden and problem.installed.get(name) != record:
            yield f"{name} comes from a channel that {first} hides"


def _smallest_facts(problem: SolveProblem, found: Outcome, chance: random.Random) -> Iterator[str]:
    del problem, chance
    if not isinstance(found, Unsatisfiable):
        return
    facts, sizes = found.facts, found.sizes
    if sat.can_hold(facts, sizes, CancelToken()):
        yield "the facts of the refusal can hold together"
    for fewer in combinations(facts, len(facts) - 1):
        if not sat.can_hold(fewer, sizes, CancelToken()):
            yield "a fact of the refusal is not needed"
    if len(str(found).splitlines()) > 25:
        yield "the explanation is too long"


def _order_of_input(problem: SolveProblem, found: Outcome, chance: random.Random) -> Iterator[str]:
    other = outcome(shuffled(problem, chance))
    if _told(other) != _told(found):
        yield "the order of what comes in matters"


def _strangers(problem: SolveProblem, found: Outcome, chance: random.Random) -> Iterator[str]:
    del chance
    if all(spec.is_exact_name for spec in problem.specs):
        other = outcome(among_strangers(problem))
        if _told(other) != _told(found):
            yield "a package that nobody can need matters"


def _fewer_dependencies(
    problem: SolveProblem, found: Outcome, chance: random.Random
) -> Iterator[str]:
    easier = without_one_dependency(problem, chance)
    if isinstance(found, Solution) and not isinstance(outcome(easier), Solution):
        yield "with one dependency less there is no solution"


def _stays(problem: SolveProblem, found: Outcome, chance: random.Random) -> Iterator[str]:
    del chance
    if isinstance(found, Solution):
        kept = replace(
            problem,
            installed=found.records,
            kept_names=tuple(found.records),
            updates=frozenset(),
        )
        again = outcome(kept)
        if not isinstance(again, Solution) or again.records != found.records:
            yield "what is installed and fits does not stay"


LAWS: dict[str, Law] = {
    "the search and pycosat agree, and a judge finds no fault with either": agreement,
    "the facts of a refusal exclude each other, and each is needed": _smallest_facts,
    "the order of what comes in does not matter": _order_of_input,
    "packages that nobody can need change nothing": _strangers,
    "one dependency less never makes it impossible": _fewer_dependencies,
    "what is installed and fits stays": _stays,
}


def _told(found: Outcome) -> object:
    if isinstance(found, Solution):
        return [(each.channel, each.dist_name) for each in found.records.values()]
    return str(found)


def kind_of(found: Outcome) -> str:
    """Return a word for what came of a problem."""
    return {Solution: "solved", Unsatisfiable: "refused", PackagesNotFound: "nothing matches"}[
        type(found)
    ]


def survey(number: int, seed: int, laws: Iterable[Law]) -> tuple[Counter[str], list[str]]:
    """Hold the solver to ``laws`` in ``number`` universes; the same ones for the same seed."""
    kinds: Counter[str] = Counter()
    failures = []
    for place in range(number):
        chance = random.Random(f"{seed}/{place}")
        found, words = broken(a_problem(chance), laws, chance)
        kinds[kind_of(found)] += 1
        failures += [f"universe {seed}/{place}: {each}" for each in words]
    return kinds, failures
