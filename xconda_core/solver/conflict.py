"""Why there is no solution, as data: the few claims that exclude each other.

Layer: solver. Pure. Words are made of it in ``explain``; ``--json`` carries it as it is.
"""

from collections.abc import Sequence
from typing import Final

from xconda_core.solver.facts import SAID_BY_PACKAGES, Fact, FactKind
from xconda_core.solver.hidden import hidden_words
from xconda_core.solver.package_table import PackageTable
from xconda_core.solver.propagation import Clause
from xconda_core.solver.universe import Universe
from xconda_core.solver.version_ranges import has_every_version, version_ranges
from xconda_core.values import Slotted, dataclass

MAX_CLAIMS_OF_A_PAIR: Final = 3  # claims of one package about another before they become one
ANY: Final = "any version"
_ASKED_ORDER: Final = (
    "request",
    "remove",
    "installed",
    "frozen",
    "history",
    "pin",
    "excluded",
    "virtual",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Slotted):
    """One thing that is so, and that the contradiction needs.

    Attributes:
        kind: Who says it; see :class:`xconda_core.solver.facts.Fact`.
        name: The package that is asked for, or that says so.
        versions: Its versions that say so, as ranges; empty: all there are.
        fitting: What is asked of other packages, and leaves only these versions or builds.
        builds: Its builds that say so, where not all of these versions do.
        target: The package that it is about.
        specs: What is asked of ``target``, in its author's words.
        allowed: Versions of ``target`` that would do, as ranges; ``any version``; empty for none.
        allowed_builds: Patterns of the builds that would do, where it is these that exclude what
            somebody else asks of ``target``.
        existing: Versions of ``target`` that there are, as ranges, where none would do.
        hidden: What would do but for the configuration, as the end of a sentence.
        source: Where it is written, for what is said in a file.
    """

    kind: FactKind
    name: str
    versions: str = ""
    fitting: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    target: str = ""
    specs: tuple[str, ...] = ()
    allowed: str = ""
    allowed_builds: tuple[str, ...] = ()
    existing: str = ""
    hidden: str = ""
    source: str = ""

    @property
    def is_in_vain(self) -> bool:
        """Whether a package needs what there is in no version that would do."""
        return self.kind == "depends" and not self.allowed


@dataclass(frozen=True, slots=True)
class ConflictGraph(Slotted):
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


def conflict_graph(core: Sequence[Clause], universe: Universe) -> ConflictGraph:
    """Return the claims behind clauses with facts that exclude each other."""
    facts = [clause.fact for clause in core if clause.fact is not None]
    asked = sorted(
        (fact for fact in facts if fact.kind not in SAID_BY_PACKAGES),
        key=lambda fact: (_ASKED_ORDER.index(fact.kind), universe.place_of(fact)),
    )
    claims = [_asked(fact, universe) for fact in asked]
    view = _View(core, universe)
    carriers = sorted({fact.name for fact in facts if fact.kind in SAID_BY_PACKAGES})
    for name in carriers:
        own = [fact for fact in facts if fact.kind in SAID_BY_PACKAGES and fact.name == name]
        claims += _Carrier(name, universe, view).claims(own)
    return ConflictGraph(tuple(claims), len(facts))


