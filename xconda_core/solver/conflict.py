"""Why there is no solution, as data: the few claims that exclude each other.

Layer: solver. Pure. Words are made of it in ``explain``; ``--json`` carries it as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from xconda_core.solver.facts import Fact, FactKind
from xconda_core.solver.package_table import PackageTable
from xconda_core.solver.propagation import Clause
from xconda_core.solver.universe import Universe

MAX_RANGES: Final = 3
MAX_CLAIMS_OF_A_PAIR: Final = 3  # claims of one package about another before they become one
# Where a choice is left, the explanation does without these first.
DROPPED_FIRST: Final = ("pin", "history", "installed", "request", "remove", "virtual", "unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that is so, and that the contradiction needs.

    Attributes:
        kind: Who says it; see :class:`xconda_core.solver.facts.Fact`.
        name: The package that is asked for, or that says so.
        versions: Its versions that say so, as ranges; empty: all there are.
        builds: Its builds that say so, where not all of these versions do.
        target: The package that it is about.
        specs: What is asked of ``target``, in its author's words.
        allowed: Versions of ``target`` that would do, as ranges.
        existing: Versions of ``target`` that there are, as ranges, where none would do.
    """

    kind: FactKind
    name: str
    versions: str = ""
    builds: tuple[str, ...] = ()
    target: str = ""
    specs: tuple[str, ...] = ()
    allowed: str = ""
    existing: str = ""


@dataclass(frozen=True, slots=True)
class ConflictGraph:
    """Claims that cannot hold together; without any one fact behind them the others can.

    Packages are its nodes: a claim of a package about a ``target`` is an edge.

    Attributes:
        claims: What was asked first, in the user's order, then what packages say.
        fact_count: Of how many single facts the claims were put together.
    """

    claims: tuple[Claim, ...]
    fact_count: int

    def requests(self) -> tuple[str, ...]:
        """Return the specs that the user asks for now and that take part."""
        return tuple(c.specs[0] for c in self.claims if c.kind == "request")


def in_order_of_worth(facts: Sequence[Clause]) -> list[Clause]:
    """Return clauses with facts, those first that an explanation would rather do without.

    What was found last lies deepest; a reason near to the user is worth more.
    """
    rank = {kind: place for place, kind in enumerate(DROPPED_FIRST)}
    order = sorted(
        enumerate(facts),
        key=lambda item: (rank.get(item[1].fact.kind if item[1].fact else "", 9), -item[0]),
    )
    return [clause for _, clause in order]


def conflict_graph(core: Sequence[Clause], universe: Universe) -> ConflictGraph:
    """Return the claims behind clauses with facts that exclude each other."""
    facts = [clause.fact for clause in core if clause.fact is not None]
    asked = sorted(
        (fact for fact in facts if fact.kind not in _SAID_BY_PACKAGES),
        key=lambda fact: _ASKED_ORDER.index(fact.kind),
    )
    claims = [_asked(fact, universe) for fact in asked]
    said = [fact for fact in facts if fact.kind in _SAID_BY_PACKAGES]
    reach = _Reach(core, universe)
    pairs: dict[tuple[str, str, FactKind], list[Fact]] = {}
    for fact in said:
        pairs.setdefault((fact.name, _target(fact, universe), fact.kind), []).append(fact)
    for (_, target, _), together in sorted(pairs.items()):
        claims += _said(together, target, universe, reach)
    return ConflictGraph(tuple(claims), len(facts))


_SAID_BY_PACKAGES: Final = ("depends", "constrains", "unreadable")
_ASKED_ORDER: Final = ("request", "remove", "installed", "history", "pin", "virtual")


