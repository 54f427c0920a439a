"""The options of verbs that the engine carries out; ``options.json`` is made from its own."""

from __future__ import annotations

import argparse
import json
import os
from functools import lru_cache
from typing import Any, Dict, Final, List, Mapping

_PLACE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "options.json")


def _own(
    dest: str,
    *flags: str,
    const: Any = None,
    action: str = "store",
    help: str = "",  # noqa: A002
) -> Dict[str, Any]:
    option = {"flags": list(flags), "dest": dest, "action": action, "help": help}
    return option if const is None else {**option, "action": "store_const", "const": const}


_PLATFORM: Final = _own(
    "platforms", "--platform", "--subdir", action="append", help="for it (may be repeated)"
)
_OWN: Final[Mapping[str, List[Dict[str, Any]]]] = {
    "export": [
        _own("format", "--format", help="environment-yaml, explicit, ..."),
        _own("from_history", "--from-history", const=True, help="what was asked for only"),
        _own("builds", "--no-builds", const=False, help="versions without builds"),
        _own("with_channels", "--ignore-channels", const=False, help="no channels in it"),
        _own("write_to", "-f", "--file", help="write it there"),
        _own("no_plugins", "--no-plugins", const=True, help="leave plugins alone"),
        _PLATFORM,
    ],
    "lock": [_own("write_to", "-o", "--output", help="write it there"), _PLATFORM],
    "clean": [_own("remove", "-y", "--yes", const=True, help="take it away")],
    "config": [_own("show_all", "--all", const=True, help="settings at their default too")],
    "list": [_own("explicit", "--explicit", const=True, help="as addresses of archives")],
    "create": [_own("clone", "--clone", help="like that environment, by name or path")],
    "remove": [_own("whole", "--all", const=True, help="the environment itself")],
}
"""Options of verbs whose answer the notebook shapes itself."""


@lru_cache(maxsize=1)
def _table() -> Mapping[str, List[Dict[str, Any]]]:
    with open(_PLACE, encoding="utf-8") as file:
        table: Dict[str, List[Dict[str, Any]]] = json.load(file)
    for verb, options in _OWN.items():
        table[verb] = [*table.get(verb, ()), *options]
    return table


def option_names(verb: str) -> List[str]:
    """Return every option of a verb, as it is typed."""
    return [flag for option in _table().get(verb, ()) for flag in option["flags"]]


def destinations(verb: str) -> List[str]:
    """Return the names under which the values of a verb's options are found after parsing."""
    return [option["dest"] for option in _table().get(verb, ())]


def add_options(parser: argparse.ArgumentParser, verb: str) -> None:
    """Have ``parser`` take the options of a verb; those not given leave no value behind."""
    groups: Dict[int, Any] = {}
    for option in _table().get(verb, ()):
        target: Any = parser
        if "exclusive" in option:
            number = option["exclusive"]
            if number not in groups:
                groups[number] = parser.add_mutually_exclusive_group()
            target = groups[number]
        _add(target, option)


def _add(target: Any, option: Mapping[str, Any]) -> None:
    words: Dict[str, Any] = {"dest": option["dest"], "default": argparse.SUPPRESS}
    words["help"] = option.get("help")
    if option["action"] == "yes_or_no":  # argparse has such an action since Python 3.9 only
        yes = [flag for flag in option["flags"] if not flag.startswith("--no-")]
        no = [flag for flag in option["flags"] if flag.startswith("--no-")]
        target.add_argument(*yes, action="store_const", const=True, **words)
        target.add_argument(*no, action="store_const", const=False, **words)
        return
    if "choices" in option:
        words["choices"] = option["choices"]
    if "const" in option:
        words["const"] = option["const"]
    if option.get("is_number"):
        words["type"] = int
    target.add_argument(*option["flags"], action=option["action"], **words)
