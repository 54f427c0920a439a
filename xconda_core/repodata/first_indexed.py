"""When the archives of a platform folder were first listed. Layer: repodata. Source: CEP 47."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from xconda_core.errors import Json
from xconda_core.repodata.index_writer import INDEXED


def first_indexed(folder: Path) -> Mapping[str, int]:
    """Return the times in the list that ``folder`` has, by SHA-256; nothing where it has none.

    They are milliseconds since 1970, and stay true whoever wrote the list.
    """
    try:
        document: Json = json.loads((folder / "repodata.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {
        digest: first
        for record in _records(document)
        if isinstance(digest := record.get("sha256"), str)
        and isinstance(first := record.get(INDEXED), int)
    }


def _records(document: Json) -> Iterator[Mapping[str, Json]]:
    about = _members(document)
    for part in (
        about.get("packages"),
        about.get("packages.conda"),
        *_members(about.get("v3")).values(),
    ):
        for record in _members(part).values():
            yield _members(record)


def _members(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
