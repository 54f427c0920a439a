"""What an active environment is called, and what it adds to the prompt. Layer: environment. Pure.

Source: conda's ``env_prompt``, with its fields default_env, stacked_env, prefix and name.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xconda_core.config.settings import Settings
from xconda_core.values import Slotted, dataclass

# A shell reads these in its prompt: a folder called `$(...)` would be run by bash at every line.
_READ_BY_SHELLS: Final = "$`%!\\" if os.sep == "/" else "$`%!"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRules(Slotted):
    """What of the configuration activation follows.

    Attributes:
        root_prefix: The prefix that is called ``base``.
        envs_dirs: Folders whose environments go by their name.
        env_prompt: What ``CONDA_PROMPT_MODIFIER`` is made from; empty: the prompt stays as it is.
        uppercase: Names of an environment's variables become upper-case.
    """

    root_prefix: Path | None = None
    envs_dirs: tuple[Path, ...] = ()
    env_prompt: str = "({default_env}) "
    uppercase: bool = True


def rules_of(settings: Settings) -> ActivationRules:
    """Return what of ``settings`` activation follows."""
    return ActivationRules(
        root_prefix=settings.root_prefix,
        envs_dirs=settings.envs_dirs,
        env_prompt=settings.env_prompt,
        uppercase=settings.envvars_force_uppercase,
    )


def level_of(environ: Mapping[str, str]) -> int:
    """Return how many environments are active, one upon the other (``CONDA_SHLVL``)."""
    text = environ.get("CONDA_SHLVL", "").strip()
    return int(text) if text.isdecimal() else 0


def active_prefix(environ: Mapping[str, str]) -> Path | None:
    """Return the prefix that is active, if one really is (``CONDA_SHLVL`` counts from 1)."""
    prefix = environ.get("CONDA_PREFIX", "")
    return Path(prefix) if prefix and level_of(environ) > 0 else None


def default_env(prefix: Path, rules: ActivationRules) -> str:
    """Return what an environment is called: ``base``, its name, or its path."""
    if prefix == rules.root_prefix:
        return "base"
    named = prefix.parent in rules.envs_dirs or prefix.parent.name == "envs"
    return prefix.name if named else str(prefix)


def prompt(template: str, name: str, prefix: Path, below: tuple[str, ...] = ()) -> str:
    """Return the prompt's addition; a template that does not fit is shown as it stands.

    Args:
        template: ``env_prompt``.
        name: What the environment is called.
        prefix: Where it is.
        below: What the environments that it is stacked upon are called, the nearest first.
    """
    shown = _harmless(name)
    stack = ",".join([shown, *map(_harmless, below)])
    try:
        return template.format(
            default_env=shown,
            stacked_env=stack,
            prefix=_harmless(str(prefix)),
            name=_harmless(prefix.name),
        )
    except (KeyError, IndexError, ValueError, AttributeError):
        return template


def stacked_below(
    level: int, environ: Mapping[str, str], rules: ActivationRules
) -> tuple[str, ...]:
    """Return the names of the environments that ``level`` is stacked upon, the nearest first.

    One that took the place of another stands upon what that one was stacked upon.
    """
    beneath: list[str] = []
    for below in range(1, level):
        if environ.get(f"CONDA_STACKED_{below + 1}"):
            prefix = Path(environ.get(f"CONDA_PREFIX_{below}", ""))
            beneath.insert(0, default_env(prefix, rules))
    return tuple(beneath)


def new_prompt(current: str, old_modifier: str, new_modifier: str) -> str:
    """Return a shell's prompt with one addition in the place of another."""
    if "POWERLINE_COMMAND" in current:  # powerline shows the environment by itself
        return current
    plain = current.replace(old_modifier, "") if old_modifier else current
    return new_modifier + plain


def _harmless(text: str) -> str:
    return "".join(
        "?" if each in _READ_BY_SHELLS or not each.isprintable() else each for each in text
    )
