"""Full records of what each revision linked and unlinked, so that going back needs no solve.

Layer: environment. conda's history names distributions only; a snapshot beside it keeps where their
archives came from, with hashes. Snapshots live in ``conda-meta/.xconda/revisions/N.json`` and move
with the prefix; conda and mamba read ``conda-meta/*.json`` only and never see them.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from xconda_core.environment.history import dist_text
from xconda_core.errors import Json
from xconda_core.models.package_record import InvalidRecord, PackageRecord

FORMAT: Final = 1
FOLDER: Final = "conda-meta/.xconda/revisions"


def snapshot_path(revision: int) -> str:
    """Return where the snapshot of ``revision`` lives, relative to the prefix."""
    return f"{FOLDER}/{revision}.json"


def snapshot_bytes(
    revision: int,
    unlinked: Iterable[PackageRecord],
    linked: Iterable[PackageRecord],
    kept_python: Mapping[str, int] | None = None,
    installers: Iterable[str] = (),
) -> bytes:
    """Return the snapshot of one revision as it is written to disk.

    Args:
        revision: Its number.
        unlinked: What it took away.
        linked: What it brought.
        kept_python: The Python projects, not of conda, that xconda has taken away by then and
            keeps: name to the number of the folder that has their files.
        installers: What of plugins installs something besides, once the revision is there.
    """
    document: dict[str, Json] = {
        "format": FORMAT,
        "revision": revision,
        "unlinked": [record.to_json() for record in unlinked],
        "linked": [record.to_json() for record in linked],
        "kept_python": dict(kept_python or {}),
        "installers": [*installers],
    }
    return msgspec.json.encode(document)


def known_records(prefix: Path, channel_alias: str) -> dict[str, PackageRecord]:
    """Return every record that a snapshot of ``prefix`` holds, by its history text.

    A snapshot that cannot be read, or that a newer xconda wrote, is left out: an undo that needs it
    says which package it could not find.
    """
    records: dict[str, PackageRecord] = {}
    for path in sorted((prefix / FOLDER).glob("*.json")):
        for record in _read_snapshot(path):
            records[dist_text(record, channel_alias)] = record
    return records


def kept_after(prefix: Path, revision: int) -> dict[str, int]:
    """Return the Python projects that were kept after ``revision``: name to number of the folder.

    A revision of another tool has no snapshot: then it is what the one before says.
    """
    for number in range(revision, -1, -1):
        document = _document(prefix / snapshot_path(number))
        kept = document.get("kept_python")
        if isinstance(kept, dict):
            return {str(name): each for name, each in kept.items() if isinstance(each, int)}
    return {}


def installers_after(prefix: Path, revision: int, last: int) -> tuple[str, ...]:
    """Return what of plugins installed something after ``revision``, until revision ``last``."""
    found: dict[str, None] = {}
    for number in range(revision + 1, last + 1):
        named = _document(prefix / snapshot_path(number)).get("installers")
        if isinstance(named, list):
            found |= dict.fromkeys(name for name in named if isinstance(name, str))
    return tuple(found)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(path.read_bytes(), type=dict)
    except (OSError, msgspec.DecodeError):
        return {}
    return document if document.get("format") == FORMAT else {}


def _read_snapshot(path: Path) -> list[PackageRecord]:
    document = _document(path)
    try:
        items = [*document.get("unlinked", []), *document.get("linked", [])]
        return [PackageRecord.from_json(item) for item in items]
    except (InvalidRecord, TypeError, AttributeError):
        return []
