"""Requests and answers about tiny universes, as text (``xconda_core.testing.universes``)."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from xconda_core.cancel import CancelToken
from xconda_core.events import Reporter, silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.repodata.index import Index
from xconda_core.solver.fulfil import fulfil
from xconda_core.solver.problem import Solution, SolveProblem
from xconda_core.solver.request import Request, RequestRules, RequestVerb
from xconda_core.solver.search import solve
from xconda_core.testing.solution_judge import violations
from xconda_core.testing.universes import machine, record, records, specs, universe

__all__ = ["machine", "record", "records", "specs", "universe", "violations"]


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