class _View:
    """What is left of each package by what is asked of it, and by what needs it."""

    def __init__(self, core: Sequence[Clause], universe: Universe) -> None:
        self._universe = universe
        self._asked: dict[int, int] = {}
        self._needed: dict[int, int] = {}
        self._words: dict[int, list[str]] = {}
        self._said: dict[int, dict[str, int]] = {}  # package: who speaks of it: what would do
        for clause in core:
            fact = clause.fact
            assert fact is not None
            if fact.kind in ("depends", "constrains"):
                self._note(fact)
            elif fact.kind not in SAID_BY_PACKAGES and len(clause.terms) == 1:
                (number, mask), *_ = clause.terms.items()
                self._asked[number] = self._asked.get(number, -1) & ~mask
                if fact.spec:
                    self._words.setdefault(number, []).append(fact.spec)

    def _note(self, fact: Fact) -> None:
        target = self._universe.spec(fact.spec)
        if target is None:
            return
        number = self._universe.number(target.name)
        meant = self._universe.table(number).matching(target)
        said = self._said.setdefault(number, {})
        said[fact.name] = said.get(fact.name, 0) | meant
        if fact.kind == "depends":
            self._needed[number] = self._needed.get(number, 0) | meant

    def rival(self, number: int, speaker: str, allowed: int) -> int:
        """Return the candidates that others insist on where only their builds make a difference."""
        table = self._universe.table(number)
        versions = {version.key for version in table.versions_of(allowed)}
        others = [mask for name, mask in self._said.get(number, {}).items() if name != speaker]
        if number in self._words:
            others.append(self._asked[number] & table.present)
        for mask in others:
            same = versions & {version.key for version in table.versions_of(mask)}
            if same and not mask & allowed:
                return mask
        return 0

    def left(self, number: int) -> int:
        """Return the candidates that come into question."""
        present = self._universe.table(number).present
        asked = self._asked.get(number, -1) & present
        return asked & self._needed.get(number, -1) or asked or present

    def excludes(self, number: int, candidates: int) -> bool:
        """Whether what is asked of a package leaves none of ``candidates``."""
        return number in self._words and not self._asked[number] & candidates

    def words(self, number: int) -> list[str]:
        """Return what is asked of a package."""
        return self._words.get(number, [])


def _asked(fact: Fact, universe: Universe) -> Claim:
    specs = (fact.spec,) if fact.spec else ()
    table = universe.table(universe.number(fact.name)) if fact.kind == "virtual" else None
    versions = table.version(0) if table is not None else ""
    return Claim(
        kind=fact.kind,
        name=fact.name,
        target=fact.name,
        specs=specs,
        versions=versions,
        source=fact.source,
    )


Topic = tuple[FactKind, str]  # depends or constrains, and whom it is about


