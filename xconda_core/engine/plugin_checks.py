"""Health checks of plugins, and their repairs. Layer: engine.

Imported only where a plugin is installed.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, cast

from xconda_core import plugins
from xconda_core.engine.diagnosis import Diagnosis, Healing
from xconda_core.engine.doctor import CHECKS
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.environment.health import Check, Finding, PrefixSnapshot

_OWN: Final = frozenset(check.name for check in CHECKS)
_Offer = Offer[plugins.PluginHealthCheck]


def all_checks(installed: PluginSet) -> tuple[Check, ...]:
    """Return xconda's health checks and those of plugins behind them."""
    return (*CHECKS, *(_check(offer) for offer in _offers(installed)))


def repairing(installed: PluginSet) -> frozenset[str]:
    """Return the names of the checks of plugins that can repair what they find."""
    return frozenset(each.value.name for each in _offers(installed) if each.value.fixer)


def repaired(
    installed: PluginSet,
    healing: Healing,
    diagnosis: Diagnosis,
    again: Callable[[Sequence[str]], Diagnosis],
) -> Healing:
    """Let plugins repair what their checks found, and look again what is left.

    Args:
        installed: The plugins.
        healing: What packages could repair.
        diagnosis: What was found.
        again: Runs checks of these names.

    Raises:
        XcondaError: a plugin raised it on purpose.
    """
    names = []
    for offer in _offers(installed):
        findings = tuple(each for each in healing.left if each.check == offer.value.name)
        if findings and offer.value.fixer is not None:
            offer.call(offer.value.fixer, diagnosis.prefix, findings)
            names.append(offer.value.name)
    names = [name for name in names if name in repairing(installed)]
    if not names:
        return healing
    still = again(names).findings
    left = [each for each in healing.left if each.check not in names]
    left += still
    gone = [each for each in healing.left if each.check in names and each not in still]
    return Healing(fixed=(*healing.fixed, *gone), left=tuple(left), reasons=healing.reasons)


def _offers(installed: PluginSet) -> tuple[_Offer, ...]:
    kept = []
    for offer in installed.offers(plugins.PluginHealthCheck):
        if offer.value.name in _OWN:
            offer.refuse(f"has a health check {offer.value.name}, which xconda has")
        else:
            kept.append(offer)
    return tuple(kept)


def _check(offer: _Offer) -> Check:
    value = offer.value
    return Check(value.name, value.summary or value.name, partial(_run, offer), value.needs)


def _run(offer: _Offer, snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    return offer.call(_findings, offer.value.action, snapshot) or ()


def _findings(action: Callable[..., object], snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    findings = tuple(cast("Iterable[object] | None", action(snapshot)) or ())
    wrong = next((each for each in findings if not isinstance(each, Finding)), None)
    if wrong is not None:
        raise TypeError(f"a health check gave a {type(wrong).__name__}, which is no Finding")
    return cast("tuple[Finding, ...]", findings)
