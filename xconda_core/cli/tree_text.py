"""A tree of packages as lines, with branches that the terminal can show. Layer: cli. Pure."""

from collections.abc import Sequence
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.engine.answers import PackageTree, TreeEntry

_UNICODE: Final = ("├─ ", "└─ ", "│  ", "   ")
_ASCII: Final = ("|- ", "`- ", "|  ", "   ")


def tree_text(tree: PackageTree, *, unicode: bool) -> list[Text]:
    """Return a line per package.

    Args:
        tree: The tree.
        unicode: The reader's stream can show box-drawing characters; else ASCII is used.
    """
    branch, last_branch, pillar, gap = _UNICODE if unicode else _ASCII
    lasts = _lasts(tree.entries)
    pillars: list[str] = []
    lines = []
    for entry, is_last in zip(tree.entries, lasts, strict=True):
        del pillars[max(entry.depth - 1, 0) :]
        guide = "".join(pillars)
        if entry.depth:
            guide += last_branch if is_last else branch
            pillars.append(gap if is_last else pillar)
        style = "warning" if entry.is_missing else "plain" if entry.depth else "heading"
        lines.append(Text(guide + _words(entry, unicode=unicode), style))
    return lines


def _lasts(entries: Sequence[TreeEntry]) -> list[bool]:
    """Tell of each entry whether no other follows that hangs on the same package."""
    lasts = []
    later = 0  # a mask of the depths at which one follows
    for entry in reversed(entries):
        depth = 1 << entry.depth
        lasts.append(not later & depth)
        later = later & (depth - 1) | depth
    return lasts[::-1]


def _words(entry: TreeEntry, *, unicode: bool) -> str:
    if entry.is_missing:
        return f"{entry.wants} (missing)"
    words = f"{entry.name} {entry.version}".rstrip()
    if entry.depth == 0:
        asked = f" (asked for: {entry.wants})" if entry.is_requested else ""
    else:
        asked = f" [{entry.wants}]"
    more = " (*)" if entry.is_repeated else (" …" if unicode else " ...") if entry.is_cut else ""
    return f"{words}{asked}{more}"
