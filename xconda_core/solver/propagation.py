"""Clauses over bitmask domains: propagate, find out why a dead end is one, learn, go back.

Layer: solver. Pure, and blind to names and versions: a package is a number, its domain an int with
one bit per candidate and one more for "absent". A clause ``{package: mask, ...}`` says "not all of
them inside their masks at once". That one shape is a dependency (these candidates, together with
those that do not satisfy it), a constraint, a pin, a request and everything learnt from them.
The resolvent of two clauses is OR on the pivot and AND elsewhere (where a clause does not mention
a package its mask is "everything"), so what is learnt from one candidate holds at once for all
candidates that carry the same dependency string.
"""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Final

from xconda_core.solver.facts import Fact

ROOT: Final = 0  # a package with one value, so that a clause about one package has two terms


class Clause:
    """Not every package in ``terms`` inside its mask at once.

    Attributes:
        terms: Package number to mask; empty says "impossible". Masks of everything are dropped.
        fact: What the world or the user said, None for a learnt clause.
        parents: The clauses that a learnt one was resolved from.
        watched: The two packages of a learnt clause that can wake it.
    """

    __slots__ = ("fact", "parents", "terms", "watched")

    def __init__(
        self, terms: Mapping[int, int], fact: Fact | None, parents: tuple["Clause", ...] = ()
    ) -> None:
        self.terms = terms
        self.fact = fact
        self.parents = parents
        self.watched = (ROOT, ROOT)


# What a package knows about a clause of two terms: (complement of my mask, the other package, its
# mask, the clause).
Pair = tuple[int, int, int, Clause]
Change = tuple[int, int, Clause | None]  # position on the trail, domain before, why (None: chosen)


