"""The options that nearly every command has, and the settings that options override. Layer: cli."""

from argparse import SUPPRESS, Namespace, _ActionsContainer
from typing import Final

from xconda_core.cli.parser import ChooseConsole, CommandParser, ShowHelp
from xconda_core.models.platform import KNOWN_SUBDIRS

GLOBAL_FLAGS: Final = (
    "--help", "-h", "--version", "-V", "--json", "--quiet", "-q", "--verbose", "-v", "-vv", "-vvv",
    "-vvvv", "--debug", "--trace", "--no-plugins",
)  # fmt: skip
_SETTINGS: Final = (
    "always_copy",
    "always_yes",
    "channel_priority",
    "compile_pyc",
    "console",
    "deps_modifier",
    "download_only",
    "dry_run",
    "exclude_newer",
    "experimental",
    "force_reinstall",
    "force_remove",
    "ignore_pinned",
    "json",
    "list_fields",
    "no_lock",
    "no_plugins",
    "offline",
    "path_conflict",
    "protect_frozen_envs",
    "quiet",
    "repodata_fns",
    "repodata_use_shards",
    "repodata_use_zst",
    "shortcuts",
    "shortcuts_only",
    "show_channel_urls",
    "solver",
    "ssl_verify",
    "subdir",
    "update_modifier",
    "use_index_cache",
    "use_local",
    "verbosity",
)


def add_specs(parser: CommandParser, meaning: str) -> None:
    """Add the packages, as MatchSpecs; commands that need one say so in their own words."""
    parser.add_argument("specs", nargs="*", metavar="PACKAGE", help=meaning)


def add_target(parser: CommandParser, *, required: bool = False, otherwise: str = "") -> None:
    """Add ``-n`` and ``-p``: which environment is meant, and what ``otherwise`` holds."""
    usual = "one of them" if required else "the active one unless told otherwise"
    otherwise = otherwise or usual
    group = parser.add_argument_group(f"which environment ({otherwise})")
    either = group.add_mutually_exclusive_group()
    either.add_argument("-n", "--name", metavar="NAME", help="name of the environment")
    either.add_argument("-p", "--prefix", metavar="PATH", help="path of the environment")


def add_platform(parser: CommandParser, meaning: str, short: str | None = None) -> None:
    """Add which platform a command is about, and what that means there."""
    parser.add_argument(
        *((short,) if short else ()),
        "--platform",
        "--subdir",
        dest="subdir",
        metavar="PLATFORM",
        choices=sorted(set(KNOWN_SUBDIRS) - {"noarch"}),
        default=SUPPRESS,
        help=meaning,
    )


def add_override_frozen(parser: CommandParser) -> None:
    """Add that an environment is changed although it is frozen."""
    parser.add_argument(
        "--override-frozen",
        dest="protect_frozen_envs",
        action="store_false",
        default=SUPPRESS,
        help="change it although it is frozen",
    )


def add_platforms(parser: CommandParser, meaning: str) -> None:
    """Add for which platforms something is written down."""
    parser.add_argument(
        "--platform",
        "--subdir",
        dest="platforms",
        metavar="PLATFORM",
        action="append",
        default=[],
        choices=sorted(set(KNOWN_SUBDIRS) - {"noarch"}),
        help=f"{meaning}; may be given again",
    )
    parser.add_argument(
        "--override-platforms",
        action="store_true",
        help="only the platforms given, not those of export_platforms",
    )


def chosen_platforms(arguments: Namespace, configured: tuple[str, ...]) -> tuple[str, ...]:
    """Return the platforms given with ``--platform``, and the ``configured`` ones."""
    rest = () if arguments.override_platforms else configured
    return tuple(dict.fromkeys((*arguments.platforms, *rest)))


def add_channel_urls(group: _ActionsContainer, where: str) -> None:
    """Add how ``where`` tells of channels."""
    urls = group.add_mutually_exclusive_group()
    urls.add_argument(
        "--show-channel-urls",
        action="store_true",
        default=SUPPRESS,
        help=f"channels by their address in {where}",
    )
    urls.add_argument(
        "--no-show-channel-urls",
        dest="show_channel_urls",
        action="store_false",
        default=SUPPRESS,
        help=f"no channels in {where}",
    )


def add_flow(parser: CommandParser, *, fetching: bool = False) -> None:
    """Add what happens between the plan and its execution; ``fetching``: packages may come."""
    group = parser.add_argument_group("before anything changes")
    if fetching:
        add_channel_urls(group, "the plan")
        group.add_argument(
            "--download-only",
            action="store_true",
            default=SUPPRESS,
            help="fill the package cache and stop",
        )
    group.add_argument(
        "-d",
        "--dry-run",
        action="store_true",
        default=SUPPRESS,
        help="show the plan and stop",
    )
    group.add_argument(
        "-y", "--yes", dest="always_yes", action="store_true", default=SUPPRESS, help="do not ask"
    )


def add_output(parser: CommandParser, *, json: bool = True) -> None:
    """Add what is said, and how much of it; every command has these."""
    group = parser.add_argument_group("output")
    if json:
        group.add_argument(
            "--json",
            action="store_true",
            default=SUPPRESS,
            help="one JSON document on standard output; nobody is asked",
        )
    group.add_argument(
        "-q", "--quiet", action="store_true", default=SUPPRESS, help="no progress, no summary"
    )
    group.add_argument(
        "-v",
        "--verbose",
        dest="verbosity",
        action="count",
        default=SUPPRESS,
        help="warnings in detail; -vv information, -vvv debugging, -vvvv everything",
    )
    group.add_argument(
        "--debug",
        dest="verbosity",
        action="store_const",
        const=3,
        default=SUPPRESS,
        help="as -vvv",
    )
    group.add_argument(
        "--trace",
        dest="verbosity",
        action="store_const",
        const=4,
        default=SUPPRESS,
        help="as -vvvv",
    )
    group.add_argument(
        "--console",
        action=ChooseConsole,
        metavar="NAME",
        const=json,
        default=SUPPRESS,
        help="progress as bars (classic), as lines (plain), as one JSON object per event on "
        "standard error (json-lines), or as a plugin shows it"
        + ("; json: as --json" if json else ""),
    )
    group.add_argument(
        "--no-plugins",
        action="store_true",
        default=SUPPRESS,
        help="leave plugins alone",
    )
    group.add_argument("-h", "--help", action=ShowHelp, help="show this and stop")


def overrides(arguments: Namespace) -> dict[str, object]:
    """Return the settings that were given on the command line, and only those."""
    given = vars(arguments)
    return {name: given[name] for name in _SETTINGS if name in given}
