"""The commands of xconda's command line and their options, as ``commands.json`` has them."""

from __future__ import annotations

import difflib
import json
import os
from functools import lru_cache
from typing import Dict, Iterable, List, Mapping

_PLACE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "commands.json")


@lru_cache(maxsize=1)
def _table() -> Mapping[str, List[str]]:
    with open(_PLACE, encoding="utf-8") as file:
        table: Dict[str, List[str]] = json.load(file)
    return table


def command_names() -> List[str]:
    """Return every command, several words where it has several, and the other words for it."""
    return list(_table())


def flags_of(name: str) -> List[str]:
    """Return the options that a command takes in a cell; none: there is no such command."""
    return _table().get(name, [])


def longest_name() -> int:
    """Return how many words a command has at most."""
    return max(len(name.split()) for name in _table())


def is_first_word(word: str) -> bool:
    """Whether commands of several words begin with it."""
    return any(name.startswith(word + " ") for name in _table())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question that names the words nearest to ``word``, empty where none is near."""
    near = difflib.get_close_matches(word, sorted({*known}), 2, 0.65)  # as the command line does
    return "did you mean {}?".format(" or ".join(near)) if near else ""
