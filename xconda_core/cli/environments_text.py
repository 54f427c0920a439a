"""Environments as a table and as a document, for ``env list`` and ``info``. Layer: cli."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.cli.table import aligned, headed
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_entry import EnvironmentEntry, times_of
from xconda_core.engine.job_state import size_words
from xconda_core.engine.listing import managed_size
from xconda_core.errors import Json, XcondaError

_MARKS: Final[Mapping[str, tuple[str, Callable[[EnvironmentEntry], bool]]]] = MappingProxyType(
    {  # conda's, and one more
        "*": ("active", lambda entry: entry.is_active),
        "+": ("frozen", lambda entry: entry.is_frozen),
        "!": ("read-only", lambda entry: not entry.is_writable),
    }
)


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
    """Return name, marks and path of each, and its size where ``sizes`` are given.

    The order is conda's: scripts find a name at the beginning of a line and a path at its end.
    """
    if not entries:
        return ["# no environments yet; `xconda create -n NAME` makes one"]
    marks = [" ".join(mark for mark in _MARKS if _MARKS[mark][1](entry)) for entry in entries]
    sized = [[] if sizes is None else [_size_words(sizes[entry.prefix])] for entry in entries]
    heading, *lines = aligned(
        [
            (*headed(("Name", "")), *([] if sizes is None else ["Size"]), "Path"),
            *(
                (entry.name or "", mark, *size, str(entry.prefix))
                for entry, mark, size in zip(entries, marks, sized, strict=True)
            ),
        ]
    )
    seen = "".join(marks).replace("*", "")  # which everybody knows, and scripts look for
    legend = [f"{mark} {word}" for mark, (word, _) in _MARKS.items() if mark in seen]
    above = [Text(f"# {', '.join(legend)}", "faint")] if legend else []
    return [*above, Text(heading, "faint"), *lines]


def environments_document(
    entries: Sequence[EnvironmentEntry], sizes: Mapping[Path, int | None] | None = None
) -> dict[str, Json]:
    """Return conda's keys ``envs`` and ``envs_details``."""
    details: dict[str, Json] = {}
    for entry in entries:
        size: dict[str, Json] = {} if sizes is None else {"size": sizes[entry.prefix]}
        details[str(entry.prefix)] = {**_details(entry), **size}
    return {"envs": [str(entry.prefix) for entry in entries], "envs_details": details}


def _size_words(size: int | None) -> str:
    return "?" if size is None else size_words(size)


def _details(entry: EnvironmentEntry) -> dict[str, Json]:
    return {
        "name": entry.name,
        **times_of(entry.prefix),
        "active": entry.is_active,
        "base": entry.is_base,
        "frozen": entry.is_frozen,
        "writable": entry.is_writable,
    }