class _Carrier:
    """What one package says, put together so that nothing is said twice."""

    def __init__(self, name: str, universe: Universe, view: _View) -> None:
        self._universe = universe
        self._view = view
        self._number = universe.number(name)
        self._table = universe.table(self._number)

    def claims(self, facts: Sequence[Fact]) -> list[Claim]:
        topics: dict[Topic, list[Fact]] = {}
        for fact in sorted(facts, key=lambda each: (each.spec, each.candidates)):
            spec = self._universe.spec(fact.spec)
            target = fact.spec if spec is None else spec.name
            topics.setdefault((fact.kind, target), []).append(fact)
        within = self._view.left(self._number)
        # Candidates that break what is asked of another package are out at once. Where others are
        # left, it is those that need an explanation.
        plain = [topic for topic, about in topics.items() if self._is_plain(topic, about)]
        hidden = plain if len(plain) < len(topics) else plain[:-1]
        fitting: list[str] = []
        for topic in hidden:
            fitting += self._view.words(self._universe.number(topic[1]))
            for fact in topics.pop(topic):
                within &= ~fact.candidates
        claims = []
        for topic, about in sorted(topics.items(), key=lambda item: item[0][1]):
            said = self._about(topic, about, within, tuple(dict.fromkeys(fitting)))
            if len(topics) == 1 and len(said) > 1 and any(claim.builds for claim in said):
                said = self._about(topic, about, within, tuple(dict.fromkeys(fitting)), most=1)
            claims += said
        return claims

    def _is_plain(self, topic: Topic, facts: Sequence[Fact]) -> bool:
        kind, target = topic
        if kind == "unreadable":
            return False
        number = self._universe.number(target)
        return all(self._view.excludes(number, self._meant(fact)) for fact in facts)

    def _about(
        self,
        topic: Topic,
        facts: Sequence[Fact],
        within: int,
        fitting: tuple[str, ...],
        most: int = MAX_CLAIMS_OF_A_PAIR,
    ) -> list[Claim]:
        """Return what is said about one package, in as many claims as ``most`` at most."""
        if not any(fact.candidates & within for fact in facts):
            within = self._table.present
        groups: dict[int, list[Fact]] = {}
        for fact in sorted(facts, key=lambda each: each.candidates & -each.candidates):
            if fact.candidates & within:
                groups.setdefault(self._meant(fact), []).append(fact)
        if len(groups) > most or self._is_plain(topic, facts):
            allowed = 0
            for mask in groups:
                allowed |= mask
            groups = {allowed: [fact for group in groups.values() for fact in group]}
        return [
            self._claim(topic, about, allowed, within, fitting) for allowed, about in groups.items()
        ]

    def _meant(self, fact: Fact) -> int:
        spec = self._universe.spec(fact.spec)
        if spec is None or fact.kind == "unreadable":
            return 0
        return self._universe.table(self._universe.number(spec.name)).matching(spec)

    def _claim(
        self,
        topic: Topic,
        facts: Sequence[Fact],
        allowed: int,
        within: int,
        fitting: tuple[str, ...],
    ) -> Claim:
        kind, target = topic
        carriers = 0
        for fact in facts:
            carriers |= fact.candidates & within
        other = (
            None if kind == "unreadable" else self._universe.table(self._universe.number(target))
        )
        return Claim(
            kind=kind,
            name=self._table.name,
            versions=_versions(self._table, carriers),
            fitting=fitting,
            builds=_builds(self._table, carriers, within),
            target=target,
            specs=tuple(dict.fromkeys(fact.spec for fact in facts)),
            allowed=_allowed(other, allowed) if other else "",
            allowed_builds=self._allowed_builds(topic, facts, allowed),
            existing=version_ranges(other, other.present) if other and not allowed else "",
            hidden=self._hidden(facts) if kind == "depends" and not allowed else "",
        )

    def _hidden(self, facts: Sequence[Fact]) -> str:
        specs = [self._universe.spec(fact.spec) for fact in facts]
        found = [each for spec in specs if spec is not None for each in self._universe.hidden(spec)]
        return hidden_words(found) if found else ""

    def _allowed_builds(self, topic: Topic, facts: Sequence[Fact], allowed: int) -> tuple[str, ...]:
        """Return the patterns of builds that are asked for where they are what matters.

        Those of versions that somebody else insists on come first.
        """
        if topic[0] == "unreadable" or not allowed:
            return ()
        number = self._universe.number(topic[1])
        rival = self._view.rival(number, self._table.name, allowed)
        if not rival:
            return ()
        table = self._universe.table(number)
        wanted = {version.key for version in table.versions_of(rival)}
        patterns: dict[str, bool] = {}
        for fact in facts:
            spec = self._universe.spec(fact.spec)
            if spec is not None and spec.build is not None:
                versions = {version.key for version in table.versions_of(self._meant(fact))}
                near = not versions & wanted
                patterns[str(spec.build)] = patterns.get(str(spec.build), True) and near
        return tuple(sorted(patterns, key=lambda pattern: (patterns[pattern], pattern)))


def _versions(table: PackageTable, carriers: int) -> str:
    """Return versions as ranges; empty where there are several and all of them are meant."""
    is_all = has_every_version(table, carriers)
    if is_all and len(table.versions_of(table.present)) > 1:
        return ""
    return version_ranges(table, carriers)


def _allowed(table: PackageTable, allowed: int) -> str:
    if allowed and has_every_version(table, allowed):
        return ANY
    return version_ranges(table, allowed)


def _builds(table: PackageTable, carriers: int, within: int) -> tuple[str, ...]:
    """Return the builds that say so where others of the same versions do not."""
    versions = {version.key for version in table.versions_of(carriers)}
    silent = table.versions_of(within & ~carriers)
    if not versions & {version.key for version in silent}:
        return ()
    return tuple(table.builds_of(carriers))
