"""Examine an environment and repair it, with the checks of plugins too. Layer: engine."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.engine import doctor, plugin_checks
from xconda_core.engine.diagnosis import Diagnosis, Healing
from xconda_core.engine.engine import Engine
from xconda_core.environment.health import Check
from xconda_core.events import Reporter, silent
from xconda_core.values import replace


def diagnose(
    engine: Engine,
    prefix: Path,
    names: Sequence[str] = (),
    report: Reporter = silent,
    cancel: CancelToken | None = None,
) -> Diagnosis:
    """Return what the health checks ``names`` (all of them) find in an environment.

    Raises:
        CheckUnknown: there is none of that name.
        NotAnEnvironment, PrefixDamaged: the environment cannot be read.
        Cancelled: somebody asked to stop.
    """
    engine.require(prefix, report)
    token = cancel or CancelToken()
    found = doctor.diagnose(prefix, names, engine.environ, engine.wiring, token, checks(engine))
    if not engine.plugins:
        return found
    return replace(found, repairing=found.repairing | plugin_checks.repairing(engine.plugins))


def checks(engine: Engine) -> tuple[Check, ...]:
    """Return the health checks that there are, those of plugins last."""
    return plugin_checks.all_checks(engine.plugins) if engine.plugins else doctor.CHECKS


def heal(
    engine: Engine,
    diagnosis: Diagnosis,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
) -> Healing:
    """Repair what packages can repair of a diagnosis, wholly or not at all.

    Raises:
        EnvironmentFrozen, NotWritable: the environment must not or cannot be changed.
        XcondaError: a package cannot be had, or a file not be made; nothing was changed.
    """
    token = cancel or CancelToken()
    healed = doctor.heal(diagnosis, engine.settings, engine.environ, engine.wiring, report, token)
    if not engine.plugins:
        return healed
    again = partial(diagnose, engine, diagnosis.prefix, report=report, cancel=token)
    return plugin_checks.repaired(engine.plugins, healed, diagnosis, again)
