"""The options of commands as tables for notebooks, whose client may not import this package.

Layer: cli. ``python -m xconda_core.cli.notebook_options`` writes what is kept as
``xconda_jupyter/kernel/options.json``; what ``%xconda`` takes is declared nowhere else. With
``commands`` it writes ``xconda_jupyter/kernel/commands.json``: what the engine answers as it would
in a terminal.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from xconda_core.cli.command_table import COMMANDS, CommandEntry, find_command
from xconda_core.cli.count_argument import a_number
from xconda_core.cli.parser import CommandParser
from xconda_core.errors import Json

VERBS: Final = (
    "create", "install", "update", "remove", "search", "why", "tree", "repoquery depends",
    "repoquery whoneeds", "repoquery search", "kernel list", "kernel add", "kernel remove",
    "doctor", "undo", "redo", "lock", "env create", "env update", "env remove", "rename",
)  # fmt: skip
SETTINGS: Final = frozenset(
    {
        "always_copy", "channel_priority", "compile_pyc", "deps_modifier", "download_only",
        "exclude_newer", "force_reinstall", "force_remove", "ignore_pinned", "no_lock",
        "no_plugins", "offline", "path_conflict", "protect_frozen_envs", "repodata_fns",
        "repodata_use_shards", "repodata_use_zst", "shortcuts", "shortcuts_only", "solver",
        "ssl_verify", "subdir", "update_modifier", "use_index_cache", "use_local",
    }
)  # fmt: skip
"""Options that are settings of one command, by the setting."""
REQUESTS: Final = frozenset({"default_packages", "files", "format", "prune", "update_all"})
"""Options that are fields of a ``ChangeRequest``."""
QUESTIONS: Final = frozenset(
    {
        "all_channels", "data_dir", "depth", "envs", "every", "file", "fix", "flexible", "gone",
        "installed", "invert", "module", "no_version", "notebook_kernel", "outdated",
        "prune_duplicates", "recursive", "tree",
    }
)  # fmt: skip
"""Options that are parts of a question."""
DOCUMENTS: Final = frozenset(
    {
        "builds", "cells", "file_name", "folder", "from_history", "limit", "may_replace",
        "platforms", "remove", "source", "text", "with_channels",
    }
)  # fmt: skip
"""What clients ask besides, which ``%xconda`` has no options for."""


_IDLE: Final = "it does nothing on the command line either: old scripts have it"
_LATER: Final = "the plan's table names channels, and the result holds their addresses"
_PLATFORM: Final = "`--platform` names the platforms, and only those"
_LOCK: Final = "a cell fixes what is installed; files and lists are for `xconda lock` in a terminal"
NOT_IN_CELLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "--console": "the notebook draws progress itself",
        "--experimental": _IDLE,
        "--unknown": _IDLE,
        "--force-pscheck": _IDLE,
        "create --force": _IDLE,
        "remove --features": "a package that is named is removed, whatever it is",
        "remove --prune": _IDLE,
        "remove --keep-env": "`%xconda remove` names what goes, and shows it first",
        "export --override-platforms": _PLATFORM,
        "lock --override-platforms": _PLATFORM,
        "lock --explicit": _LOCK,
        "lock --check": "`%xconda verify FILE` says whether an environment holds what a lock fixes",
        "lock --format": _LOCK,
        "lock --env-spec": _LOCK,
        "lock --environment-specifier": _LOCK,
        "create --show-channel-urls": _LATER,
        "create --no-show-channel-urls": _LATER,
        "install --show-channel-urls": _LATER,
        "install --no-show-channel-urls": _LATER,
        "update --show-channel-urls": _LATER,
        "update --no-show-channel-urls": _LATER,
    }
)
"""Options that cells do not have, by themselves or after their command: why."""


def table() -> dict[str, list[dict[str, Json]]]:
    """Return by verb its options, as keywords of ``ArgumentParser.add_argument``.

    ``exclusive`` numbers those of which one at most may be given; ``is_number`` stands for a type.
    """
    return {verb: _options(verb) for verb in VERBS}


def _options(verb: str) -> list[dict[str, Json]]:
    entry = find_command(verb)
    assert entry is not None, verb
    parser = CommandParser(f"xconda {verb}", description="", columns=100)
    entry.load().configure(parser)
    wanted = SETTINGS if verb == "lock" else SETTINGS | REQUESTS | QUESTIONS
    actions = [each for each in parser._actions if each.option_strings and each.dest in wanted]  # noqa: SLF001
    groups = parser._mutually_exclusive_groups  # noqa: SLF001
    return [_option(action, _group(action, groups)) for action in actions]


def _group(action: argparse.Action, groups: list[argparse._MutuallyExclusiveGroup]) -> int | None:
    numbers = (at for at, group in enumerate(groups) if action in group._group_actions)  # noqa: SLF001
    return next(numbers, None)


def _option(action: argparse.Action, group: int | None) -> dict[str, Json]:
    option: dict[str, Json] = {
        "flags": list(action.option_strings),
        "dest": action.dest,
        "help": action.help or "",
    }
    if isinstance(action, argparse.BooleanOptionalAction):
        option["action"] = "yes_or_no"
    elif action.nargs == 0:  # a flag stands for the value that it stores
        option |= {"action": "store_const", "const": action.const}
    else:
        is_list = type(action).__name__ == "_AppendAction"
        option |= {"action": "append" if is_list else "store", "metavar": str(action.metavar or "")}
    if action.choices is not None:
        option["choices"] = [str(choice) for choice in action.choices]
    if action.type is a_number:
        option["is_number"] = True
    if group is not None:
        option["exclusive"] = group
    return option


def command_flags() -> dict[str, list[str]]:
    """Return by command, and by every other word for one, the options that a cell may give it."""
    return {name: _flags(entry) for entry in COMMANDS for name in (entry.name, *entry.aliases)}


def _flags(entry: CommandEntry) -> list[str]:
    parser = CommandParser(f"xconda {entry.name}", description="", columns=100)
    entry.load().configure(parser)
    flags = [flag for action in parser._actions for flag in action.option_strings]  # noqa: SLF001
    without = {*NOT_IN_CELLS, "-h", "--help"}  # help is every verb's own
    return [flag for flag in flags if not {flag, f"{entry.name} {flag}"} & without]


def document() -> str:
    """Return the table of options as it is kept."""
    return json.dumps(table(), indent=1) + "\n"


def commands_document() -> str:
    """Return the table of commands as it is kept."""
    lines = (f" {json.dumps(name)}: {json.dumps(it)}" for name, it in command_flags().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(commands_document() if sys.argv[1:] == ["commands"] else document())
