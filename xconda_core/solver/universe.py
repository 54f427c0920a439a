"""Turn names and MatchSpec texts into packages and clauses, each when it is first needed.

Layer: solver. Pure. A name is loaded from the index when some chosen candidate first depends on
it; a dependency becomes a clause when a candidate that carries it is first considered.
"""

from collections import deque
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Withheld
from xconda_core.solver.candidates import RecordCandidates, virtual_candidates, with_installed
from xconda_core.solver.dependency_conditions import alternatives
from xconda_core.solver.facts import Fact, FactKind
from xconda_core.solver.hidden import hidden
from xconda_core.solver.optional_dependencies import optional_dependencies
from xconda_core.solver.package_table import PackageTable, Row
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.propagation import Clause, Propagator

NOWHERE: Final[Mapping[int, int]] = MappingProxyType({})


class Universe:
    """The packages met so far, and the clauses that nobody has added yet.

    Attributes:
        fresh: Clauses to be added to the propagator, oldest first.
        choices: Requests that several packages can meet.
        active: Of each package, the candidates whose rows are clauses already.
    """

    def __init__(
        self,
        problem: SolveProblem,
        propagator: Propagator,
        tables: MutableMapping[str, PackageTable] | None = None,
    ) -> None:
        """Take the problem, and where packages are to be made.

        Args:
            problem: What is asked.
            propagator: Where packages are to be made.
            tables: What earlier searches worked out of names, added to; whatever is asked, the
                candidates of an index are the same.
        """
        self.fresh: deque[Clause] = deque()
        self.choices: list[Clause] = []
        self._problem = problem
        self._propagator = propagator
        self._tables: list[PackageTable] = [PackageTable(RecordCandidates("", []))]
        self._numbers: dict[str, int] = {}
        self._meant_by: dict[str, tuple[int, int]] = {}
        self._waiting: dict[str, list[tuple[int, Row]]] = {}
        self._active_rows: list[set[int]] = [set()]
        self.active: list[int] = [0]
        self._known = {} if tables is None else tables
        self._pins: dict[str, list[MatchSpec]] = {}
        for pin in problem.pins:
            self._pins.setdefault(pin.name, []).append(pin)

    def __len__(self) -> int:
        return len(self._tables)

    def table(self, number: int) -> PackageTable:
        """Return what is known of a package."""
        return self._tables[number]

    def number(self, name: str) -> int:
        """Return the number of the package ``name``, loading it when it is new."""
        number = self._numbers.get(name)
        if number is None:
            number = self._load(name)
        return number

    def place_of(self, fact: Fact) -> int:
        """Return where in the problem's order a wish stands; what is no wish comes first."""
        wishes = (*self._problem.specs, *self._problem.installed_specs, *self._problem.kept_specs)
        words = [self._problem.spelling(spec) for spec in wishes]
        return words.index(fact.spec) if fact.spec in words else -1

    def hidden(self, spec: MatchSpec) -> Sequence[Withheld]:
        """Return what would do for ``spec`` but for the configuration, newest first."""
        return () if spec.name.startswith("__") else hidden(spec, self._problem.index)

    def is_loaded(self, name: str) -> bool:
        """Whether anything was about ``name`` yet."""
        return name in self._numbers

    def spec(self, text: str) -> MatchSpec | None:
        """Return the MatchSpec that a package's metadata spells, None where it is not one."""
        return _spec(text)

    def meant(self, text: str) -> tuple[int, int]:
        """Return the package that a package's metadata means, and the mask of its candidates.

        Raises:
            KeyError: it is no spec of one package.
        """
        found = self._meant_by.get(text)
        if found is None:
            spec = _spec(text)
            if spec is None or not spec.is_exact_name:
                raise KeyError(text)
            number = self.number(spec.name)
            found = self._meant_by[text] = (number, self._tables[number].said(text, spec))
        return found

    def matching(self, spec: MatchSpec) -> dict[int, int]:
        """Return the packages that ``spec`` can mean, each with the mask of its candidates."""
        return {number: self._tables[number].matching(spec) for number in self._meant(spec)}

    def state_requests(self) -> None:
        """Make clauses of all that the problem requires."""
        problem = self._problem
        for spec in problem.specs:
            self._must_match(spec, "request")
        for spec in problem.installed_specs:
            self._must_match(spec, "installed")
        for spec in problem.kept_specs:
            self._must_match(spec, "history")
        for pin in problem.pins:
            if pin.name.startswith("__"):  # facts of the machine are always there
                self.number(pin.name)

    def _must_match(self, spec: MatchSpec, kind: FactKind) -> None:
        """Require a package that ``spec`` means, where its condition holds."""
        wrong = {}
        for number, mask in self.matching(spec).items():
            table = self._tables[number]
            wrong[number] = table.absent | table.present & ~mask
        fact = Fact(kind, spec.name, self._problem.spelling(spec))
        for together in self._conditions(spec):
            clause = Clause(_joined([*wrong.items(), *together]), fact)
            self.fresh.append(clause)
            for extra in sorted(spec.extras if spec.is_exact_name else ()):
                missing = self._without(spec.name, extra).items()
                self.fresh.append(Clause(_joined([*missing, *together]), fact))
            if len(wrong) > 1:
                self.choices.append(clause)

    def _conditions(self, spec: MatchSpec) -> list[list[tuple[int, int]]]:
        """Return the terms of each alternative in which ``spec`` counts; of a pin or wish."""
        together = alternatives(spec.when)
        assert together is not None  # such wishes and pins are refused
        return [
            [term for each in conditions for term in self.matching(each).items()]
            for conditions in together
        ]

    def inactive_rows(self, number: int, position: int) -> list[int]:
        """Return the rows of a candidate that are no clauses yet."""
        active = self._active_rows[number]
        return [row for row in self._tables[number].rows_of(position) if row not in active]

    def activate(self, number: int, index: int) -> None:
        """Make clauses of one row, or let it wait until the package it is about is loaded."""
        self._active_rows[number].add(index)
        row = self._tables[number].row(index)
        if row.kind == "constrains":
            spec = _spec(row.spec)
            if spec is not None and not self._is_met(spec):
                self._waiting.setdefault(spec.name, []).append((number, row))
                return
        self.fresh.extend(self._clauses(number, row))

    def said_among(self, numbers: Iterable[int]) -> list[Clause]:
        """Return everything that these packages say about each other, whoever asked before."""
        names = {self._tables[number].name for number in numbers}
        clauses: list[Clause] = []
        for name in sorted(names):
            number = self._numbers[name]
            for row in self._tables[number].rows():
                spec = self.spec(row.spec)
                if spec is not None and spec.name in names and spec.when is None:
                    clauses += self._clauses(number, row)
        return clauses

    def _is_met(self, spec: MatchSpec) -> bool:
        """Whether a constraint is about something that is in the game already."""
        return spec.name in self._numbers or spec.name.startswith("__")

    def _clauses(self, number: int, row: Row, where: Mapping[int, int] = NOWHERE) -> list[Clause]:
        """Return what a row says: in each alternative of its condition, not all of it at once.

        ``where`` are more terms, outside of which it does not count.
        """
        carrier = self._tables[number].name
        kind, text, candidates = row
        spec = _spec(text)
        conditions = None if spec is None else alternatives(spec.when)
        if spec is None or not spec.is_exact_name or conditions is None:
            fact = Fact("unreadable", carrier, text, candidates)
            return [Clause({number: candidates, **where}, fact)]
        other, mask = self._meant_by.get(text) or self.meant(text)
        table = self._tables[other]
        wrong = table.present & ~mask
        if kind == "depends":
            wrong |= table.absent
        fact = Fact._make((kind, carrier, text, candidates, ""))
        if spec.when is None and not spec.extras and not where and other != number:  # nearly all
            return [Clause({other: wrong, number: candidates}, fact)]
        extras = sorted(spec.extras) if kind == "depends" else ()
        clauses = []
        for together in conditions:
            terms = [(number, candidates), *where.items()]
            for condition in together:
                terms += self.matching(condition).items()
            clauses.append(Clause(_joined([(other, wrong), *terms]), fact))
            for extra in extras:
                missing = self._without(spec.name, extra).items()
                clauses.append(Clause(_joined([*missing, *terms]), fact))
        return clauses

    def _without(self, name: str, extra: str) -> dict[int, int]:
        """Return the term that a group of optional dependencies of ``name`` is not wanted (CEP 44).

        A group is a package of its own with one candidate, which needs what the group lists.
        """
        group = f"{name}[{extra}]"
        if group not in self._numbers:
            self._load_group(group, self.number(name), extra)
        number = self._numbers[group]
        return {number: self._tables[number].absent}

    def _load_group(self, group: str, carrier: int, extra: str) -> None:
        table = PackageTable(
            RecordCandidates(group, [PackageRecord(name=group, version="0", build="")]),
            is_virtual=True,  # nothing that could be installed
        )
        number = self._add(group, table)
        for text, mask in optional_dependencies(self._tables[carrier], extra).items():
            row = Row("depends", text, mask)
            self.fresh.extend(self._clauses(carrier, row, {number: table.present}))

    def _meant(self, spec: MatchSpec) -> list[int]:
        if spec.is_exact_name:
            return [self.number(spec.name)]
        names = sorted({*self._problem.index.names(), *self._problem.installed})
        return [self.number(name) for name in names if spec.matches_name(name)]

    def _add(self, name: str, table: PackageTable) -> int:
        number = self._propagator.add_package(table.count)
        self._numbers[name] = number
        self._tables.append(table)
        self._active_rows.append(set())
        self.active.append(0)
        return number

    def _load(self, name: str) -> int:
        table = self._table_of(name)
        number = self._add(name, table)
        if table.is_virtual and table.count:
            self.fresh.append(Clause({number: table.absent}, Fact("virtual", name)))
        if name in self._problem.frozen:
            text = f"{name} {self._problem.installed[name].version}"
            others = table.absent | table.present & ~table.installed
            self.fresh.append(Clause({number: others}, Fact("frozen", name, text)))
        if name in self._problem.absent:
            self.fresh.append(Clause({number: table.present}, Fact("remove", name)))
        for pin in self._pins.get(name, ()):
            wrong = table.present & ~table.matching(pin)
            place = self._problem.pin_places.get(pin, "")
            fact = Fact("pin", name, self._problem.spelling(pin), source=place)
            for together in self._conditions(pin):
                self.fresh.append(Clause(_joined([(number, wrong), *together]), fact))
        for spec in self._problem.excluded:
            if spec.matches_name(name):
                self._exclude(spec, number, table)
        for carrier, row in self._waiting.pop(name, ()):
            self.fresh.extend(self._clauses(carrier, row))
        return number

    def _exclude(self, spec: MatchSpec, number: int, table: PackageTable) -> None:
        problem = self._problem
        wrong = table.matching(spec) & ~table.installed
        text = problem.spelling(spec)
        fact = Fact("excluded", table.name, text, source=problem.excluded_by)
        self.fresh.append(Clause({number: wrong}, fact))

    def _table_of(self, name: str) -> PackageTable:
        problem = self._problem
        if name.startswith("__"):
            candidates = virtual_candidates(name, problem.virtual_packages)
            return PackageTable(candidates, is_virtual=True)
        listed = problem.index.candidates(name)
        installed = problem.installed.get(name)
        if installed is None and listed is not None:
            known = self._known.get(name)
            if known is None or not known.is_of(listed):
                known = self._known[name] = PackageTable(listed)
            return known
        if installed is None:
            return PackageTable(RecordCandidates(name, []))
        as_given = name in problem.tolerated
        merged, position = with_installed(listed, installed, as_given=as_given)
        keeps = name not in problem.updates
        return PackageTable(merged, installed=position, keeps_installed=keeps)


@lru_cache(maxsize=16384)  # of a pure function; a refusal is followed by more searches
def _spec(text: str) -> MatchSpec | None:
    try:
        return MatchSpec.parse(text)
    except XcondaError:
        return None


def _joined(terms: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return terms as a clause has them: the masks of one package together."""
    joined: dict[int, int] = {}
    for number, mask in terms:
        joined[number] = joined.get(number, -1) & mask
    return joined
