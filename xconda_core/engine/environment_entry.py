"""One environment of this user, as ``env list`` tells of it. Layer: engine."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.config.settings import Settings
from xconda_core.engine.engine import Engine
from xconda_core.errors import Json
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

_FIRST_REVISION: Final = regex(rb"==>\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
_BEGINNING: Final = 4096  # bytes of the history in which its first heading is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentEntry(Slotted):
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


def times_of(prefix: Path) -> dict[str, Json]:
    """Return ``created`` and ``last_modified`` in ISO 8601 and UTC; None where nothing says so.

    Source: conda's ``PrefixData``: ``conda-meta/created_at``, which some versions write, and the
    time of the file of revisions. Where the first is missing, the first revision says it.
    """
    folder = prefix / "conda-meta"
    return {"created": _created(folder), "last_modified": _changed(folder / "history")}


def _created(folder: Path) -> str | None:
    with suppress(OSError, ValueError, OverflowError):
        return _iso(float((folder / "created_at").read_bytes()))
    with suppress(OSError, ValueError):
        with (folder / "history").open("rb") as file:
            heading = _FIRST_REVISION.search(file.read(_BEGINNING))
        if heading:
            from datetime import UTC, datetime  # only documents tell times

            return datetime.fromisoformat(heading[1].decode()).astimezone(UTC).isoformat()
    return None


def _changed(history: Path) -> str | None:
    try:
        return _iso(history.stat().st_mtime)
    except OSError:
        return None


def _iso(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).isoformat()
