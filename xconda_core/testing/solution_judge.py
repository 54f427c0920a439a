"""A judge of solutions that shares nothing with any solver. Layer: testing."""

from collections.abc import Mapping

from xconda_core.models.conditions import holds
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.problem import SolveProblem


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
        if _applies(spec, there) and not any(spec.matches(each) for each in there.values())
    ]
    wrong += [
        f"{there[pin.name]} breaks the pin {pin}"
        for pin in problem.pins
        if pin.name in there and _applies(pin, there) and not pin.matches(there[pin.name])
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