class Propagator:
    """The domains, the clauses, and the trail of what was concluded from what.

    Attributes:
        domains: Package number to what it can still be.
        absent: Package number to its "absent" bit.
        required: Packages that lost their "absent" bit since somebody last took them from here.
        undone: Packages whose domain grew back since somebody last took them from here.
    """

    def __init__(self) -> None:
        self.domains = [1]
        self.absent = [0]
        self.required: list[int] = []
        self.undone: list[int] = []
        self._everything = [1]
        self._pairs: list[list[Pair]] = [[]]
        self._watching: list[list[Clause]] = [[]]
        self._changes: list[list[Change]] = [[]]
        self._trail: list[int] = []
        self._levels: list[int] = []  # trail length at the start of levels 1, 2, ...
        self._queue: list[int] = []
        self._late: list[tuple[int, Clause]] = []
        self._recheck: list[Clause] = []

    def add_package(self, candidates: int) -> int:
        """Return the number of a new package with so many candidates (bits 0, 1, ...)."""
        absent = 1 << candidates
        everything = (absent << 1) - 1
        self.domains.append(everything)
        self.absent.append(absent)
        self._everything.append(everything)
        self._pairs.append([])
        self._watching.append([])
        self._changes.append([])
        return len(self.domains) - 1

    @property
    def level(self) -> int:
        """How many choices stand."""
        return len(self._levels)

    @property
    def has_news(self) -> bool:
        """Whether there is something to conclude since the last call of :meth:`propagate`."""
        return bool(self._queue or self._recheck)

    def is_required(self, package: int) -> bool:
        """Whether the package cannot be absent any more."""
        return not self.domains[package] & self.absent[package]

    def choose(self, package: int, bit: int) -> None:
        """Open a level by giving a package one value of its domain."""
        self._levels.append(len(self._trail))
        self._narrow(package, bit, None)

    def add(self, clause: Clause) -> Clause | None:
        """Add a clause and draw its consequence; return it if it is violated already."""
        everything = self._everything
        terms = {p: mask for p, mask in clause.terms.items() if mask != everything[p]}
        clause.terms = terms
        if not terms:
            return clause
        if not all(terms.values()):
            return None
        if len(terms) > 2:
            self._watch(clause)
        else:
            (one, one_mask), (two, two_mask) = (*terms.items(), (ROOT, 1), (ROOT, 1))[:2]
            not_one, not_two = everything[one] & ~one_mask, everything[two] & ~two_mask
            self._pairs[one].append((not_one, two, two_mask, clause))
            if two != ROOT:
                self._pairs[two].append((not_two, one, one_mask, clause))
            if self.domains[one] & not_one and self.domains[two] & not_two:
                return None  # neither holds yet: nothing is to be noted or concluded
        self._note_late(clause)
        return self._consequence(clause)

    def propagate(self) -> Clause | None:
        """Draw every conclusion from the last changes; return a violated clause if there is one."""
        domains = self.domains
        queue = self._queue
        while self._recheck:
            violated = self._consequence(self._recheck.pop())
            if violated is not None:
                queue.clear()
                return violated
        seen: dict[int, int] = {}  # one that lost candidates one by one is queued once for each
        for package in queue:  # grows meanwhile
            domain = domains[package]
            if seen.get(package) == domain:
                continue
            seen[package] = domain
            for not_mine, other, mask, clause in self._pairs[package]:
                if domain & not_mine or not domains[other] & mask:
                    continue
                left = domains[other] & ~mask
                if not left:
                    queue.clear()
                    return clause
                self._narrow(other, left, clause)
            if self._watching[package]:
                violated = self._wake(package)
                if violated is not None:
                    queue.clear()
                    return violated
        queue.clear()
        return None

    def learn(self, violated: Clause) -> Clause:
        """Work out why ``violated`` came about, go back to where that matters, and conclude.

        Returns:
            The learnt clause, in force already. No terms: the problem has no solution.
        """
        self._queue.clear()
        terms = dict(violated.terms)
        parents = [violated]
        while self._trail:
            package = self._trail[-1]
            position, before, reason = self._changes[package][-1]
            mask = terms.get(package)
            needed = mask is not None and before & ~mask
            self._undo_last()
            if not needed:
                continue
            if self._levels_left(position) and self._holds_before(terms, package):
                break
            if reason is None:  # pragma: no cover - a choice is always the last needed of its level
                raise AssertionError("a choice cannot be resolved away")
            parents.append(reason)
            self._resolve(terms, package, reason)
        else:
            self._levels.clear()
        learnt = Clause(terms, None, tuple(parents))
        if terms:
            self._go_back(terms, package)
            self.add(learnt)
        return learnt

    def _narrow(self, package: int, domain: int, reason: Clause | None) -> None:
        before = self.domains[package]
        self._changes[package].append((len(self._trail), before, reason))
        self._trail.append(package)
        self.domains[package] = domain
        self._queue.append(package)
        absent = self.absent[package]
        if before & absent and not domain & absent:
            self.required.append(package)

    def _undo_last(self) -> None:
        package = self._trail.pop()
        _, before, _ = self._changes[package].pop()
        self.domains[package] = before
        self.undone.append(package)

    def _levels_left(self, position: int) -> bool:
        while self._levels and self._levels[-1] > position:
            self._levels.pop()
        return bool(self._levels)

    def _domain_at(self, package: int, position: int) -> int:
        domain = self.domains[package]
        for changed, before, _ in reversed(self._changes[package]):
            if changed < position:
                break
            domain = before
        return domain

    def _holds_before(self, terms: Mapping[int, int], pivot: int) -> bool:
        """Whether all terms but the pivot's held when the last level began."""
        start = self._levels[-1]
        return not any(
            self._domain_at(package, start) & ~mask
            for package, mask in terms.items()
            if package != pivot
        )

    def _resolve(self, terms: dict[int, int], pivot: int, reason: Clause) -> None:
        others = reason.terms
        for package in list(terms):
            if package != pivot and package in others:
                terms[package] &= others[package]
        for package, mask in others.items():
            if package not in terms:
                terms[package] = mask
        joined = terms[pivot] | others[pivot]
        if joined == self._everything[pivot]:
            del terms[pivot]
        else:
            terms[pivot] = joined

    def _go_back(self, terms: Mapping[int, int], pivot: int) -> None:
        """Undo to the lowest level at which all terms but the pivot's hold."""
        for target, start in enumerate(self._levels):
            if not any(self._domain_at(p, start) & ~m for p, m in terms.items() if p != pivot):
                while len(self._trail) > start:
                    self._undo_last()
                del self._levels[target:]
                self._recheck += [clause for since, clause in self._late if since <= target]
                self._late = [late for late in self._late if late[0] < target]
                return

    def _note_late(self, clause: Clause) -> None:
        """Remember a clause that is added later than the level at which it began to bind.

        What it concludes now is undone by going back, even where the reasons are not.
        """
        if not self._levels:
            return
        held = [self._held_since(package, mask) for package, mask in clause.terms.items()]
        if len(held) > 2:
            held.sort()
            del held[:-2]
        since = min(held) if len(held) > 1 else -1
        if since < self._levels[-1]:
            self._late.append((bisect_right(self._levels, since), clause))

    def _watch(self, clause: Clause) -> None:
        """Watch the two terms that came to hold last (or do not hold)."""
        latest = sorted(clause.terms, key=lambda p: (-self._held_since(p, clause.terms[p]), p))
        clause.watched = (latest[0], latest[1])
        for package in clause.watched:
            self._watching[package].append(clause)

    def _held_since(self, package: int, mask: int) -> int:
        """Return the trail position that put the domain inside ``mask``, -1 where it always was."""
        if self.domains[package] & ~mask:
            return len(self._trail)
        for position, before, _ in reversed(self._changes[package]):
            if before & ~mask:
                return position
        return -1

    def _wake(self, package: int) -> Clause | None:
        """Look at the learnt clauses that watch ``package``; return a violated one."""
        domains = self.domains
        watching = self._watching[package]
        kept = 0
        for index, clause in enumerate(watching):
            terms = clause.terms
            one, two = clause.watched
            other = two if one == package else one
            watching[kept] = clause
            kept += 1
            if domains[package] & ~terms[package] or not domains[other] & terms[other]:
                continue
            for spare, mask in terms.items():
                if spare not in (package, other) and domains[spare] & ~mask:
                    clause.watched = (other, spare)
                    self._watching[spare].append(clause)
                    kept -= 1
                    break
            else:
                left = domains[other] & ~terms[other]
                if not left:
                    watching[kept:] = watching[index + 1 :]
                    return clause
                self._narrow(other, left, clause)
        del watching[kept:]
        return None

    def _consequence(self, clause: Clause) -> Clause | None:
        """Conclude from one clause alone; return it if all of its terms hold."""
        free = [p for p, mask in clause.terms.items() if self.domains[p] & ~mask]
        if not free:
            return clause
        if len(free) == 1:
            package = free[0]
            left = self.domains[package] & ~clause.terms[package]
            if left != self.domains[package]:
                self._narrow(package, left, clause)
        return None
