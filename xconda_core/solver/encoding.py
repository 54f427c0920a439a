"""Clauses over domains as clauses over true and false, for pycosat. Layer: solver. Pure.

A variable per candidate, of which one package has at most one true; one per set of candidates that
a clause speaks of; and unary counters where a sum is to stay small.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xconda_core.solver.package_table import positions
from xconda_core.solver.propagation import Clause

Literals = list[int]
Steps = Sequence[int]  # masks of one package, each inside the one before: being in each costs one


class Encoding:
    """The clauses of a problem, as pycosat reads them.

    Attributes:
        clauses: What there is so far.
    """

    def __init__(self, domains: Mapping[int, int], absent: Mapping[int, int]) -> None:
        """Take what each package can be, and the bit of it that stands for "absent"."""
        self._domains = domains
        self._absent = absent
        self._variables: dict[int, dict[int, int]] = {}
        self._sets: dict[tuple[int, int], int] = {}
        self._count = 0
        self._true = 0
        self.clauses: Final[list[Literals]] = []

    def add(self, clause: Clause) -> None:
        """Add "not all of the packages inside their masks"."""
        literals = []
        for package, mask in clause.terms.items():
            inside = mask & self._domains[package]
            if not inside:
                return
            if inside != self._domains[package]:
                literals.append(-self._inside(package, inside))
        self.clauses.append(literals or [-self._always()])

    def chosen(self, model: Sequence[int]) -> dict[int, int]:
        """Return the bit of each package that ``model`` makes true; 0 for an absent one."""
        true = {literal for literal in model if literal > 0}
        return {
            package: sum(1 << at for at, variable in own.items() if variable in true)
            for package, own in self._variables.items()
        }

    def at_most(self, costs: Mapping[int, Steps], most: int) -> list[Literals]:
        """Return clauses that say what packages cost together: not more than ``most``."""
        before: list[int] = []  # variable at i: the packages so far cost more than i
        clauses: list[Literals] = []
        for package, steps in costs.items():
            own = [self._literal(package, mask) for mask in steps]
            if len(own) > most:
                clauses.append([-own[most]])
            own = own[:most]
            after = [self._new() for _ in range(min(most, len(before) + len(own)))]
            for already in range(len(before) + 1):
                for more in range(len(own) + 1):
                    together = already + more
                    reasons = [-before[already - 1]] if already else []
                    reasons += [-own[more - 1]] if more else []
                    if 0 < together <= most:
                        clauses.append([*reasons, after[together - 1]])
                    elif together == most + 1:
                        clauses.append(reasons)
            before = after
        return clauses

    def _literal(self, package: int, mask: int) -> int:
        """Return the literal of "the package is one of ``mask``", whatever its domain."""
        inside = mask & self._domains[package]
        if not inside:
            return -self._always()
        return self._always() if inside == self._domains[package] else self._inside(package, inside)

    def _inside(self, package: int, mask: int) -> int:
        """Return the literal of "the package is one of ``mask``", a true part of its domain."""
        if mask & self._absent[package]:
            return -self._inside(package, self._domains[package] & ~mask)
        key = package, mask
        if key not in self._sets:
            own = self._candidates(package)
            members = [own[position] for position in positions(mask)]
            if len(members) == 1:
                self._sets[key] = members[0]
            else:
                self._sets[key] = variable = self._new()
                self.clauses.append([-variable, *members])
                self.clauses.extend([variable, -member] for member in members)
        return self._sets[key]

    def _candidates(self, package: int) -> dict[int, int]:
        """Return position to variable; of all of them at most one is true."""
        if package not in self._variables:
            domain, absent = self._domains[package], self._absent[package]
            own = {position: self._new() for position in positions(domain & ~absent)}
            self._variables[package] = own
            self.clauses.extend(self._at_most_one(tuple(own.values())))
            if not domain & absent:
                self.clauses.append(list(own.values()))
        return self._variables[package]

    def _at_most_one(self, variables: Sequence[int]) -> Iterator[Literals]:
        before = 0  # true when one of the variables before is
        for variable in variables:
            if before:
                yield [-before, -variable]
            after = self._new()
            yield [-variable, after]
            if before:
                yield [-before, after]
            before = after

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _always(self) -> int:
        """Return a variable that is true."""
        if not self._true:
            self._true = self._new()
            self.clauses.append([self._true])
        return self._true
