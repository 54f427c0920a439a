"""What "install", "update" and "remove" mean: a request and a state become a problem.

Layer: solver. Pure. The rules are conda's, where conda's own solvers agree:

* What the user asked for earlier keeps holding, unless the request names the same package.
* Python keeps its minor series unless the request names ``python``.
* Everything else that is installed stays as it is if it can, and goes only if nothing lets it stay.
* The packages named move to the best version that all of this allows.
* Removing a package removes what depends on it, and then what only those needed; what the user
  asked for stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import ClassVar, Literal

from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.index import Index
from xconda_core.solver.problem import SolveProblem


class PackagesNotInstalled(XcondaError):
    """The request is about packages that the environment does not have.

    Attributes:
        specs: Those of the user's specs that nothing installed matches.
        nearest: Installed names that are spelt much like them.
        prefix: The environment.
    """

    code: ClassVar[str] = "package-not-installed"

    def __init__(self, specs: tuple[str, ...], state: EnvironmentState, *, update: bool) -> None:
        super().__init__(specs, state.prefix)
        self.specs, self.prefix = specs, state.prefix
        near = [get_close_matches(spec, list(state.installed), n=2, cutoff=0.75) for spec in specs]
        self.nearest = tuple(dict.fromkeys(name for names in near for name in names))
        asked = " or ".join(f"'{spec}'" for spec in specs)
        self.what = f"Nothing was {'updated' if update else 'removed'}: {asked} is not installed."
        self.why = f"no package in {state.prefix} matches."
        ways = ["see what is installed with `xconda list`."]
        if self.nearest:
            ways.insert(0, f"did you mean {' or '.join(self.nearest)}?")
        if update:
            ways.append(f"To add it: `xconda install {' '.join(specs)}`.")
        self.fix = " ".join(ways)


class UnsupportedSpec(XcondaError):
    """A request uses a part of MatchSpec that the solver cannot honour yet.

    Attributes:
        spec: The request.
    """

    code: ClassVar[str] = "unsupported-spec"

    def __init__(self, spec: str) -> None:
        super().__init__(spec)
        self.spec = spec
        self.what = f"'{spec}' was not solved for."
        self.why = "extras and conditions are understood in packages, not yet in requests."
        self.fix = "name the packages that they stand for."


def problem_for(
    verb: Literal["create", "install", "update", "remove"],
    index: Index,
    state: EnvironmentState,
    specs: Sequence[str],
    *,
    update_all: bool = False,
    pinned_packages: Sequence[str] = (),
    virtual_packages: Sequence[VirtualPackage] = (),
    pip_comes_with_python: bool = True,
) -> SolveProblem:
    """Return the problem of a request; see the function of each verb.

    Raises:
        PackagesNotInstalled: ``update`` or ``remove`` of something that is not installed.
        InvalidMatchSpec, UnsupportedSpec: a spec or pin cannot be read or honoured.
    """
    if verb == "remove":
        return remove_problem(
            index,
            state,
            specs,
            pinned_packages=pinned_packages,
            virtual_packages=virtual_packages,
        )
    if verb == "update":
        return update_problem(
            index,
            state,
            specs,
            update_all=update_all,
            pinned_packages=pinned_packages,
            virtual_packages=virtual_packages,
        )
    return install_problem(
        index,
        state,
        specs,
        pinned_packages=pinned_packages,
        virtual_packages=virtual_packages,
        pip_comes_with_python=pip_comes_with_python,
    )


def install_problem(
    index: Index,
    state: EnvironmentState,
    specs: Sequence[str],
    *,
    pinned_packages: Sequence[str] = (),
    virtual_packages: Sequence[VirtualPackage] = (),
    pip_comes_with_python: bool = True,
) -> SolveProblem:
    """Return the problem of installing ``specs``, into an environment that may be new.

    Args:
        index: What the channels offer.
        state: What is there.
        specs: MatchSpec texts in the user's words.
        pinned_packages: MatchSpec texts of the settings; those of the environment join them.
        virtual_packages: Facts of the machine.
        pip_comes_with_python: Where ``python`` is new, ``pip`` comes along if it can be had.

    Raises:
        InvalidMatchSpec, UnsupportedSpec: a spec or pin cannot be read or honoured.
    """
    wanted = [_wish(text) for text in specs]
    named = {spec.name for spec in wanted}
    kept = _kept_specs(state, named)
    pins = [*pinned_packages, *state.pinned]
    held = _python_series(state, named)
    return SolveProblem(
        index=index,
        specs=tuple(wanted),
        kept_specs=kept,
        installed_specs=held,
        pins=tuple(MatchSpec.parse(text) for text in pins),
        installed={name: prefix.record for name, prefix in state.installed.items()},
        kept_names=_others(state, named, kept),
        companions=_companions(state, pip_comes_with_python),
        updates=frozenset(named),
        virtual_packages=tuple(virtual_packages),
        spellings=_spellings([*specs, *pins, *state.requested.values()]),
    )


def update_problem(
    index: Index,
    state: EnvironmentState,
    specs: Sequence[str],
    *,
    update_all: bool = False,
    pinned_packages: Sequence[str] = (),
    virtual_packages: Sequence[VirtualPackage] = (),
) -> SolveProblem:
    """Return the problem of bringing packages to their best version.

    Args:
        index: What the channels offer.
        state: What is there.
        specs: MatchSpec texts of installed packages, in the user's words.
        update_all: Every package moves, and of what the user asked for earlier only the names
            count; Python keeps its minor series.
        pinned_packages: MatchSpec texts of the settings; those of the environment join them.
        virtual_packages: Facts of the machine.

    Raises:
        PackagesNotInstalled: a spec names something that is not installed.
        InvalidMatchSpec, UnsupportedSpec: a spec or pin cannot be read or honoured.
    """
    wanted = [_wish(text) for text in specs]
    foreign = [
        text for text, spec in zip(specs, wanted, strict=True) if spec.name not in state.installed
    ]
    if foreign:
        raise PackagesNotInstalled(tuple(foreign), state, update=True)
    named = {spec.name for spec in wanted}
    kept = _bare_specs(state, named) if update_all else _kept_specs(state, named)
    pins = [*pinned_packages, *state.pinned]
    return SolveProblem(
        index=index,
        specs=tuple(wanted),
        kept_specs=kept,
        installed_specs=_python_series(state, named),
        pins=tuple(MatchSpec.parse(text) for text in pins),
        installed={name: prefix.record for name, prefix in state.installed.items()},
        kept_names=_others(state, named, kept),
        updates=frozenset(state.installed if update_all else named),
        virtual_packages=tuple(virtual_packages),
        spellings=_spellings([*specs, *pins, *state.requested.values()]),
    )


def remove_problem(
    index: Index,
    state: EnvironmentState,
    specs: Sequence[str],
    *,
    pinned_packages: Sequence[str] = (),
    virtual_packages: Sequence[VirtualPackage] = (),
) -> SolveProblem:
    """Return the problem of removing what ``specs`` match, and what cannot or need not stay.

    Raises:
        PackagesNotInstalled: a spec matches nothing installed.
        InvalidMatchSpec, UnsupportedSpec: a spec or pin cannot be read or honoured.
    """
    installed = {name: prefix.record for name, prefix in state.installed.items()}
    meant: set[str] = set()
    foreign = []
    for text in specs:
        spec = MatchSpec.parse(text)
        matches = {name for name, record in installed.items() if spec.matches(record)}
        meant |= matches
        if not matches:
            foreign.append(text)
    if foreign:
        raise PackagesNotInstalled(tuple(foreign), state, update=False)
    needs = {name: _needed_names(record) for name, record in installed.items()}
    gone = meant | _reached(meant, _turned(needs))
    gone |= _orphans(gone, needs, state)
    pins = [*pinned_packages, *state.pinned]
    return SolveProblem(
        index=index,
        pins=tuple(MatchSpec.parse(text) for text in pins),
        installed=installed,
        kept_names=tuple(sorted(installed.keys() - gone)),
        absent=frozenset(gone),
        virtual_packages=tuple(virtual_packages),
        spellings=_spellings(pins),
    )


def _wish(text: str) -> MatchSpec:
    spec = MatchSpec.parse(text)
    if spec.extras or spec.when is not None:
        raise UnsupportedSpec(text)
    return spec


def _kept_specs(state: EnvironmentState, named: set[str]) -> tuple[MatchSpec, ...]:
    """Return what the user asked for earlier; without any history, all that is installed.

    What no longer holds of an earlier wish is not made to hold again: of that the name is left.
    """
    if not state.requested:
        return _bare_specs(state, named)
    kept = []
    for name, text in sorted(state.requested.items()):
        prefix = state.installed.get(name)
        if prefix is None or name in named:
            continue
        try:
            spec = MatchSpec.parse(text)
        except XcondaError:
            spec = MatchSpec.parse(name)
        kept.append(spec if spec.matches(prefix.record) else MatchSpec.parse(name))
    return tuple(kept)


def _bare_specs(state: EnvironmentState, named: set[str]) -> tuple[MatchSpec, ...]:
    names = (state.requested or state.installed).keys() & state.installed.keys()
    return tuple(MatchSpec.parse(name) for name in sorted(names - named))


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


def _spellings(texts: Iterable[str]) -> Mapping[MatchSpec, str]:
    spellings: dict[MatchSpec, str] = {}
    for text in texts:
        try:
            spellings.setdefault(MatchSpec.parse(text), text)
        except XcondaError:
            continue  # an earlier wish that cannot be read counts by its name
    return spellings


def _needed_names(record: PackageRecord) -> frozenset[str]:
    return frozenset(text.split(None, 1)[0].split("[", 1)[0] for text in record.depends)


def _turned(needs: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return who needs a name, given what each name needs."""
    needed_by: dict[str, set[str]] = {}
    for name, others in needs.items():
        for other in others:
            needed_by.setdefault(other, set()).add(name)
    return needed_by


def _reached(start: Iterable[str], steps: Mapping[str, Iterable[str]]) -> set[str]:
    """Return every name that steps lead to from ``start``."""
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        for name in steps.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def _orphans(
    gone: set[str], needs: Mapping[str, Iterable[str]], state: EnvironmentState
) -> set[str]:
    """Return what only packages that go needed; nothing where there is no history to judge by."""
    if not state.requested:
        return set()
    staying = needs.keys() - gone
    doubtful = (_reached(gone, needs) & staying) - state.requested.keys()
    certain = staying - doubtful
    return doubtful - _reached(certain, needs)
