"""Names that a word on the command line may be the beginning of. Layer: cli.

Quick or nothing: no server is asked, and of the channels only what lies in order already counts.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.api import CancelToken, Engine
from xconda_core.engine.environment_entry import environments
from xconda_core.errors import Json, XcondaError
from xconda_core.events import silent

MAX_WORDS: Final = 200


def completions(
    engine: Engine, prefix: Path, asked: Sequence[str], cancel: CancelToken
) -> list[Json]:
    """Return what the last of ``asked`` may become.

    Args:
        engine: What knows environments and channels.
        prefix: The environment that is meant.
        asked: Of which kind (``installed``, ``environment``, ``package``), and the beginning.
        cancel: Stops it.
    """
    if len(asked) != 2:
        return []
    kind, start = asked
    with suppress(XcondaError):
        found = sorted(
            each for each in _names(engine, prefix, kind, cancel) if each.startswith(start)
        )
        return list(found[:MAX_WORDS])
    return []


def _names(engine: Engine, prefix: Path, kind: str, cancel: CancelToken) -> Iterable[str]:
    if kind == "environment":
        return (each.name for each in environments(engine) if each.name)
    if kind == "installed":
        return engine.state(prefix).installed
    names = engine.wiring.chosen_channels((), override=False)
    return engine.wiring.index(names, silent, cancel).names()
