"""One environment of this user, as ``env list`` tells of it. Layer: engine."""

import os
from pathlib import Path

from xconda_core.config.settings import Settings
from xconda_core.engine.engine import Engine
from xconda_core.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentEntry:
    """One environment of this user.

    Attributes:
        prefix: Its path.
        name: What ``-n`` calls it; empty where only its path does.
        is_active: The shell has activated it.
        is_base: It is the root environment.
        is_writable: This user may change it.
        is_frozen: ``conda-meta/frozen`` forbids changes (CEP 22).
    """

    prefix: Path
    name: str
    is_active: bool
    is_base: bool
    is_writable: bool
    is_frozen: bool


def environment_entry(prefix: Path, settings: Settings, active: str) -> EnvironmentEntry:
    """Return what there is to say of the environment at ``prefix``."""
    is_base = prefix == settings.root_prefix
    is_named = prefix.parent in settings.envs_dirs
    return EnvironmentEntry(
        prefix=prefix,
        name="base" if is_base else prefix.name if is_named else "",
        is_active=bool(active) and prefix == Path(active),
        is_base=is_base,
        is_writable=os.access(prefix / "conda-meta", os.W_OK),
        is_frozen=(prefix / "conda-meta" / "frozen").exists(),
    )


def environments(engine: Engine) -> tuple[EnvironmentEntry, ...]:
    """Return every environment of this user: base, named ones, registered ones."""
    active = engine.environ.get("CONDA_PREFIX", "")
    return tuple(
        environment_entry(prefix, engine.settings, active) for prefix in engine.known_prefixes()
    )
