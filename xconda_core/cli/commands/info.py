"""``xconda info``: places, channels and this machine. Layer: cli."""

from collections.abc import Mapping, Sequence
from typing import Final

from xconda_core.cli.commands import env_list
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
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
    parser.add_argument(
        "-e", "--envs", action="store_true", help="every environment; the same as `env list`"
    )
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda info\n  xconda info -n demo\n  xconda info --envs\n"
        "  xconda info --json"
    )


def run(invocation: Invocation) -> int:
    """Show the facts."""
    if invocation.arguments.envs:
        return env_list.run(invocation)
    engine, target = open_target(invocation)
    facts = {**engine.facts(target.prefix), "default_prefix_why": target.why}
    invocation.console.say(*_lines(facts))
    invocation.console.document(facts)
    return 0


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
