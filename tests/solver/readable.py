"""Tiny universes as text, and a judge of solutions that shares nothing with the search.

A line is a candidate::

    numpy 2.0 py312_0 needs python 3.12.* and blas >=3 allows scipy >=1.10

``build`` may be left out (``0``), and so may ``needs`` and ``allows`` (constraints). A number after
the last ``_`` of the build is its build number. ``[track_features]`` at the end of a line gives it
a tracked feature.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from xconda_core.cancel import CancelToken
from xconda_core.events import Reporter, silent
from xconda_core.models.conditions import holds
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.index import Index
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.fulfil import fulfil
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.request import Request, RequestRules, RequestVerb
from xconda_core.solver.search import solve

_AND = re.compile(r" and (?![^\[]*\])")  # not the one inside a condition


def record(line: str, channel: str = "https://example.org/main") -> PackageRecord:
    line, features = line.removesuffix(" [track_features]"), line.endswith(" [track_features]")
    said, _, allows = line.partition(" allows ")
    parts, _, needs = said.partition(" needs ")
    name, version, *build = parts.split()
    build_string = build[0] if build else "0"
    number = build_string.rpartition("_")[2]
    return PackageRecord(
        name=name,
        version=version,
        build=build_string,
        build_number=int(number) if number.isdigit() else 0,
        subdir="linux-64",
        channel=channel,
        fn=f"{name}-{version}-{build_string}.conda",
        depends=tuple(_AND.split(needs)) if needs else (),
        constrains=tuple(_AND.split(allows)) if allows else (),
        track_features=("old",) if features else (),
    )


def records(text: str, channel: str = "https://example.org/main") -> list[PackageRecord]:
    return [record(line.strip(), channel) for line in text.splitlines() if line.strip()]


def universe(text: str) -> MemoryIndex:
    return MemoryIndex(records(text), channels=["main"])


def machine(*facts: str) -> tuple[VirtualPackage, ...]:
    return tuple(VirtualPackage(*fact.split()) for fact in facts)


def specs(*texts: str) -> tuple[MatchSpec, ...]:
    return tuple(MatchSpec.parse(text) for text in texts)


def environment(text: str, *, requested: str = "", pinned: Iterable[str] = ()) -> EnvironmentState:
    """Return a state with the packages of ``text``; ``requested`` is specs with commas between."""
    installed = {each.name: PrefixRecord(record=each) for each in records(text)}
    asked = [part.strip() for part in requested.split(";") if part.strip()]
    return EnvironmentState(
        prefix=PurePath("/envs/test"),
        installed=dict(sorted(installed.items())),
        requested={MatchSpec.parse(spec).name: spec for spec in asked},
        pinned=tuple(pinned),
        exists=True,
    )


def asking(
    index: Index,
    state: EnvironmentState,
    *wanted: str,
    verb: RequestVerb = "install",
    **more: Any,
) -> Request:
    """Return a request; ``more`` are its other fields, or those of its rules."""
    known = {field.name for field in fields(RequestRules)}
    rules = RequestRules(**{name: value for name, value in more.items() if name in known})
    rest = {name: value for name, value in more.items() if name not in known}
    return Request(verb=verb, index=index, state=state, specs=wanted, rules=rules, **rest)


def fulfilled(request: Request, report: Reporter = silent) -> list[str]:
    """Return what is there after a request, as lines."""
    return shown(fulfil(request, solve, report, CancelToken()).records)


def solved(problem: SolveProblem) -> list[str]:
    """Return the solution as ``name version build`` lines; a build of ``0`` is left out."""
    return shown(answer(problem).records)


def answer(problem: SolveProblem) -> Solution:
    solution = solve(problem, silent, CancelToken())
    assert violations(solution.records, problem) == []
    return solution


def ask(index: Index, *texts: str, virtual: Iterable[str] = ()) -> SolveProblem:
    wanted = specs(*texts)
    return SolveProblem(
        index=index,
        specs=wanted,
        virtual_packages=machine(*virtual),
        spellings=dict(zip(wanted, texts, strict=True)),
    )


def shown(found: Mapping[str, PackageRecord]) -> list[str]:
    return [
        f"{each.name} {each.version}" + (f" {each.build}" if each.build != "0" else "")
        for each in found.values()
    ]


def violations(found: Mapping[str, PackageRecord], problem: SolveProblem) -> list[str]:
    """Return everything that is wrong with a solution, each as a sentence."""
    there = dict(found)
    for fact in problem.virtual_packages:
        there[fact.name] = PackageRecord(name=fact.name, version=fact.version, build=fact.build)
    wrong = [
        f"{name} is in place of {each.name}" for name, each in found.items() if name != each.name
    ]
    wrong += [
        f"{spec} is not there"
        for spec in (*problem.specs, *problem.kept_specs, *problem.installed_specs)
        if not any(spec.matches(each) for each in there.values())
    ]
    wrong += [
        f"{there[pin.name]} breaks the pin {pin}"
        for pin in problem.pins
        if pin.name in there and not pin.matches(there[pin.name])
    ]
    wrong += [f"{name} should be gone" for name in problem.absent & found.keys()]
    for each in found.values():
        wrong += [f"{each} misses {text}" for text in each.depends if not _is_met(text, there)]
        wrong += [
            f"{each} excludes {MatchSpec.parse(text).name}"
            for text in each.constrains
            if MatchSpec.parse(text).name in there and not _is_met(text, there)
        ]
    return wrong + _missed_by_groups(problem, found, there)


def _is_met(text: str, there: Mapping[str, PackageRecord]) -> bool:
    spec = MatchSpec.parse(text)
    if spec.when is not None and not _applies(spec, there):
        return True
    return spec.name in there and spec.matches(there[spec.name])


def _applies(spec: MatchSpec, there: Mapping[str, PackageRecord]) -> bool:
    def is_so(condition: MatchSpec) -> bool:
        return any(condition.matches(each) for each in there.values())

    return spec.when is None or holds(spec.when, is_so)


def _missed_by_groups(
    problem: SolveProblem, found: Mapping[str, PackageRecord], there: Mapping[str, PackageRecord]
) -> list[str]:
    """Return what groups of optional dependencies that somebody wants do not find."""
    asked = (*problem.specs, *problem.kept_specs, *problem.installed_specs)
    texts = [text for each in found.values() for text in each.depends]
    waiting = [spec for spec in (*asked, *map(MatchSpec.parse, texts)) if _applies(spec, there)]
    known, wrong = set(), []
    while waiting:
        spec = waiting.pop()
        for group in spec.extras if spec.name in found else ():
            if (spec.name, group) not in known:
                known.add((spec.name, group))
                lines = _listed(found[spec.name], group)
                missed = [line for line in lines if not _is_met(line, there)]
                wrong += [f"{spec.name}[{group}] misses {line}" for line in missed]
                more = map(MatchSpec.parse, lines)
                waiting += [each for each in more if _applies(each, there)]
    return wrong


def _listed(record: PackageRecord, group: str) -> list[str]:
    groups = record.extra.get("extra-depends")
    lines = groups.get(group) if isinstance(groups, dict) else None
    return [str(line) for line in lines] if isinstance(lines, list) else []
