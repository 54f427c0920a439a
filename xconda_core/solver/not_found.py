"""Something that the user asks for exists nowhere: say what is near it. Layer: solver. Pure."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.repodata.index import Withheld
from xconda_core.solver.hidden import hidden, hidden_words
from xconda_core.solver.near_names import near_names
from xconda_core.solver.package_table import PackageTable
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.universe import Universe
from xconda_core.values import Slotted, dataclass

NEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class MissingRequest(Slotted):
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
        is_in_brackets: Only what the spec asks besides version and build is amiss.
        series: The same spec for a whole series of versions, where that would do: before a build
            ``=1.2`` means 1.2 itself.
        nearest: Names that are spelt much like it.
        withheld: What the configured channels have of it and the configuration hides, newest first.
    """

    spec: str
    name: str
    versions: tuple[str, ...] = ()
    oldest: str = ""
    version_count: int = 0
    next_versions: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    is_in_brackets: bool = False
    series: str = ""
    nearest: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    @property
    def is_fact(self) -> bool:
        """Whether it is asked of the machine, which no channel can change."""
        return self.name.startswith("__")

    @property
    def is_pattern(self) -> bool:
        """Whether it is asked of every name that fits a glob or an expression."""
        return "*" in self.name or self.name.startswith("^")

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all has that name."""
        return not (self.is_fact or self.versions or self.withheld or self.is_pattern)


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
        self.what = f"No package matches {asked}."
        self.why = _whys(missing, channels)
        self.fix = _fixes(missing)


def missing_requests(problem: SolveProblem, universe: Universe) -> tuple[MissingRequest, ...]:
    """Return the requests that no record of the index, nor anything installed, matches.

    A conditional one is none of them: whether it counts shows only in a solution.
    """
    return tuple(
        _described(spec, problem, universe)
        for spec in problem.specs
        if spec.when is None and not any(universe.matching(spec).values())
    )


def _described(spec: MatchSpec, problem: SolveProblem, universe: Universe) -> MissingRequest:
    text = problem.spelling(spec)
    if not spec.is_exact_name:
        return MissingRequest(spec=text, name=spec.name)
    table = universe.table(universe.number(spec.name))
    withheld = () if table.is_virtual else hidden(spec, problem.index)
    if not table.count:
        near = () if table.is_virtual or withheld else near_names(spec.name, problem.index.names())
        return MissingRequest(spec=text, name=spec.name, nearest=near, withheld=withheld)
    versions = [version.text for version in table.versions_of(table.present)]
    fitting = table.builds_of(table.matching_version(spec))
    asks_build = spec.build is not None or spec.build_number is not None
    return MissingRequest(
        spec=text,
        name=spec.name,
        versions=tuple(versions[: -NEWEST - 1 : -1]),
        oldest=versions[0],
        version_count=len(versions),
        next_versions=_next_to(spec, table),
        builds=tuple(fitting[:NEWEST]) if asks_build else (),
        is_in_brackets=bool(fitting) and not asks_build,
        series=_series(spec, table),
        withheld=withheld,
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


def _series(spec: MatchSpec, table: PackageTable) -> str:
    """Return the spec for the series of its one version, where there are such builds."""
    if spec.build is None or spec.version is None:
        return ""
    text = f"{spec.name}={str(spec.version).removeprefix('==')}.*={spec.build}"
    try:
        series = MatchSpec.parse(text)
    except InvalidMatchSpec:
        return ""
    return text if table.matching(series) else ""


def _whys(missing: Iterable[MissingRequest], channels: Sequence[str]) -> str:
    unknown, there, beside = [], [], []
    for each in missing:
        if each.is_unknown:
            unknown.append(each.name)
        elif each.withheld:
            is_listed = "is " if each.withheld[0].why == "offline" else ""
            beside.append(f"{each.name} {is_listed}{hidden_words(each.withheld)}")
        elif each.is_fact:
            has = " ".join((each.oldest, *each.builds)) or "none"
            beside.append(f"{each.name} is a fact of the machine, and this machine has {has}")
        else:
            there.append(_why(each))
    if unknown:
        there.insert(0, f"no package is named {' or '.join(unknown)}")
    if there:
        there[0] = f"in {' and '.join(channels) or 'no channel at all'}, {there[0]}"
    return "; ".join([*there, *beside]) + "."


def _why(missing: MissingRequest) -> str:
    if missing.is_pattern:
        return f"nothing has a name, version and build that fit {missing.spec}"
    if missing.series:
        return f"{missing.name} has such builds, of other versions of that series"
    if missing.builds:
        builds = ", ".join(missing.builds)
        return f"{missing.name} of that version has other builds only, such as {builds}"
    if missing.is_in_brackets:
        return f"no {missing.name} has what the brackets ask for"
    if missing.version_count == 1:
        return f"the only version of {missing.name} is {missing.oldest}"
    if missing.next_versions:
        has = f"{missing.name} has {missing.version_count} versions, {missing.oldest} to"
        return f"{has} {missing.versions[0]}; next to that {_are(missing.next_versions)}"
    versions = ", ".join(missing.versions)
    more = missing.version_count - len(missing.versions)
    older = f" and {more} older, down to {missing.oldest}" if more else ""
    return f"the versions of {missing.name} are {versions}{older}"


def _fixes(missing: tuple[MissingRequest, ...]) -> str:
    """Return what to do; of several requests, one line for each."""
    if len(missing) == 1:
        return _fix(missing[0])
    lines = []
    for each in missing:
        fix = _near(each) if each.is_unknown else _fix(each)
        lines += [f"{each.spec}: {fix}"] if fix else []
    unknown = [each.name for each in missing if each.is_unknown]
    if unknown:
        otherwise = "or name" if lines else "name"
        lines.append(f"{otherwise} a channel that has {' and '.join(unknown)} with -c CHANNEL.")
    return lines[0] if len(lines) == 1 else "\n    ".join(["for each of them:", *lines])


def _fix(missing: MissingRequest) -> str:
    if missing.is_unknown:
        otherwise = "name a channel that has it with -c CHANNEL."
        near = _near(missing)
        return f"{near} Or {otherwise}" if near else otherwise
    if missing.withheld:
        if missing.withheld[0].why == "offline":
            return f"ask for {missing.name} once with a network, without `--offline`."
        if missing.withheld[0].why == "exclude_newer":
            return (
                f"lift it for {missing.name}: `exclude_newer_package: {{{missing.name}: false}}`."
            )
        return f"take it from there: `{missing.withheld[0].channel}::{missing.spec}`."
    if missing.is_fact:
        fact = missing.name.removeprefix("__").upper()
        return f"if it is for another machine, set CONDA_OVERRIDE_{fact} to what that one has."
    if missing.is_pattern:
        return "see what there is with `xconda search PATTERN`."
    return _fix_version(missing)


def _near(missing: MissingRequest) -> str:
    return f"did you mean {' or '.join(missing.nearest)}?" if missing.nearest else ""


def _fix_version(missing: MissingRequest) -> str:
    if missing.series:
        return f"ask for {missing.series}: before a build, a version means itself alone."
    if missing.builds:
        return "leave the build out."
    if missing.is_in_brackets:
        return "leave the brackets out."
    if missing.next_versions:
        near = " or ".join(f"{missing.name}={version}" for version in missing.next_versions)
        return f"ask for {near}, or leave the version out."
    return "ask for a version that exists, or leave it out."


def _are(versions: Sequence[str]) -> str:
    return f"is {versions[0]}" if len(versions) == 1 else f"are {' and '.join(versions)}"
