"""Where in the configuration a text is written, found when it turns out to be wrong. Layer: config.

Settings keep what is said, not the line it stands on: the files are read once more.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.config.condarc import Unreadable, read
from xconda_core.config.definitions import BY_NAME
from xconda_core.config.interpret import environment_source, expanded
from xconda_core.config.source import Node, Source

CHANNEL_SETTINGS: Final = (
    "channels",
    "default_channels",
    "custom_multichannels",
    "allowlist_channels",
    "denylist_channels",
    "mirrored_channels",
    "channel_settings",
)


def place_of(
    is_meant: Callable[[str], bool],
    names: Collection[str],
    files: Sequence[str],
    environ: Mapping[str, str],
) -> str:
    """Return where a text is written, such as ``channels in /home/ann/.condarc, line 3``.

    Args:
        is_meant: Whether an item of a list, a value, or a name in a map, is the text.
        names: The settings to look through.
        files: The files that were read, lowest priority first.
        environ: The process's environment variables.

    Returns:
        The place of highest priority; empty where it stands in none.
    """
    for source in (environment_source(environ), *_sources(reversed(files))):
        for written, node in source.nodes.items():
            if written not in BY_NAME or BY_NAME[written].name not in names:
                continue
            for each, said in _texts(node):
                if is_meant(expanded(said, environ)):
                    line = f", line {each.line}" if each.line else ""
                    return f"{written} in {each.origin}{line}" if line else each.origin
    return ""


def _sources(files: Iterator[str]) -> Iterator[Source]:
    for file in files:
        with suppress(OSError, Unreadable):  # it has changed since
            yield read(Path(file))


def _texts(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield every text in ``node``, the names in maps too, with the node it belongs to."""
    if isinstance(node.content, str):
        yield node, node.content
    elif isinstance(node.content, Mapping):
        for name, item in node.content.items():
            yield item, name
            yield from _texts(item)
    else:
        for item in node.content or ():
            yield from _texts(item)
