"""Files of an environment that a newer tool wrote in a format not known here. Layer: environment.

Every file of ours says its format with a number; so does conda's ``state``. A number that is too
high is a reason to touch nothing: docs/formats.md.
"""

from pathlib import Path
from typing import Final

from xconda_core.environment.revisions import FORMAT, snapshot_path
from xconda_core.values import Slotted, dataclass

_STATE: Final = "conda-meta/state"
_STATE_VERSION: Final = 1  # of conda's file of environment variables


@dataclass(frozen=True, slots=True)
class NewerFile(Slotted):
    """A file of too new a format.

    Attributes:
        path: Where, relative to the prefix.
        version: Its format.
        known: The newest one that is known here.
    """

    path: str
    version: int
    known: int


def newer_file(prefix: Path, revision: int) -> NewerFile | None:
    """Return a file that says it is of a newer format, None where there is none.

    Args:
        prefix: The environment.
        revision: Its current revision; the snapshot of it tells who worked there last.
    """
    asked = (
        (_STATE, "version", _STATE_VERSION),
        (snapshot_path(revision), "format", FORMAT),
    )
    for path, key, known in asked:
        version = _number(prefix / path, key)
        if version > known:
            return NewerFile(path, version, known)
    return None


def _number(path: Path, key: str) -> int:
    """Return what the document at ``path`` says under ``key``; 0 where it says nothing."""
    import json

    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return 0
    value = document.get(key) if isinstance(document, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
