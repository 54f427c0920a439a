"""Environments that must stay because somebody stands in them right now. Layer: engine."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from xconda_core.config.settings import Settings
from xconda_core.environment.places import is_environment
from xconda_core.errors import XcondaError


class EnvironmentInUse(XcondaError):
    """An environment that must stay is to be removed, renamed or replaced."""

    code: ClassVar[str] = "environment-in-use"

    def __init__(self, prefix: Path, deed: str, reason: str, fix: str) -> None:
        super().__init__(prefix, deed, reason, fix)
        self.prefix = prefix
        self.what = f"{prefix} was not {deed}."
        self.why = reason
        self.fix = fix


def refuse_in_use(prefix: Path, settings: Settings, environ: Mapping[str, str], deed: str) -> None:
    """Return if the environment at ``prefix`` may go.

    Args:
        prefix: Its absolute path.
        settings: They tell which are base and the default environment.
        environ: Environment variables; they tell of the active one.
        deed: What would become of it, as a participle: ``removed``, ``renamed``, ``replaced``.

    Raises:
        EnvironmentInUse: it is base, the active one, the default, or that of the Python that runs
            xconda.
    """
    place = prefix.resolve()
    if place == settings.root_prefix.resolve():
        reason = "it is the base environment, which the others share programs and settings with."
        fix = "change its packages with `xconda install` and `xconda remove`."
        raise EnvironmentInUse(prefix, deed, reason, fix)
    active = environ.get("CONDA_PREFIX", "")
    if active and Path(active).resolve() == place:
        reason = "it is active here: this shell would be left without its programs."
        raise EnvironmentInUse(prefix, deed, reason, "deactivate it first, then run it again.")
    if place == _default_place(settings):
        reason = "it is `default_activation_env`: new shells would find nothing to activate."
        fix = "`xconda config --remove-key default_activation_env`, or set another one."
        raise EnvironmentInUse(prefix, deed, reason, fix)
    if any(Path(own).resolve().is_relative_to(place) for own in (sys.prefix, sys.base_prefix)):
        reason = "xconda itself runs in it."
        fix = "use an xconda that is installed elsewhere, or choose another environment."
        raise EnvironmentInUse(prefix, deed, reason, fix)


def _default_place(settings: Settings) -> Path | None:
    """Return where the environment is that ``activate`` alone means; None where there is none."""
    word = settings.default_activation_env
    is_path = "/" in word or "\\" in word
    places = [Path(word)] if is_path else [folder / word for folder in settings.envs_dirs]
    return next((place.resolve() for place in places if is_environment(place)), None)
