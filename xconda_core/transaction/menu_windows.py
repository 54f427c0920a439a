"""Entries of menus as Windows keeps them, described: links, scripts, registry. Layer: transaction.

Pure. Source: CEP 11; Microsoft's "File Types" and "Application Registration". Nothing here is
written: xconda does not run on Windows. See docs/decisions/0150-shortcuts-in-menus.md.
"""

import subprocess
from collections.abc import Iterator, Sequence
from typing import Final

from xconda_core.transaction.desktop_places import file_start
from xconda_core.transaction.menu import MenuItem, slug
from xconda_core.values import Slotted, dataclass

_CLASSES: Final = "HKEY_CURRENT_USER\\Software\\Classes"
_NO_NAME: Final = str.maketrans(dict.fromkeys('<>:"/\\|?*', "-"))
_LONGEST_APP_ID: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsShortcut(Slotted):
    """One ``.lnk``.

    Attributes:
        path: Where it is, in the user's start menu.
        target: The program.
        arguments: Its words, quoted as Windows programs read them.
        working_dir: Where it starts; Windows puts in what stands between percent signs.
        icon: Path of a picture; empty without one.
        description: What is shown for it.
        app_id: By what the task bar groups windows.
    """

    path: str
    target: str
    arguments: str
    working_dir: str
    icon: str
    description: str
    app_id: str


@dataclass(frozen=True, slots=True)
class RegistryValue(Slotted):
    """One value of the registry; an empty name is the default value of its key."""

    key: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class WindowsMenu(Slotted):
    """All that shows the entries of an environment.

    Attributes:
        shortcuts: Links in the start menu.
        scripts: Path of a batch file to its text.
        registry: Kinds of files and addresses that programs open.
    """

    shortcuts: tuple[WindowsShortcut, ...]
    scripts: dict[str, str]
    registry: tuple[RegistryValue, ...]


def windows_menu(items: Sequence[MenuItem], prefix: str, launcher: Sequence[str]) -> WindowsMenu:
    """Describe what shows ``items``.

    Args:
        items: All entries of the environment.
        prefix: Absolute path of the environment.
        launcher: The words that start a program, which follows, in the activated environment.
    """
    shortcuts: list[WindowsShortcut] = []
    scripts: dict[str, str] = {}
    registry: list[RegistryValue] = []
    for item in items:
        name = item.name.translate(_NO_NAME)
        words = [_backslashed(word) for word in item.command]
        words = [*launcher, *words] if item.activate else words
        if item.precommand or item.terminal:
            script = f"{_backslashed(prefix)}\\Menu\\{name}.bat"
            scripts[script] = _script(item, words)
            words = ["cmd.exe", "/D", "/K" if item.terminal else "/C", script]
        shortcuts.append(_shortcut(item, name, prefix, words))
        registry += _registry(item, prefix, words)
    return WindowsMenu(tuple(shortcuts), scripts, tuple(registry))


def _shortcut(item: MenuItem, name: str, prefix: str, words: Sequence[str]) -> WindowsShortcut:
    app_id = item.details.get("app_user_model_id")
    return WindowsShortcut(
        path=f"{file_start(prefix)}{slug(item.menu)}\\{name}.lnk",
        target=words[0],
        arguments=subprocess.list2cmdline(words[1:]),
        working_dir=_backslashed(item.working_dir or "") or "%USERPROFILE%",
        icon=_backslashed(item.icon or ""),
        description=item.description or item.name,
        app_id=app_id if isinstance(app_id, str) else f"xconda.{item.slug}"[:_LONGEST_APP_ID],
    )


def _script(item: MenuItem, words: Sequence[str]) -> str:
    lines = ["@ECHO OFF", *([item.precommand] if item.precommand else [])]
    return "\r\n".join([*lines, f"{subprocess.list2cmdline(words)} %*", ""])


def _registry(item: MenuItem, prefix: str, words: Sequence[str]) -> Iterator[RegistryValue]:
    """Offer the program for its kinds of files; of addresses, Windows knows one program only."""
    command = f'{subprocess.list2cmdline(words)} "%1"'
    icon = _backslashed(item.icon or "")
    for extension in _texts(item.details.get("file_extensions")):
        kind = f"{file_start(prefix)}{item.slug}{extension.lower()}"
        offered = f"{_CLASSES}\\{extension.lower()}\\OpenWithProgids"
        yield RegistryValue(offered, kind, "")
        yield RegistryValue(f"{_CLASSES}\\{kind}", "", f"{item.name} {extension.lower()}")
        yield from _opened_by(f"{_CLASSES}\\{kind}", item.name, command, icon)
    for protocol in _texts(item.details.get("url_protocols")):
        yield RegistryValue(f"{_CLASSES}\\{protocol}", "", f"URL:{protocol}")
        yield RegistryValue(f"{_CLASSES}\\{protocol}", "URL Protocol", "")
        yield from _opened_by(f"{_CLASSES}\\{protocol}", item.name, command, icon)


def _opened_by(key: str, name: str, command: str, icon: str) -> Iterator[RegistryValue]:
    yield RegistryValue(f"{key}\\shell\\open", "FriendlyAppName", name)
    yield RegistryValue(f"{key}\\shell\\open\\command", "", command)
    if icon:
        yield RegistryValue(f"{key}\\DefaultIcon", "", icon)


def _texts(value: object) -> list[str]:
    """Return the different texts of a list, small and large letters being the same."""
    if not isinstance(value, list):
        return []
    return list({str(each).lower(): str(each) for each in value}.values())


def _backslashed(text: str) -> str:
    """Return ``text`` with backslashes, unless it begins with a slash as options do."""
    return text if text.startswith("/") else text.replace("/", "\\")
