"""``xconda info``: places, channels and this machine. Layer: cli."""

from argparse import SUPPRESS
from collections.abc import Mapping, Sequence
from typing import Final

from xconda_core.cli.console import Console
from xconda_core.cli.environments_text import (
    environment_sizes,
    environments_document,
    environments_table,
)
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_entry import environments
from xconda_core.engine.system_facts import system_facts
from xconda_core.errors import Json

_TITLES: Final[Mapping[str, str]] = {
    "xconda_version": "xconda",
    "python_version": "runs on Python",
    "platform": "platform",
    "virtual_pkgs": "virtual packages",
    "default_prefix": "environment",
    "default_prefix_why": "why this one",
    "active_prefix": "active environment",
    "root_prefix": "base environment",
    "root_why": "why there",
    "envs_dirs": "environments in",
    "pkgs_dirs": "package caches",
    "channels": "channels",
    "channels_origin": "configured by",
    "channel_priority": "channel priority",
    "config_files": "configuration files",
    "tmp_dir": "temporary files in",
    "state_dir": "jobs and logs in",
    "av_metadata_url_base": "keys for signatures at",
    "offline": "offline",
}


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``info``."""
    group = parser.add_argument_group("what is told")
    for options, text in (
        (("-a", "--all"), "everything: the facts, environments, and the system"),
        (("--base",), "only where the base environment is"),
        (("-e", "--envs"), "environments, as `env list`"),
        (("-s", "--system"), "this Python, and the variables that steer it"),
        (("--size",), "with environments: how much disk the packages of each take"),
        (("--unsafe-channels",), "only the channels, with their credentials"),
    ):
        group.add_argument(*options, action="store_true", help=text)
    group.add_argument(
        "--offline", action="store_true", default=SUPPRESS, help="as if there were no network"
    )
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda info\n  xconda info -n demo\n  xconda info --envs --size\n"
        "  xconda info --json"
    )


def run(invocation: Invocation) -> int:
    """Show what is asked for: the facts, unless told."""
    arguments, console = invocation.arguments, invocation.console
    engine, target = open_target(invocation)
    if arguments.base:
        console.say(str(engine.settings.root_prefix))
        console.document({"root_prefix": str(engine.settings.root_prefix)})
        return 0
    if arguments.unsafe_channels:
        console.say(*engine.settings.channels)
        console.document({"channels": [*engine.settings.channels]})
        return 0
    document: dict[str, Json] = {}
    is_bare = not (arguments.envs or arguments.system)
    is_all = arguments.all or (is_bare and console.manners.json)  # as conda's document has it
    if is_all or is_bare:
        facts = {**engine.facts(target.prefix), "default_prefix_why": target.why}
        console.say(*_lines(facts))
        document |= facts
    if is_all or arguments.envs:
        document |= _tell_environments(engine, console, with_size=arguments.size)
    if is_all or arguments.system:
        document |= _tell_system(invocation)
    if is_all and console.manners.json:
        document |= engine.conda_facts()
        document["active_prefix_name"] = _active_name(engine, document["active_prefix"])
    console.document(document)
    return 0


def _active_name(engine: Engine, active: Json) -> str | None:
    """Return what the active environment is called: by its name, or by its path."""
    names = {str(entry.prefix): entry.name for entry in environments(engine)}
    return (names.get(str(active)) or str(active)) if active else None


def _tell_environments(engine: Engine, console: Console, *, with_size: bool) -> dict[str, Json]:
    entries = environments(engine)
    sizes = environment_sizes(engine, entries) if with_size else None
    console.say(*environments_table(entries, sizes))
    return environments_document(entries, sizes) if console.manners.json else {}


def _tell_system(invocation: Invocation) -> dict[str, Json]:
    facts = system_facts(invocation.environ)
    for key, value in facts.items():
        if isinstance(value, dict):
            invocation.console.say(*(f"{name}: {text}" for name, text in value.items()))
        else:
            invocation.console.say(f"{key}: {', '.join(_words(value))}")
    return facts


def _lines(facts: Mapping[str, Json]) -> list[str]:
    width = max(map(len, _TITLES.values()))
    lines = []
    for key, title in _TITLES.items():
        first, *more = _words(facts.get(key))
        lines.append(f"{title:>{width}} : {first}")
        lines += [f"{'':>{width}}   {word}" for word in more]
    return lines


def _words(value: Json) -> Sequence[str]:
    if value is None or value == []:
        return ["none"]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return ["=".join(map(str, each)) if isinstance(each, list) else str(each) for each in value]
    return [str(value)]
