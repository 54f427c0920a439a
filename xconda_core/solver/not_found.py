"""Something that the user asks for exists nowhere: say what is near it. Layer: solver. Pure."""

from collections.abc import Iterable
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.nearest import nearest_words
from xconda_core.solver.package_table import PackageTable
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.universe import Universe
from xconda_core.values import dataclass

NEAREST: Final = 4
NEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class MissingRequest:
    """One request that no record matches.

    Attributes:
        spec: MatchSpec text.
        name: The package name in it.
        versions: Newest versions that there are, newest first; empty where the name is unknown.
        oldest: The oldest version.
        version_count: How many versions there are.
        next_versions: Those next to what is asked, the one below first; empty where the spec names
            no range.
        builds: Builds of the versions that the spec allows, where only the build is amiss.
        nearest: Names that are spelt much like it.
    """

    spec: str
    name: str
    versions: tuple[str, ...] = ()
    oldest: str = ""
    version_count: int = 0
    next_versions: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


class PackagesNotFound(XcondaError):
    """No channel that was searched has what the user asks for.

    Attributes:
        missing: The requests that no record matches.
        channels: Names of the channels searched.
    """

    code: ClassVar[str] = "package-not-found"

    def __init__(self, missing: tuple[MissingRequest, ...], channels: tuple[str, ...]) -> None:
        super().__init__(missing, channels)
        self.missing, self.channels = missing, channels
        asked = " or ".join(f"'{each.spec}'" for each in missing)
        where = ", ".join(channels) or "no channel at all"
        self.what = f"No package matches {asked}."
        self.why = f"in {where}, " + "; ".join(_why(each) for each in missing) + "."
        self.fix = _fix(missing)


def missing_requests(problem: SolveProblem, universe: Universe) -> tuple[MissingRequest, ...]:
    """Return the requests that no record of the index, nor anything installed, matches."""
    return tuple(
        _described(spec, problem, universe)
        for spec in problem.specs
        if not any(universe.matching(spec).values())
    )


def _described(spec: MatchSpec, problem: SolveProblem, universe: Universe) -> MissingRequest:
    if not spec.is_exact_name:
        return MissingRequest(spec=problem.spelling(spec), name=spec.name)
    table = universe.table(universe.number(spec.name))
    if not table.count:
        near = () if table.is_virtual else _nearest(spec.name, problem.index.names())
        return MissingRequest(spec=problem.spelling(spec), name=spec.name, nearest=near)
    versions = [version.text for version in table.versions_of(table.present)]
    builds = table.builds_of(table.matching_version(spec))
    return MissingRequest(
        spec=problem.spelling(spec),
        name=spec.name,
        versions=tuple(versions[: -NEWEST - 1 : -1]),
        oldest=versions[0],
        version_count=len(versions),
        next_versions=_next_to(spec, table),
        builds=tuple(builds[:NEWEST]),
    )


def _next_to(spec: MatchSpec, table: PackageTable) -> tuple[str, ...]:
    """Return the versions that there are on both sides of those that ``spec`` allows."""
    wanted = spec.version
    if wanted is None or not wanted.switches:
        return ()
    versions = table.versions_of(table.present)
    below = [version.text for version in versions if version.key < wanted.switches[0]]
    above = [version.text for version in versions if version.key >= wanted.switches[-1]]
    if len(wanted.switches) % 2:  # what is asked has no upper end
        above = []
    return (*below[-1:], *above[:1])


def _nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    known = sorted(names)
    near = [*nearest_words(name, known, count=NEAREST, cutoff=0.75)]
    if len(name) > 2:
        inside = [each for each in known if name in each]
        near += sorted(inside, key=lambda each: (len(each), each))
    return tuple(dict.fromkeys(near))[:NEAREST]


def _why(missing: MissingRequest) -> str:
    if missing.builds:
        builds = ", ".join(missing.builds)
        return f"{missing.name} of that version has other builds only, such as {builds}"
    if missing.version_count == 1:
        return f"the only version of {missing.name} is {missing.oldest}"
    if missing.next_versions:
        has = f"{missing.name} has {missing.version_count} versions, {missing.oldest} to"
        return f"{has} {missing.versions[0]}; next to that {_are(missing.next_versions)}"
    if missing.versions:
        versions = ", ".join(missing.versions)
        more = missing.version_count - len(missing.versions)
        older = f" and {more} older, down to {missing.oldest}" if more else ""
        return f"the versions of {missing.name} are {versions}{older}"
    if missing.name.startswith("__"):
        return f"{missing.name} is a fact of the machine, which this machine does not have"
    return f"no package is named {missing.name}"


def _fix(missing: tuple[MissingRequest, ...]) -> str:
    ways = []
    near = list(dict.fromkeys(name for each in missing for name in each.nearest))
    if near:
        ways.append(f"did you mean {' or '.join(near)}?")
    if any(each.builds for each in missing):
        ways.append("leave the build out.")
    if any(each.versions and not each.builds for each in missing):
        ways.append(_other_versions(missing))
    if not all(each.versions for each in missing):
        ways.append("name a channel that has it with -c CHANNEL.")
    return " ".join(ways)


def _other_versions(missing: tuple[MissingRequest, ...]) -> str:
    near = [
        " or ".join(f"{each.name}={version}" for version in each.next_versions)
        for each in missing
        if each.next_versions and not each.builds
    ]
    if not near:
        return "ask for a version that exists, or leave it out."
    return f"ask for {' and for '.join(near)}, or leave the version out."


def _are(versions: tuple[str, ...]) -> str:
    return f"is {versions[0]}" if len(versions) == 1 else f"are {' and '.join(versions)}"
