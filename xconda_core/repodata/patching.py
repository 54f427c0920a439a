"""Bring a package list up to date by patches, where its server offers them. Layer: repodata.

Source: the draft CEP "JLAP". Only what was added to the file of patches since it was read last
travels (RFC 9110, ranges). See docs/decisions/0117-jlap.md.
"""

from typing import Any, Final

from xconda_core.repodata.asking import Answer, Asking
from xconda_core.repodata.jlap import (
    BrokenPatches,
    Patches,
    Position,
    digest,
    parse_patches,
    patched,
)
from xconda_core.values import NamedTuple

_TIMES: Final = ("cache_control", "fetched_at")


class Newest(NamedTuple):
    """A list as it is now.

    Attributes:
        document: Its bytes; those that were given where it has not changed.
        position: Where the next patches will be.
        answer: What the server said.
    """

    document: bytes
    position: Position
    answer: Answer

    @property
    def said(self) -> dict[str, Any]:
        """What a ``CacheState`` keeps of it; the validators are those of the patches, not its."""
        said, position = self.answer.said(), self.position
        reached = {"patches_offset": position.offset, "patches_checksum": position.checksum}
        return {**{name: said[name] for name in _TIMES if name in said}, **reached}


def newest(asking: Asking, url: str, document: bytes, offset: int, checksum: str) -> Newest | None:
    """Return the list that ``document`` has become; None where the server has no patches.

    Args:
        asking: Asks the server.
        url: Address of the file of patches.
        document: The list as it was, not compressed.
        offset: Up to where the patches were read before, in bytes; 0: not at all.
        checksum: Of their lines up to there, in hexadecimal.

    Raises:
        BrokenPatches: they are damaged, or do not lead from ``document`` to the newest list.
        NetworkFailed: no answer came.
        Cancelled: somebody asked to stop.
    """
    said = _patches(asking, url, Position(offset, checksum))
    if said is None:
        return None
    answer, patches = said
    if patches.latest == digest(document):
        return Newest(document, patches.position, answer)
    return Newest(patched(document, patches), patches.position, answer)


def _patches(asking: Asking, url: str, since: Position) -> tuple[Answer, Patches] | None:
    headers = {"Accept-Encoding": "identity"}
    if since.offset:
        answer = asking.ask(url, {**headers, "Range": f"bytes={since.offset}-"})
        start = answer.headers.get("content-range", "")
        if answer.status == 206 and start.startswith(f"bytes {since.offset}-"):
            try:
                return answer, parse_patches(answer.content, since)
            except BrokenPatches:
                answer = asking.ask(url, headers)  # the file was begun anew
        elif answer.status in {206, 416}:
            answer = asking.ask(url, headers)
    else:
        answer = asking.ask(url, headers)
    if answer.status != 200:
        return None
    return answer, parse_patches(answer.content, Position())
