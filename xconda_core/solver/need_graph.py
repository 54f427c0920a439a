"""Which installed package needs which, and the questions that are asked of it. Layer: solver. Pure.

Walks have no recursion, and cycles are part of life: packages may need each other.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from xconda_core.models.conditions import holds
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.listing import dependency_name
from xconda_core.values import Slotted, dataclass

EXTRA_FIELD: Final = "extra-depends"  # CEP 44


@dataclass(frozen=True, slots=True)
class NeedGraph(Slotted):
    """Who needs whom, and in which words.

    Attributes:
        needs: Package name to the names it needs that are there, each with the dependency as its
            author wrote it.
        lacks: Package name to the dependencies of which nothing is there.
    """

    needs: Mapping[str, Mapping[str, str]]
    lacks: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls,
        records: Mapping[str, PackageRecord],
        requested: Mapping[str, str],
        machine: Iterable[VirtualPackage] = (),
    ) -> "NeedGraph":
        """Return the graph of what is installed.

        A dependency under a condition (CEP 43) counts where the condition holds, a group of
        optional ones (CEP 44) where the user asked for the group.

        Args:
            records: Package name to what is installed.
            requested: Package name to the spec by which the user asked for it.
            machine: Virtual packages, which conditions may ask for.
        """
        facts = {f.name: PackageRecord(name=f.name, version=f.version, build="") for f in machine}
        there = {**records, **facts}
        needs: dict[str, dict[str, str]] = {}
        lacks: dict[str, tuple[str, ...]] = {}
        for name, record in records.items():
            lines: dict[str, str] = {}
            missing = []
            for text in (*record.depends, *_optional(record, requested.get(name, ""))):
                target = _target(text, there)
                if target in records:
                    before = lines.get(target)
                    lines[target] = text if before in {None, text} else f"{before} and {text}"
                elif target and not target.startswith("__"):
                    missing.append(text)
            needs[name] = lines
            if missing:
                lacks[name] = tuple(missing)
        return cls(needs, lacks)

    def turned(self) -> dict[str, dict[str, str]]:
        """Return for each package who needs it, and in which words."""
        found: dict[str, dict[str, str]] = {name: {} for name in self.needs}
        for name, others in self.needs.items():
            for other, text in others.items():
                found[other][name] = text
        return found

    def reached(self, start: Iterable[str]) -> set[str]:
        """Return ``start`` and everything that it needs."""
        found = {name for name in start if name in self.needs}
        waiting = list(found)
        while waiting:
            fresh = self.needs[waiting.pop()].keys() - found
            found |= fresh
            waiting += fresh
        return found

    def tops(self) -> tuple[str, ...]:
        """Return the fewest names that everything is reached from: those that nobody needs.

        Of packages that only need each other, the first by name stands for all.
        """
        needed = {other for name, others in self.needs.items() for other in others if other != name}
        tops = [name for name in sorted(self.needs) if name not in needed]
        seen = self.reached(tops)
        for name in sorted(self.needs):
            if name not in seen:
                tops.append(name)
                seen |= self.reached((name,))
        return tuple(sorted(tops))


Chain = tuple[str, ...]  # names, each of which needs the next


def shortest_chains(graph: NeedGraph, start: str, target: str) -> Iterator[Chain]:
    """Yield every shortest way from ``start`` to ``target``, in alphabetical order; none: nothing.

    There may be exponentially many, so they come one by one.
    """
    distance = _distances(graph.turned(), target)
    if start not in distance:
        return
    waiting: list[Chain] = [(start,)]
    while waiting:
        chain = waiting.pop()
        left = distance[chain[-1]]
        if left == 0:
            yield chain
            continue
        nearer = [name for name in graph.needs[chain[-1]] if distance.get(name) == left - 1]
        waiting += [(*chain, name) for name in sorted(nearer, reverse=True)]


def _distances(needed_by: Mapping[str, Mapping[str, str]], target: str) -> dict[str, int]:
    """Return how many steps away from ``target`` each package is that needs it somehow."""
    distance = {target: 0}
    waiting = deque((target,))
    while waiting:
        name = waiting.popleft()
        for other in needed_by.get(name, ()):
            if other not in distance:
                distance[other] = distance[name] + 1
                waiting.append(other)
    return distance


def _target(text: str, there: Mapping[str, PackageRecord]) -> str:
    """Return the name that a dependency needs; nothing where its condition does not hold."""
    if "[" not in text and "::" not in text:
        return dependency_name(text)
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpec:
        return dependency_name(text)

    def is_there(condition: MatchSpec) -> bool:
        record = there.get(condition.name)
        return record is not None and condition.matches(record)

    return spec.name if spec.when is None or holds(spec.when, is_there) else ""


def _optional(record: PackageRecord, requested: str) -> Iterable[str]:
    groups = record.extra.get(EXTRA_FIELD)
    if not requested or not isinstance(groups, dict):
        return
    try:
        wanted = MatchSpec.parse(requested).extras
    except InvalidMatchSpec:
        return
    for group in sorted(wanted):
        listed = groups.get(group)
        yield from (
            (text for text in listed if isinstance(text, str)) if isinstance(listed, list) else ()
        )


@dataclass(frozen=True, slots=True)
class TreeLine(Slotted):
    """One package in a tree, in the order in which lines are read.

    Attributes:
        depth: How far from the top; tops are 0.
        name: Package name.
        text: The dependency that leads here; empty for a top.
        is_repeated: What hangs on it stands further up already.
        is_cut: More would hang on it, but the tree is not to be deeper.
    """

    depth: int
    name: str
    text: str = ""
    is_repeated: bool = False
    is_cut: bool = False


Steps = Callable[[str], Mapping[str, str]]  # the names that come below a name, and why


def tree_lines(
    tops: Iterable[str], below: Steps, *, depth: int | None = None, repeat: bool = True
) -> Iterator[TreeLine]:
    """Yield the tree of what comes below ``tops``.

    What hangs on a package is told once, where it comes first; a cycle ends there too.

    Args:
        tops: Names at the top.
        below: Returns what hangs on a name.
        depth: The deepest level that is told; None: all.
        repeat: A package that was told already has a line wherever it is needed.
    """
    told: set[str] = set()
    waiting = [TreeLine(0, name) for name in reversed(tuple(dict.fromkeys(tops)))]
    while waiting:
        line = waiting.pop()
        is_told = line.name in told
        if is_told and not repeat and line.depth:
            continue
        steps = below(line.name)
        is_cut = depth is not None and line.depth >= depth and bool(steps) and not is_told
        yield TreeLine(line.depth, line.name, line.text, is_told and bool(steps), is_cut)
        if is_cut or is_told:
            continue
        told.add(line.name)
        waiting += [
            TreeLine(line.depth + 1, name, text)
            for name, text in sorted(steps.items(), reverse=True)
        ]
