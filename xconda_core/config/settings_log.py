"""Say in the log what was configured and where, once there is a log to say it in. Layer: config."""

import logging
from collections.abc import Iterable
from typing import Final

from xconda_core.config.settings import Settings
from xconda_core.regex import regex

_log: Final = logging.getLogger(__name__)
_LINE: Final = regex(r", line \d+$")


def log_settings(settings: Settings) -> None:
    """Log the places that decided a setting, and each of those settings with its value."""
    if not _log.isEnabledFor(logging.INFO):
        return
    places = places_of(settings.origins.values())
    _log.info("configured by %s", ", ".join(places) or "nothing: every setting is the default")
    for name, origin in sorted(settings.origins.items()):
        _log.debug("%s is %s (%s)", name, _text(getattr(settings, name, "set")), origin)


def places_of(origins: Iterable[str]) -> list[str]:
    """Return the files and variables among origins such as ``/.condarc, line 3; CONDA_OFFLINE``."""
    parts = (part for origin in origins for part in origin.split("; "))
    return sorted({_LINE.sub("", part) if ", line " in part else part for part in parts})


def _text(value: object) -> str:
    """Return a value without the quotes and escapes that would hide credentials from redaction."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    return str(value)