class _Reach:
    """Which candidates of a package come into question at all, given what asks for it."""

    def __init__(self, core: Sequence[Clause], universe: Universe) -> None:
        self._universe = universe
        self._asked: dict[int, int] = {}
        self._needed: dict[int, int] = {}
        for clause in core:
            fact = clause.fact
            assert fact is not None
            if fact.kind == "depends":
                target = universe.spec(fact.spec)
                if target is not None:
                    number = universe.number(target.name)
                    meant = universe.table(number).matching(target)
                    self._needed[number] = self._needed.get(number, 0) | meant
            elif fact.kind not in _SAID_BY_PACKAGES and len(clause.terms) == 1:
                (number, mask), *_ = clause.terms.items()
                self._asked[number] = self._asked.get(number, -1) & ~mask

    def of(self, number: int) -> int:
        """Return the mask of the candidates of ``number`` that matter."""
        table = self._universe.table(number)
        asked = self._asked.get(number, -1) & table.present
        return asked & self._needed.get(number, -1) or asked or table.present


def _target(fact: Fact, universe: Universe) -> str:
    spec = universe.spec(fact.spec)
    return fact.spec if spec is None else spec.name


def _asked(fact: Fact, universe: Universe) -> Claim:
    specs = (fact.spec,) if fact.spec else ()
    table = universe.table(universe.number(fact.name)) if fact.kind == "virtual" else None
    versions = table.version(0) if table is not None else ""
    return Claim(kind=fact.kind, name=fact.name, target=fact.name, specs=specs, versions=versions)


def _said(facts: Sequence[Fact], target: str, universe: Universe, reach: _Reach) -> list[Claim]:
    """Return what one package says about another, alike things together."""
    number = universe.number(facts[0].name)
    within = reach.of(number)
    groups: dict[int, list[Fact]] = {}
    for fact in sorted(facts, key=lambda each: (each.candidates & -each.candidates, each.spec)):
        if fact.candidates & within:
            groups.setdefault(_meant(fact, universe), []).append(fact)
    if not groups:
        groups = {_meant(fact, universe): [fact] for fact in facts}
        within = -1
    if len(groups) > MAX_CLAIMS_OF_A_PAIR:
        together = [fact for group in groups.values() for fact in group]
        allowed = 0
        for mask in groups:
            allowed |= mask
        groups = {allowed: together}
    return [_claim(group, allowed, target, universe, within) for allowed, group in groups.items()]


def _meant(fact: Fact, universe: Universe) -> int:
    spec = universe.spec(fact.spec)
    if spec is None or fact.kind == "unreadable":
        return 0
    return universe.table(universe.number(spec.name)).matching(spec)


def _claim(
    facts: Sequence[Fact], allowed: int, target: str, universe: Universe, within: int
) -> Claim:
    table = universe.table(universe.number(facts[0].name))
    carriers = 0
    for fact in facts:
        carriers |= fact.candidates & within
    other = None
    if facts[0].kind != "unreadable":
        other = universe.table(universe.number(target))
    return Claim(
        kind=facts[0].kind,
        name=table.name,
        versions=version_ranges(table, carriers),
        builds=_builds(table, carriers, within & table.present),
        target=target,
        specs=tuple(dict.fromkeys(fact.spec for fact in facts)),
        allowed=version_ranges(other, allowed) if other else "",
        existing=version_ranges(other, other.present) if other and not allowed else "",
    )


def _builds(table: PackageTable, carriers: int, within: int) -> tuple[str, ...]:
    """Return the builds that say so where others of the same versions do not."""
    versions = {version.key for version in table.versions_of(carriers)}
    silent = within & ~carriers
    if not versions & {version.key for version in table.versions_of(silent)}:
        return ()
    return tuple(table.builds_of(carriers)[:MAX_RANGES])


def version_ranges(table: PackageTable, mask: int) -> str:
    """Return the versions of some candidates as ranges over the versions that there are."""
    wanted = {version.key for version in table.versions_of(mask)}
    runs: list[list[str]] = []
    is_open = False
    for version in table.versions_of(table.present):
        if version.key not in wanted:
            is_open = False
            continue
        if not is_open:
            runs.append([])
            is_open = True
        runs[-1].append(version.text)
    return _joined(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _joined(ranges: Iterable[str]) -> str:
    every = list(ranges)
    if len(every) > MAX_RANGES:
        return f"{every[0]} … {every[-1]}"
    return ", ".join(every)
