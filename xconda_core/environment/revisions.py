"""Full records of what each revision linked and unlinked, so that going back needs no solve.

Layer: environment. conda's history names distributions only; a snapshot beside it keeps where their
archives came from, with hashes. Snapshots live in ``conda-meta/.xconda/revisions/N.json`` and move
with the prefix; conda and mamba read ``conda-meta/*.json`` only and never see them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

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
    revision: int, unlinked: Iterable[PackageRecord], linked: Iterable[PackageRecord]
) -> bytes:
    """Return the snapshot of one revision as it is written to disk."""
    document: dict[str, Json] = {
        "format": FORMAT,
        "revision": revision,
        "unlinked": [record.to_json() for record in unlinked],
        "linked": [record.to_json() for record in linked],
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


def _read_snapshot(path: Path) -> list[PackageRecord]:
    try:
        document = msgspec.json.decode(path.read_bytes(), type=dict)
        if document.get("format") != FORMAT:
            return []
        items = [*document.get("unlinked", []), *document.get("linked", [])]
        return [PackageRecord.from_json(item) for item in items]
    except (OSError, msgspec.DecodeError, InvalidRecord, TypeError, AttributeError):
        return []
