"""What a package's ``Menu/*.json`` asks to have in the desktop's menu. Layer: transaction. Pure.

Source: CEP 11 (menuinst, second format). Documents of the first format, which say no ``$schema``
and no ``$id``, are for Windows only and mean nothing here.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, Literal

from xconda_core.errors import Json
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field

MenuPlatform = Literal["linux", "osx", "win"]

_PLACEHOLDER: Final = regex(r"\{\{ *(\w+) *\}\}")
_NO_SLUG: Final = regex(r"[^a-z0-9]+")
_ICON: Final[Mapping[MenuPlatform, str]] = {"linux": "png", "osx": "icns", "win": "ico"}
_LONGEST_SLUG: Final = 60


class BadMenu(ValueError):
    """A menu document says something that no menu can be made of; the message names what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuFacts(Slotted):
    """What the texts of a menu may name.

    Attributes:
        prefix: Absolute path of the environment.
        base_prefix: Absolute path of the base environment.
        home: Absolute path of the user's home.
        python: Version of the environment's Python, ``3.12``; empty without one.
        site_packages: Its site-packages, relative to the prefix; empty without one.
        platform: Whose menus are meant.
    """

    prefix: str
    base_prefix: str
    home: str
    python: str = ""
    site_packages: str = ""
    platform: MenuPlatform = "linux"

    @property
    def is_base(self) -> bool:
        """Whether the environment is the base environment."""
        return self.prefix == self.base_prefix

    def placeholders(self) -> dict[str, str]:
        """Return what stands for each name in double braces, but for ``MENU_ITEM_LOCATION``."""
        programs = f"{self.prefix}/Library/bin" if self.platform == "win" else f"{self.prefix}/bin"
        python = "{}/python.exe" if self.platform == "win" else "{}/bin/python"
        distribution = PurePosixPath(self.base_prefix).name
        return {
            "BASE_PREFIX": self.base_prefix,
            "DISTRIBUTION_NAME": distribution,
            "PREFIX": self.prefix,
            "ENV_NAME": "base" if self.is_base else PurePosixPath(self.prefix).name,
            "PYTHON": python.format(self.prefix),
            "BASE_PYTHON": python.format(self.base_prefix),
            "MENU_DIR": f"{self.prefix}/Menu",
            "BIN_DIR": programs,
            "PY_VER": self.python or "N.A",
            "SP_DIR": f"{self.prefix}/{self.site_packages}" if self.site_packages else "N.A",
            "HOME": self.home,
            "ICON_EXT": _ICON[self.platform],
            "PYTHONAPP": f"{self.prefix}/python.app/Contents/MacOS/python",
            "SCRIPTS_DIR": f"{self.prefix}/Scripts",
            "PYTHONW": f"{self.prefix}/pythonw.exe",
            "BASE_PYTHONW": f"{self.base_prefix}/pythonw.exe",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem(Slotted):
    """One entry of a menu, its texts as they are shown; ``MENU_ITEM_LOCATION`` may still stand.

    Attributes:
        menu: Name of the menu that it is in.
        name: What it is called.
        description: A longer text; may be empty.
        command: The program and its words.
        icon: Path of a picture, None without one.
        precommand: A line of shell that runs before, None for none.
        precreate: A line of shell that its package wants to run when the entry is made.
        working_dir: Where the program starts, None for the desktop's choice.
        activate: The program runs as if the environment were activated.
        terminal: It runs in a terminal.
        details: The platform's own keys.
    """

    menu: str
    name: str
    description: str = ""
    command: tuple[str, ...]
    icon: str | None = None
    precommand: str | None = None
    precreate: str | None = None
    working_dir: str | None = None
    activate: bool = True
    terminal: bool = False
    details: Mapping[str, Json] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Menu and name as a plain word for file names."""
        return slug(f"{self.menu} {self.name}")


def read_menu(content: bytes, facts: MenuFacts) -> tuple[MenuItem, ...]:
    """Return the entries for the platform of ``facts``.

    Raises:
        BadMenu: the document is damaged or says too little.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadMenu(f"it is not JSON ({error})") from error
    if not isinstance(document, dict):
        raise BadMenu("it is not a JSON object")
    if not {"$schema", "$id"} & document.keys():
        return ()
    document = _filled(document, facts.placeholders())
    menu, items = document.get("menu_name"), document.get("menu_items")
    if not isinstance(menu, str) or not menu.strip() or not isinstance(items, list):
        raise BadMenu("it has no menu_name, or no list menu_items")
    found = (_item(menu, item, facts) for item in items)
    return tuple(item for item in found if item is not None)


def slug(text: str) -> str:
    """Return ``text`` in small plain letters, digits and hyphens."""
    return _NO_SLUG.sub("-", text.lower()).strip("-")[:_LONGEST_SLUG] or "item"


def _item(menu: str, item: Json, facts: MenuFacts) -> MenuItem | None:
    if not isinstance(item, dict):
        raise BadMenu("one of its menu_items is not an object")
    platforms = item.get("platforms")
    own = platforms.get(facts.platform) if isinstance(platforms, dict) else None
    if not isinstance(own, dict):
        return None  # not for this platform
    said = {key: value for key, value in item.items() if key != "platforms"}
    said |= {key: value for key, value in own.items() if value is not None}
    command = said.pop("command", None)
    if not isinstance(command, list) or not command or not all(isinstance(w, str) for w in command):
        raise BadMenu("one of its menu_items has no command, which is a list of texts")
    known = {key: said.pop(key, None) for key in _TEXTS}
    return MenuItem(
        menu=menu,
        name=_name(said.pop("name", None), facts),
        command=tuple(map(str, command)),
        description=_text("description", known.pop("description")) or "",
        **{key: _text(key, value) for key, value in known.items()},
        activate=said.pop("activate", None) is not False,
        terminal=said.pop("terminal", None) is True,
        details=said,
    )


_TEXTS: Final = ("description", "icon", "precommand", "precreate", "working_dir")


def _name(value: Json, facts: MenuFacts) -> str:
    if isinstance(value, dict):
        which = "target_environment_is_base" if facts.is_base else "target_environment_is_not_base"
        value = value.get(which)
    if not isinstance(value, str) or not value.strip():
        raise BadMenu("one of its menu_items has no name")
    return value


def _text(key: str, value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise BadMenu(f"{key} of one of its menu_items is not a text")


def _filled(document: dict[str, Json], texts: Mapping[str, str]) -> dict[str, Json]:
    return {key: _filled_value(value, texts) for key, value in document.items()}


def _filled_value(value: Json, texts: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda name: texts.get(name[1], name[0]), value)
    if isinstance(value, list):
        return [_filled_value(item, texts) for item in value]
    return _filled(value, texts) if isinstance(value, dict) else value
