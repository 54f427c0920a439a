"""Patches that lead from one package list to the next. Layer: repodata. Pure.

Source: the draft CEP "JLAP" (conda 23.3 to 25) and RFC 6902 (JSON Patch). A file of patches is
lines: 32 bytes in hexadecimal, a patch per line, a line about the newest list, and the checksum of
them all, which is BLAKE2b of each line keyed with that of the lines before. A list is known by the
BLAKE2b of its bytes, and a patched one counts only if its bytes are those that the server has.
"""

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import msgspec

from xconda_core.repodata.json_patch import patch
from xconda_core.values import NamedTuple

_DIGEST_BYTES: Final = 32
_BROKEN: Final = (ValueError, LookupError, TypeError, RecursionError)


class Position(msgspec.Struct, frozen=True):
    """Up to where a file of patches was read.

    Attributes:
        offset: Bytes from its beginning to its last but one line.
        checksum: Of the lines up to there, in hexadecimal.
    """

    offset: int = 0
    checksum: str = ""


class Step(NamedTuple):
    """One patch: from the list with one digest to that with another."""

    before: str
    after: str
    operations: Any


class Patches(NamedTuple):
    """What a file of patches says.

    Attributes:
        steps: Its patches, oldest first.
        latest: Digest of the newest list.
        position: Where the next ones will be.
    """

    steps: Sequence[Step]
    latest: str
    position: Position


class BrokenPatches(ValueError):
    """A file of patches is none, or a list cannot be patched by it; the message says why."""


def parse_patches(content: bytes, since: Position) -> Patches:
    """Return what ``content`` says, its checksum verified.

    Args:
        content: The file from ``since`` on.
        since: Where it was read up to before; nothing of it yet: the default.

    Raises:
        BrokenPatches: it is no such file, or not whole.
    """
    lines = content.rstrip(b"\n").split(b"\n")
    offset = since.offset
    try:
        if not offset:
            first = lines.pop(0)
            offset, since = len(first) + 1, Position(0, first.decode("ascii"))
        *patches, about, checksum = lines
        key = bytes.fromhex(since.checksum)
        for line in patches:
            key = _digest(line, key)
            offset += len(line) + 1
        if len(key) != _DIGEST_BYTES or _digest(about, key).hex().encode() != checksum:
            raise BrokenPatches("its checksum is another one")
        said = [json.loads(line) for line in patches]
        steps = [Step(each["from"], each["to"], each["patch"]) for each in said]
        return Patches(steps, str(json.loads(about)["latest"]), Position(offset, key.hex()))
    except BrokenPatches:
        raise
    except _BROKEN as error:
        raise BrokenPatches(f"it is no file of patches: {error}") from error


def digest(document: bytes) -> str:
    """Return by what a list is known, in hexadecimal."""
    return _digest(document).hex()


def patched(document: bytes, patches: Patches) -> bytes:
    """Return the newest list, byte by byte as its server has it.

    Raises:
        BrokenPatches: the patches do not lead there from ``document``.
    """
    way = _way(digest(document), patches)
    try:
        content = msgspec.json.decode(document)
        write = _writing(document, content)
        for step in way:
            content = patch(content, step.operations)
        result = write(content)
    except _BROKEN as error:
        raise BrokenPatches(f"it cannot be applied: {error}") from error
    if digest(result) != patches.latest:
        raise BrokenPatches("what it leads to is another list")
    return result


def _way(have: str, patches: Patches) -> Sequence[Step]:
    """Return the patches that lead from ``have`` to the newest list."""
    way: list[Step] = []
    want = patches.latest
    for step in reversed(patches.steps):
        if want == have:
            break
        if step.after == want:
            way.append(step)
            want = step.before
    if want != have:
        raise BrokenPatches("it has no patch for this list")
    return way[::-1]


class _Writing(NamedTuple):
    """How a server writes JSON."""

    is_sorted: bool
    is_ascii: bool
    indent: int
    end: bytes

    def __call__(self, content: object) -> bytes:
        if self.is_ascii:
            separators = (",", ":")
            text = json.dumps(content, sort_keys=self.is_sorted, separators=separators).encode()
        else:
            text = msgspec.json.encode(content, order="sorted" if self.is_sorted else None)
        return (msgspec.json.format(text, indent=self.indent) if self.indent else text) + self.end


def _writing(document: bytes, content: object) -> _Writing:
    """Return how ``document`` was written, of which ``content`` was read."""
    end = document[len(document.rstrip()) :]
    second = document.split(b"\n", 2)[1] if b"\n" in document.rstrip() else b""
    indent = len(second) - len(second.lstrip(b" "))
    for is_sorted in (True, False):
        for is_ascii in (False, True):
            writing = _Writing(is_sorted, is_ascii, indent, end)
            if writing(content) == document:
                return writing
    raise BrokenPatches("the list is written in a way that cannot be repeated")


def _digest(content: bytes, key: bytes = b"") -> bytes:
    return blake2b(content, key=key, digest_size=_DIGEST_BYTES).digest()
