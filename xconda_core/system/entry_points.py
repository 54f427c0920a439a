"""Which plugins are installed beside xconda, found cheaply. Layer: system.

Source: PyPA's specification of ``entry_points.txt``. ``importlib.metadata`` would do, but it takes
longer to load than most commands take, and every command comes past here.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from xconda_core.values import Slotted, dataclass

_PROJECTS: Final = (".dist-info", ".egg-info")
_AT_ONCE: Final = 16_384  # bytes; hardly any file has more


@dataclass(frozen=True, slots=True)
class FoundPlugin(Slotted):
    """An entry point in the group of xconda's plugins, or of conda's.

    Attributes:
        name: Name of the entry point.
        target: ``module`` or ``module:object``.
        group: ``xconda`` or ``conda``.
        place: The ``.dist-info`` or ``.egg-info`` folder that tells of it.
    """

    name: str
    target: str
    group: str
    place: Path


def find_plugins(path: Iterable[str]) -> tuple[FoundPlugin, ...]:
    """Return the plugins of the folders ``path``, as Python looks for modules, in name order.

    Of a project that stands in several folders the first one counts. What is in a zip archive is
    not found.
    """
    found: dict[str, list[FoundPlugin]] = {}
    for folder in dict.fromkeys(path):
        for name, text in _entry_points(folder or "."):
            place = Path(folder or ".") / name
            project = name.rpartition(".")[0].partition("-")[0].lower()
            found.setdefault(project, list(_plugins(text, place)))
    every = (each for one in found.values() for each in one)
    return tuple(sorted(every, key=lambda each: (each.name, str(each.place))))


def _entry_points(folder: str) -> Iterator[tuple[str, str]]:
    """Yield what projects in ``folder`` say, those that may say something of plugins."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 (a path for each of a thousand names takes time)
    except OSError:
        return
    for name in [name for name in names if name.endswith(_PROJECTS)]:
        place = f"{folder}/{name}/entry_points.txt"
        if not os.access(place, os.R_OK):  # most have none, and an exception takes time too
            continue
        try:
            text = _content(place)
        except OSError:
            continue
        if b"conda]" in text:
            yield name, text.decode("utf-8", "replace")


def _content(place: str) -> bytes:
    """Return the file at ``place``; a file object would ask the system twice as much."""
    file = os.open(place, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        content = more = os.read(file, _AT_ONCE)
        while len(more) == _AT_ONCE:
            more = os.read(file, _AT_ONCE)
            content += more
    finally:
        os.close(file)
    return content


def _plugins(text: str, place: Path) -> Iterator[FoundPlugin]:
    group = ""
    for line in text.splitlines():
        words = line.strip()
        if words.startswith("["):
            group = words.strip("[]").strip()
        elif group in {"xconda", "conda"} and "=" in words and not words.startswith(("#", ";")):
            name, _, target = words.partition("=")
            yield FoundPlugin(name.strip(), target.partition("[")[0].strip(), group, place)
