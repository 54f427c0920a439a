"""The lines of a journal, each a JSON object: written and read back. Layer: transaction."""

# ruff: noqa: PTH123

import json
from collections.abc import Iterator

import msgspec

from xconda_core.errors import Json


def line_of(document: dict[str, Json]) -> bytes:
    """Return the line that says ``document``."""
    try:
        return msgspec.json.encode(document) + b"\n"
    except UnicodeEncodeError:  # the name of a file that is no text
        return json.dumps(document).encode() + b"\n"


def whole_lines(path: str) -> list[dict[str, Json]]:
    """Return what the lines of the file ``path`` say, nothing where there is no such file.

    A line that is torn, which only the last can be, announced nothing yet.

    Raises:
        OSError: the disk refused.
    """
    try:
        with open(path, "rb") as file:
            return list(_whole(file.read()))
    except FileNotFoundError:
        return []


def _whole(content: bytes) -> Iterator[dict[str, Json]]:
    *lines, _ = content.split(b"\n")
    for line in lines:
        try:
            document = _decoded(line)
        except ValueError:
            return
        if not isinstance(document, dict):
            return
        yield document


def _decoded(line: bytes) -> Json:
    try:
        document: Json = msgspec.json.decode(line)
    except msgspec.DecodeError:  # torn, or with the name of a file that is no text
        document = json.loads(line)
    return document
