"""Where the configuration has a channel that turns out to be none. Layer: config.

Settings keep what is said, not the line it stands on: the files are read once more.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.config.condarc import Unreadable, read
from xconda_core.config.definitions import BY_NAME
from xconda_core.config.interpret import environment_source, expanded
from xconda_core.config.source import Node, Source
from xconda_core.models.channel import InvalidChannel

_SETTINGS: Final = (
    "channels",
    "default_channels",
    "custom_multichannels",
    "allowlist_channels",
    "denylist_channels",
    "mirrored_channels",
    "channel_settings",
)


def placed(
    error: InvalidChannel, files: Sequence[str], environ: Mapping[str, str]
) -> InvalidChannel:
    """Return ``error`` with its place, such as ``channels in /home/ann/.condarc, line 3``.

    Args:
        error: What was said of the channel.
        files: The files that were read, lowest priority first.
        environ: The process's environment variables.

    Returns:
        The place is that of highest priority; empty where no setting has the channel.
    """
    place = next(_places(error, files, environ), "")
    return InvalidChannel(error.text, error.reason, place)


def _places(
    error: InvalidChannel, files: Sequence[str], environ: Mapping[str, str]
) -> Iterator[str]:
    for source in (environment_source(environ), *_sources(reversed(files))):
        for written, node in source.nodes.items():
            if written in BY_NAME and BY_NAME[written].name in _SETTINGS:
                for each, text in _texts(node):
                    if error.is_of(expanded(text, environ)):
                        place = f"{written} in {each.origin}, line {each.line}"
                        yield place if each.line else each.origin


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
