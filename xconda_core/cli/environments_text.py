"""Environments as a table and as a document, for ``env list`` and ``info``. Layer: cli."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core.cli.console import Text
from xconda_core.cli.table import aligned
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_entry import EnvironmentEntry, times_of
from xconda_core.engine.job_state import size_words
from xconda_core.engine.listing import managed_size
from xconda_core.errors import Json, XcondaError


def environment_sizes(
    engine: Engine, entries: Sequence[EnvironmentEntry]
) -> Mapping[Path, int | None]:
    """Return how many bytes the packages of each environment take; None: it cannot be read."""
    return {entry.prefix: _size(engine, entry.prefix) for entry in entries}


def _size(engine: Engine, prefix: Path) -> int | None:
    try:
        return managed_size(engine.state(prefix))
    except XcondaError:
        return None


def environments_table(
    entries: Sequence[EnvironmentEntry], sizes: Mapping[Path, int | None] | None = None
) -> list[Text | str]:
    """Return name and path of each, and its size where ``sizes`` are given."""
    if not entries:
        return ["no environments yet; `xconda create -n NAME` makes one"]
    head: tuple[str, ...] = ("", "Name", "Path", "")
    rows = [
        (
            "*" if entry.is_active else " ",
            entry.name or "-",
            str(entry.prefix),
            ", ".join(_remarks(entry)),
        )
        for entry in entries
    ]
    if sizes is not None:
        head = (*head[:2], "Size", *head[2:])
        told = [sizes[entry.prefix] for entry in entries]
        rows = [
            (*row[:2], "?" if size is None else size_words(size), *row[2:])  # type: ignore[misc]
            for row, size in zip(rows, told, strict=True)
        ]
    heading, *lines = aligned((head, *rows))
    return [Text(heading, "faint"), *lines]


def environments_document(
    entries: Sequence[EnvironmentEntry], sizes: Mapping[Path, int | None] | None = None
) -> dict[str, Json]:
    """Return conda's keys ``envs`` and ``envs_details``."""
    details: dict[str, Json] = {}
    for entry in entries:
        size: dict[str, Json] = {} if sizes is None else {"size": sizes[entry.prefix]}
        details[str(entry.prefix)] = {**_details(entry), **size}
    return {"envs": [str(entry.prefix) for entry in entries], "envs_details": details}


def _remarks(entry: EnvironmentEntry) -> list[str]:
    remarks = {"frozen": entry.is_frozen, "read-only": not entry.is_writable}
    return [word for word, holds in remarks.items() if holds]


def _details(entry: EnvironmentEntry) -> dict[str, Json]:
    return {
        "name": entry.name,
        **times_of(entry.prefix),
        "active": entry.is_active,
        "base": entry.is_base,
        "frozen": entry.is_frozen,
        "writable": entry.is_writable,
    }
