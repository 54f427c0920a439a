"""What "install", "update" and "remove" mean: a request and a state become a problem.

Layer: solver. Pure. The rules are conda's, where conda's own solvers agree:

* What the user asked for earlier keeps holding, unless the request names the same package.
* Python keeps its minor series unless the request names ``python``.
* Everything else that is installed stays as it is if it can, and goes only if nothing lets it stay.
* The packages named move to the best version that all of this allows, and so does what is always
  kept up to date (``aggressive_update_packages``).
* Removing a package removes what depends on it, and then what only those needed; what the user
  asked for stays.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.channel_url import mask_secrets
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.nearest import nearest_words
from xconda_core.models.package_record import PackageRecord
from xconda_core.solver.consistency import without_lacks
from xconda_core.solver.dependency_conditions import alternatives
from xconda_core.solver.needs import needs_of, reached, turned
from xconda_core.solver.pins import read_pins
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.request import NONE_MADE, Concessions, Request

# conda's own list: installers that put these in did not always write down that they were asked for.
_AS_IF_ASKED_FOR: Final = frozenset(
    {
        "anaconda",
        "conda",
        "conda-build",
        "console_shortcut",
        "powershell_shortcut",
        "python.app",
    }
)


class PackagesNotInstalled(XcondaError):
    """The request is about packages that the environment does not have.

    Attributes:
        specs: Those of the user's specs that nothing installed matches, credentials masked.
        nearest: Installed names that are spelt much like them.
        prefix: The environment.
    """

    code: ClassVar[str] = "package-not-installed"

    def __init__(self, specs: tuple[str, ...], state: EnvironmentState, *, update: bool) -> None:
        specs = tuple(map(mask_secrets, specs))
        super().__init__(specs, state.prefix)
        self.specs, self.prefix = specs, state.prefix
        near = [nearest_words(spec, state.installed, count=2, cutoff=0.75) for spec in specs]
        self.nearest = tuple(dict.fromkeys(name for names in near for name in names))
        asked = " and ".join(f"'{spec}'" for spec in specs) + (" are" if len(specs) > 1 else " is")
        self.what = f"Nothing was {'updated' if update else 'removed'}: {asked} not installed."
        self.why = f"no package in {state.prefix} matches."
        ways = ["`xconda list` shows what is."]
        if self.nearest:
            ways.insert(0, f"did you mean {' or '.join(self.nearest)}?")
        if update:
            ways.append(f"To add it: `xconda install {' '.join(specs)}`.")
        self.fix = " ".join(ways)


class VersionInUpdate(XcondaError):
    """``update`` brings packages to their best version; it takes no other.

    Attributes:
        specs: Those of the user's specs that say which version or build, credentials masked.
    """

    code: ClassVar[str] = "version-in-update"

    def __init__(self, specs: tuple[str, ...]) -> None:
        specs = tuple(map(mask_secrets, specs))
        super().__init__(specs)
        self.specs = specs
        self.what = f"Nothing was updated: {' and '.join(specs)} names a version or build."
        self.why = "update takes names, and brings their packages to the best version there is."
        texts = " ".join(f'"{text}"' for text in specs)
        self.fix = f"`xconda install {texts}` installs the version that you name."


class UnsupportedSpec(XcondaError):
    """A request uses a condition where it has no meaning, or one that cannot be decided.

    Attributes:
        spec: The request, credentials masked.
    """

    code: ClassVar[str] = "unsupported-spec"

    def __init__(self, spec: str, reason: str) -> None:
        spec = mask_secrets(spec)
        super().__init__(spec, reason)
        self.spec = spec
        self.what = f"'{spec}' was not solved for."
        self.why = f"{reason}."
        self.fix = "ask for it without the condition, where that holds."


def problem_for(request: Request, made: Concessions = NONE_MADE) -> SolveProblem:
    """Return the problem of a request.

    Raises:
        PackagesNotInstalled: ``update`` or ``remove`` of something that is not installed.
        VersionInUpdate: ``update`` names a version.
        InvalidMatchSpec, UnsupportedSpec: a spec cannot be read or honoured.
        InvalidPin, PinsOfOneName: a pin cannot be read, or two contradict each other.
    """
    if request.verb == "remove":
        return _removal(request, made)
    if request.verb == "update":
        _refuse_unfit_update(request)
    return _change(request, made)


def _change(request: Request, made: Concessions) -> SolveProblem:
    """Return the problem of creating, installing or updating."""
    state, rules = request.state, request.rules
    wanted = [_wish(text, request.read) for text in request.specs]
    named = {spec.name for spec in wanted}
    aggressive = _aggressive(request, named)
    moving = named | aggressive.keys() | made.moving
    kept = _kept_specs(request, made, named, aggressive)
    pins = read_pins(request)
    return SolveProblem(
        index=request.index,
        specs=tuple(wanted),
        kept_specs=kept,
        installed_specs=_python_series(state, named),
        pins=tuple(pins),
        excluded=tuple(request.read(text) for text in request.excluded),
        excluded_by=request.excluded_by,
        pin_places=pins,
        installed=_installed(request, made),
        kept_names=() if rules.prune else _others(state, named, kept),
        companions=_companions(state, request.pip_comes_with_python),
        updates=frozenset(state.installed if rules.update == "all" else moving),
        frozen=frozenset(state.installed.keys() - named if rules.update == "frozen" else ()),
        tolerated=made.tolerated,
        virtual_packages=tuple(request.virtual_packages),
        spellings=_spellings(
            request,
            [
                *request.specs,
                *(text for text, _ in request.pins),
                *request.excluded,
                *state.requested.values(),
            ],
        ),
    )


def _refuse_unfit_update(request: Request) -> None:
    specs = {text: _unconditional(text, request) for text in request.specs}
    foreign = [text for text, spec in specs.items() if spec.name not in request.state.installed]
    if foreign:
        raise PackagesNotInstalled(tuple(foreign), request.state, update=True)
    narrow = [
        text
        for text, spec in specs.items()
        if (spec.version, spec.build, spec.build_number) != (None, None, None)
    ]
    if narrow:
        raise VersionInUpdate(tuple(narrow))


def _removal(request: Request, made: Concessions) -> SolveProblem:
    """Return the problem of removing what the specs match, and what cannot or need not stay."""
    state = request.state
    meant = removed_names(request)
    pins = read_pins(request)
    needs = needs_of({name: prefix.record for name, prefix in state.installed.items()})
    gone = meant | reached(meant, turned(needs))
    gone |= _orphans(gone, needs, {*_asked_earlier(state), *_aggressive(request, meant)})
    return SolveProblem(
        index=request.index,
        pins=tuple(pins),
        pin_places=pins,
        installed=_installed(request, made),
        kept_names=tuple(sorted(state.installed.keys() - gone)),
        absent=frozenset(gone),
        tolerated=made.tolerated,
        virtual_packages=tuple(request.virtual_packages),
        spellings=_spellings(request, [text for text, _ in request.pins]),
    )


def removed_names(request: Request) -> set[str]:
    """Return the names of the installed packages that a removal means.

    Raises:
        PackagesNotInstalled: a spec matches nothing installed.
        InvalidMatchSpec: a spec cannot be read.
    """
    meant: set[str] = set()
    foreign = []
    for text in request.specs:
        spec = _unconditional(text, request)
        installed = request.state.installed.items()
        matches = {name for name, prefix in installed if spec.matches(prefix.record)}
        meant |= matches
        if not matches:
            foreign.append(text)
    if foreign:
        raise PackagesNotInstalled(tuple(foreign), request.state, update=False)
    return meant


def _wish(text: str, read: Callable[[str], MatchSpec]) -> MatchSpec:
    """Return a spec; its condition, if it has one (CEP 43), is one that a search can decide."""
    spec = read(text)
    if alternatives(spec.when) is None:
        raise UnsupportedSpec(text, "its condition is not about single packages, or too long")
    if spec.when is not None and not spec.is_exact_name:
        raise UnsupportedSpec(text, "a condition stands with the name of one package")
    return spec


def _unconditional(text: str, request: Request) -> MatchSpec:
    spec = request.read(text)
    if spec.when is not None:
        raise UnsupportedSpec(text, f"{request.verb} is about what is there, whatever else is")
    return spec


def _installed(request: Request, made: Concessions) -> Mapping[str, PackageRecord]:
    """Return what is installed; of what is tolerated, without what it asks for in vain."""
    records = {name: prefix.record for name, prefix in request.state.installed.items()}
    for name in made.tolerated:
        records[name] = without_lacks(records, name, request)
    return records


def _aggressive(request: Request, named: set[str]) -> Mapping[str, MatchSpec]:
    """Return what is always kept up to date, and is installed, by name."""
    if request.rules.update == "frozen":
        return {}
    specs = [request.read(text) for text in request.aggressive_updates]
    return {
        spec.name: spec
        for spec in specs
        if spec.name in request.state.installed and spec.name not in named
    }


def _kept_specs(
    request: Request, made: Concessions, named: set[str], aggressive: Mapping[str, MatchSpec]
) -> tuple[MatchSpec, ...]:
    """Return what the user asked for earlier; without any history, all that is installed.

    What no longer holds of an earlier wish is not made to hold again: of that the name is left,
    and so it is where everything is updated.
    """
    state = request.state
    if request.rules.prune:
        return ()
    earlier = _asked_earlier(state)
    kept = dict(aggressive)
    for name in earlier.keys() & state.installed.keys() - named - aggressive.keys():
        if name in made.moving or request.rules.update == "all":
            kept[name] = MatchSpec.parse(name)
        else:
            kept[name] = _earlier_wish(request, made, name, earlier[name])
    return tuple(spec for _, spec in sorted(kept.items()))


def _asked_earlier(state: EnvironmentState) -> Mapping[str, str]:
    """Return earlier wishes by name; without any history, the names of all that is installed."""
    if not state.requested:
        return dict.fromkeys(state.installed, "")
    return dict.fromkeys(_AS_IF_ASKED_FOR & state.installed.keys(), "") | dict(state.requested)


def _earlier_wish(request: Request, made: Concessions, name: str, text: str) -> MatchSpec:
    try:
        spec = request.read(text or name)
    except XcondaError:
        return MatchSpec.parse(name)
    if not spec.matches(request.state.installed[name].record):
        return MatchSpec.parse(name)
    return relaxed(spec) if name in made.relaxed else spec


def relaxed(spec: MatchSpec) -> MatchSpec:
    """Return what is left of an earlier wish that is relaxed: its version, extras, condition."""
    return MatchSpec(spec.name, spec.version, extras=spec.extras, when=spec.when)


def _python_series(state: EnvironmentState, named: set[str]) -> tuple[MatchSpec, ...]:
    python = state.installed.get("python")
    if python is None or "python" in named:
        return ()
    series = ".".join(python.record.version.split(".")[:2])
    return (MatchSpec.parse(f"python {series}.*"),)


def _others(state: EnvironmentState, named: set[str], kept: Iterable[MatchSpec]) -> tuple[str, ...]:
    return tuple(sorted(state.installed.keys() - named - {spec.name for spec in kept}))


def _companions(state: EnvironmentState, pip_comes_with_python: bool) -> Mapping[str, str]:
    wanted = pip_comes_with_python and "python" not in state.installed
    return {"python": "pip"} if wanted else {}


def _spellings(request: Request, texts: Iterable[str]) -> Mapping[MatchSpec, str]:
    spellings: dict[MatchSpec, str] = {}
    for text in texts:
        try:
            spellings.setdefault(request.read(text), mask_secrets(text))
        except XcondaError:
            continue  # an earlier wish that cannot be read counts by its name
    return spellings


def _orphans(gone: set[str], needs: Mapping[str, Iterable[str]], wanted: set[str]) -> set[str]:
    """Return what only packages that go needed, and nobody asked for."""
    staying = needs.keys() - gone
    doubtful = (reached(gone, needs) & staying) - wanted
    certain = staying - doubtful
    return doubtful - reached(certain, needs)
