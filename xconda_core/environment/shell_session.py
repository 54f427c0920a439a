"""What activate, deactivate and reactivate mean in a shell that asks. Layer: environment.

Reads the environments that are involved; what changes is worked out by ``activation_change``.
"""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.config.settings import Settings
from xconda_core.environment.activation import rim_left
from xconda_core.environment.activation_change import (
    ActivationChange,
    activated,
    deactivated,
    prefix_below,
    reactivated,
)
from xconda_core.environment.activation_names import active_prefix, level_of, rules_of
from xconda_core.environment.activation_rim import Rim, read_rim
from xconda_core.environment.places import is_environment, not_there, target_prefix


def activate(
    word: str | None,
    stack: bool | None,
    environ: Mapping[str, str],
    settings: Settings,
    suffix: str,
    cwd: Path,
) -> tuple[ActivationChange, Rim]:
    """Return what activating an environment changes, and what that environment brings.

    Args:
        word: Its name or path; None is ``default_activation_env``.
        stack: Upon the active one; None: as ``auto_stack`` says.
        environ: The variables as they are.
        settings: What is configured.
        suffix: How the names of the shell's scripts end.
        cwd: What relative paths count from.

    Raises:
        EnvironmentNotFound, NotAnEnvironment: there is none.
        EnvironmentVariablesDamaged: a file of its variables cannot be read.
    """
    rules = rules_of(settings)
    prefix = meant(word or settings.default_activation_env, environ, settings, cwd)
    active = active_prefix(environ)
    if stack is None:
        stack = level_of(environ) <= settings.auto_stack and settings.auto_stack > 0
    new = read_rim(prefix, suffix, uppercase=rules.uppercase)
    old = rim_left(active, suffix, rules=rules) if active else None
    return activated(new, environ, rules, old=old, stack=stack), new


def meant(word: str, environ: Mapping[str, str], settings: Settings, cwd: Path) -> Path:
    """Return the environment that ``word`` means, by path or by name.

    Raises:
        EnvironmentNotFound, NotAnEnvironment: there is none.
    """
    is_path = "/" in word or "\\" in word or word in (".", "..")
    name, path = (None, word) if is_path else (word, None)
    for folder in () if is_path else settings.envs_dirs:
        if is_environment(folder / word):  # also one that could not be made by that name
            return folder / word
    prefix = target_prefix(name, path, environ, settings, cwd).prefix
    if not is_environment(prefix):
        raise not_there(prefix, settings.root_prefix)
    return prefix


def deactivate(environ: Mapping[str, str], settings: Settings, suffix: str) -> ActivationChange:
    """Return what leaving the active environment changes; nothing where none is.

    Raises:
        StackBroken: it is not known what was active before.
    """
    active, rules = active_prefix(environ), rules_of(settings)
    if active is None:
        return ActivationChange()
    below = prefix_below(environ)
    back = rim_left(below, suffix, rules=rules) if below else None
    return deactivated(rim_left(active, suffix, rules=rules), back, environ, rules)


def reactivate(environ: Mapping[str, str], settings: Settings, suffix: str) -> ActivationChange:
    """Return what brings the active environment up to date; nothing where none is."""
    active, rules = active_prefix(environ), rules_of(settings)
    if active is None:
        return ActivationChange()
    return reactivated(rim_left(active, suffix, rules=rules), environ, rules)
