"""Entries of menus as Linux desktops keep them. Layer: transaction. Pure.

Source: the Desktop Entry, Desktop Menu and Shared MIME-info specifications of freedesktop.org. All
is done with files of our own, each named after its environment: no file of another program is
changed, and the name alone says what may be removed.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from xconda_core.errors import Json
from xconda_core.transaction.desktop_places import (
    APPLICATIONS,
    DIRECTORIES,
    MENUS,
    MIME,
    file_start,
)
from xconda_core.transaction.menu import MenuItem, slug

_KEYS: Final = (
    "Categories", "DBusActivatable", "GenericName", "Hidden", "Implements", "Keywords", "MimeType",
    "NoDisplay", "NotShowIn", "OnlyShowIn", "PrefersNonDefaultGPU", "SingleMainWindow",
    "StartupNotify", "StartupWMClass", "TryExec",
)  # fmt: skip
_FIELD_CODES: Final = frozenset("fFuUick")
_MENU_HEAD: Final = (
    '<!DOCTYPE Menu PUBLIC "-//freedesktop//DTD Menu 1.0//EN"\n'
    ' "http://www.freedesktop.org/standards/menu-spec/menu-1.0.dtd">\n'
)


def linux_files(
    items: Sequence[MenuItem], prefix: str, data: str, launcher: Sequence[str]
) -> dict[str, bytes]:
    """Return the files that show ``items``, by their path in the folders of ``desktop_places``.

    Args:
        items: All entries of the environment, names of the same menu together or not.
        prefix: Absolute path of the environment.
        data: Absolute path of the user's XDG data folder.
        launcher: The words that start a program, which follows, in the activated environment.
    """
    start = file_start(prefix)
    files: dict[str, str] = {}
    menus: dict[str, list[str]] = {}
    for item in items:
        name = f"{start}{item.slug}.desktop"
        location = f"{data}/applications/{name}"
        files[f"{APPLICATIONS}/{name}"] = _desktop_entry(item, location, launcher)
        menus.setdefault(item.menu, []).append(name)
        patterns = item.details.get("glob_patterns")
        if isinstance(patterns, dict) and patterns:
            files[f"{MIME}/packages/{start}{item.slug}.xml"] = _mime_types(patterns)
    for menu, names in menus.items():
        own = f"{start}{slug(menu)}"
        files[f"{DIRECTORIES}/{own}.directory"] = _lines({"Type": "Directory", "Name": menu})
        files[f"{MENUS}/{own}.menu"] = _menu(own, names)
    return {path: text.encode(errors="replace") for path, text in files.items()}


def _desktop_entry(item: MenuItem, location: str, launcher: Sequence[str]) -> str:
    said: dict[str, Json] = {
        "Type": "Application",
        "Name": item.name,
        "Exec": _exec(_command(item, launcher)),
        "Terminal": item.terminal,
        "Comment": item.description or None,
        "Icon": item.icon,
        "Path": item.working_dir,
    }
    text = _lines(said | {key: item.details.get(key) for key in _KEYS})
    return text.replace("{{ MENU_ITEM_LOCATION }}", location)


def _command(item: MenuItem, launcher: Sequence[str]) -> tuple[str, ...]:
    words = (*launcher, *item.command) if item.activate else item.command
    if item.precommand is None:
        return words
    return ("bash", "-c", f'{item.precommand} && exec "$@"', "bash", *words)


def _exec(words: Iterable[str]) -> str:
    """Return ``words`` as the key ``Exec`` wants them; ``%F`` and its like keep their meaning."""
    return " ".join(_exec_word(word) for word in words)


def _exec_word(word: str) -> str:
    if len(word) == 2 and word[0] == "%" and word[1] in _FIELD_CODES:
        return word  # the files or addresses that the program is to open
    text = word.replace("%", "%%")
    if text and shlex.quote(text) == text:
        return text
    for sign in '\\"`$':
        text = text.replace(sign, f"\\{sign}")
    return f'"{text}"'


def _lines(said: Mapping[str, Json]) -> str:
    lines = [f"{key}={_value(value)}" for key, value in said.items() if value is not None]
    return "\n".join(["[Desktop Entry]", *lines, ""])


def _value(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "".join(f"{_escaped(str(item)).replace(';', chr(92) + ';')};" for item in value)
    return _escaped(str(value))


def _escaped(text: str) -> str:
    for sign, word in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(sign, word)
    return text


def _menu(own: str, names: Iterable[str]) -> str:
    shown = "".join(f"<Filename>{_xml(name)}</Filename>" for name in names)
    return (
        f"{_MENU_HEAD}<Menu><Name>Applications</Name><Menu><Name>{own}</Name>"
        f"<Directory>{own}.directory</Directory><Include>{shown}</Include></Menu></Menu>\n"
    )


def _mime_types(patterns: Mapping[str, Json]) -> str:
    types = "".join(
        f'<mime-type type="{_xml(name)}"><glob pattern="{_xml(str(pattern))}"/></mime-type>'
        for name, pattern in sorted(patterns.items())
    )
    space = "http://www.freedesktop.org/standards/shared-mime-info"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mime-info xmlns="{space}">{types}</mime-info>\n'
    )


def _xml(text: str) -> str:
    for sign, word in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, word)
    return text
