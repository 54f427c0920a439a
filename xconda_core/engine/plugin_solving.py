"""What plugins do around a solve: facts of the machine, solvers, looks before and after it.

Layer: engine. Imported only where a plugin is installed.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from functools import partial
from sys import stderr
from typing import Final

from xconda_core import plugins
from xconda_core.cancel import CancelToken
from xconda_core.config.solver_names import OWN
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.events import Reporter
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.solver.problem import Solution, SolveProblem, Solver
from xconda_core.system.virtual_packages import InvalidOverride

_OWN_FACTS: Final = frozenset(
    f"__{name}"
    for name in (
        "archspec", "conda", "cuda", "cuda_arch", "freebsd", "glibc", "linux", "musl", "osx",
        "unix", "win",
    )
)  # fmt: skip


def look_at_request(
    installed: PluginSet, wanted: Iterable[MatchSpec], unwanted: Iterable[MatchSpec]
) -> None:
    """Show plugins what is asked for.

    Raises:
        XcondaError: a plugin does not want it.
    """
    given = (frozenset(wanted), frozenset(unwanted))
    for offer in installed.offers(plugins.PluginPreSolve):
        offer.call(offer.value.action, *given)


def look_at_answer(
    installed: PluginSet,
    repodata_fn: str,
    unlink: Iterable[PackageRecord],
    link: Iterable[PackageRecord],
) -> None:
    """Show plugins what would go and what would come.

    Raises:
        XcondaError: a plugin does not want it.
    """
    given = (repodata_fn, tuple(unlink), tuple(link))
    for offer in installed.offers(plugins.PluginPostSolve):
        offer.call(offer.value.action, *given)


def find_solver(installed: PluginSet, name: str) -> Solver | None:
    """Return the solver ``name`` of a plugin, None where none offers it."""
    offer = next((each for each in _solvers(installed) if each.value.name == name), None)
    return None if offer is None else partial(_solve, offer)


def _solvers(installed: PluginSet) -> tuple[Offer[plugins.PluginSolver], ...]:
    kept = []
    for offer in installed.offers(plugins.PluginSolver):
        if offer.value.name in OWN:
            offer.refuse(f"has a solver {offer.value.name}, which xconda has")
        else:
            kept.append(offer)
    return tuple(kept)


def _solve(
    offer: Offer[plugins.PluginSolver],
    problem: SolveProblem,
    report: Reporter,
    cancel: CancelToken,
) -> Solution:
    with redirect_stdout(stderr):
        return offer.demand(_checked_solve, offer.value.backend, problem, report, cancel)


def _checked_solve(
    backend: Callable[..., object], problem: SolveProblem, report: Reporter, cancel: CancelToken
) -> Solution:
    found = backend(problem, report, cancel)
    if not isinstance(found, Solution):
        raise TypeError(f"the solver returned a {type(found).__name__}, which is no Solution")
    return found


def with_facts(
    found: tuple[VirtualPackage, ...], installed: PluginSet, overrides: Mapping[str, str]
) -> tuple[VirtualPackage, ...]:
    """Return the facts of this machine, those of plugins among them, in name order.

    Raises:
        InvalidOverride: an override is no value that the package can have.
    """
    facts = {each.name: each for each in found}
    for offer in installed.offers(plugins.PluginVirtualPackage):
        name = offer.value.name
        if name in facts or name in _OWN_FACTS:
            offer.refuse(f"has a virtual package {name}, which xconda has")
            continue
        fact = offer.call(_fact, offer.value, overrides.get(name))
        if fact is not None:
            facts[name] = fact
    return tuple(fact for _, fact in sorted(facts.items()))


def _fact(told: plugins.PluginVirtualPackage, given: str | None) -> VirtualPackage | None:
    """Return the package; None where there is none here, or the user wants none.

    Raises:
        InvalidOverride: the user's value is none that it can have.
        InvalidVersion: the plugin's is none.
    """
    override = given if told.override_entity is not None else None
    if override == "":
        return None
    if override is not None and told.override_entity == "version":
        version: str | None = _accepted(told, override)
    else:
        version = told.version() if callable(told.version) else told.version or "0"
    if override is not None and told.override_entity == "build":
        build: str | None = override
    else:
        build = told.build() if callable(told.build) else told.build or "0"
    if version is None or build is None:
        return None
    return VirtualPackage(told.name, str(Version.parse(version)), build)


def _accepted(told: plugins.PluginVirtualPackage, override: str) -> str:
    try:
        accepted = told.version_validation(override) if told.version_validation else override
        return str(Version.parse(accepted or ""))
    except (ValueError, InvalidVersion) as error:
        raise InvalidOverride(told.name, override) from error
