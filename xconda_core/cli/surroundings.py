"""What a report of a mistake needs to know about where xconda ran. Layer: cli."""

import platform
import shlex
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from xconda_core import __version__
from xconda_core.engine import opening
from xconda_core.engine.configured import configuration
from xconda_core.values import fields

_LIBRARIES: Final = ("msgspec", "requests", "rich", "ruamel.yaml", "zstandard")
_NAMES: Final = ("CONDA", "XCONDA", "MAMBA", "LANG", "LC_", "TMP", "TEMP", "SSL_", "REQUESTS_CA")


def surroundings(words: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Return versions, the command, variables and configuration, as lines; secrets are in them.

    Args:
        words: The words after ``xconda``.
        environ: Environment variables.
    """
    variables = [f"{name}={value}" for name, value in sorted(environ.items()) if _is_ours(name)]
    return [
        f"xconda {__version__}, Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"command: {shlex.join(['xconda', *words])}",
        "",
        "environment variables",
        *(f"  {line}" for line in variables),
        "",
        "configuration",
        *(f"  {line}" for line in _configuration(environ)),
        "",
    ]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def _configuration(environ: Mapping[str, str]) -> list[str]:
    try:
        _, general = configuration(environ=environ)
        target = opening.target(None, None, environ, general)
        _, settings = configuration(prefix=target.prefix, environ=environ)
    except Exception as error:
        return [f"could not be read: {type(error).__name__}: {error}"]
    origins = settings.origins
    names = (f.name for f in fields(settings) if f.name not in {"origins", "warnings"})
    return [
        f"{name}: {getattr(settings, name)}  # {origins.get(name, 'default')}" for name in names
    ]


def _is_ours(name: str) -> bool:
    return name.upper().startswith(_NAMES)
