"""What installed packages ask for in vain: an environment may be at odds with itself already.

Layer: solver. Pure. A package counts as its channel describes it now, where a channel lists it:
corrections of dependencies can be what breaks an environment.
"""

from collections.abc import Iterable, Mapping

from xconda_core.errors import XcondaError
from xconda_core.models.conditions import holds
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.candidates import with_installed
from xconda_core.solver.request import Request
from xconda_core.values import replace


def lacks(records: Mapping[str, PackageRecord], name: str, request: Request) -> tuple[str, ...]:
    """Return the dependencies and constraints of one installed package that do not hold."""
    record = _as_known(records[name], request)
    there = _there(records, request)
    return (*_unmet(record.depends, there, True), *_unmet(record.constrains, there, False))


def without_lacks(
    records: Mapping[str, PackageRecord], name: str, request: Request
) -> PackageRecord:
    """Return the record of an installed package without what it asks for in vain."""
    record = _as_known(records[name], request)
    vain = set(lacks(records, name, request))
    return replace(
        record,
        depends=tuple(text for text in record.depends if text not in vain),
        constrains=tuple(text for text in record.constrains if text not in vain),
    )


def is_met(spec: MatchSpec, request: Request) -> bool:
    """Whether something installed is what ``spec`` asks for, or its condition does not hold."""
    there = _there({name: each.record for name, each in request.state.installed.items()}, request)
    return not _counts(spec, there) or any(spec.matches(each) for each in there.values())


def _counts(spec: MatchSpec, there: Mapping[str, PackageRecord]) -> bool:
    def is_there(condition: MatchSpec) -> bool:
        other = there.get(condition.name)
        return other is not None and condition.matches(other)

    return spec.when is None or holds(spec.when, is_there)


def _as_known(record: PackageRecord, request: Request) -> PackageRecord:
    candidates, position = with_installed(request.index.candidates(record.name), record)
    return candidates.record(position)


def _there(records: Mapping[str, PackageRecord], request: Request) -> Mapping[str, PackageRecord]:
    facts = {
        fact.name: PackageRecord(name=fact.name, version=fact.version, build=fact.build)
        for fact in request.virtual_packages
    }
    return {**records, **facts}


def _unmet(texts: Iterable[str], there: Mapping[str, PackageRecord], needed: bool) -> Iterable[str]:
    for text in texts:
        try:
            spec = MatchSpec.parse(text)
        except XcondaError:
            yield text
            continue
        other = there.get(spec.name)
        is_right = not needed if other is None else spec.matches(other)
        if not is_right and _counts(spec, there):
            yield text
