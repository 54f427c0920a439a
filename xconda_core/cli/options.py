"""The options that several commands share, and the settings that they override. Layer: cli."""

from argparse import SUPPRESS, BooleanOptionalAction, Namespace, _ActionsContainer, _ArgumentGroup
from typing import Final

from xconda_core.cli.parser import ChooseConsole, CommandParser, ShowHelp, UsageError, add_idle
from xconda_core.models.platform import KNOWN_SUBDIRS

UNKNOWN: Final = "what the package cache holds counts without being asked where no network is"
PROCESSES: Final = "files in use are no obstacle"
GLOBAL_FLAGS: Final = (
    "--help", "-h", "--version", "-V", "--json", "--quiet", "-q", "--verbose", "-v", "-vv", "-vvv",
    "-vvvv", "--debug", "--trace", "--no-plugins",
)  # fmt: skip
FILE_FORMATS: Final = (
    "environment-yaml", "environment-json", "explicit", "requirements", "conda-lock", "pixi-lock",
    "cep-24", "env.yml", "environment.yml", "requirements.txt", "reqs", "conda-lock.yml",
    "pixi.lock",
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


def add_files(parser: CommandParser, otherwise: str = "may be given again") -> None:
    """Add files that say what is asked for; ``otherwise`` says what holds without any."""
    group = parser.add_argument_group("files that ask")
    group.add_argument(
        "-f",
        "--file",
        dest="files",
        metavar="FILE",
        action="append",
        default=[],
        help=f"environment.yml, a list of specs or of archives, a lock file; {otherwise}",
    )
    add_format(group)


def add_format(group: _ActionsContainer) -> None:
    """Add what kind of file is meant."""
    group.add_argument(
        "--format",
        "--env-spec",
        "--environment-specifier",
        dest="format",
        metavar="FORMAT",
        help=f"what the files are, where that is not clear: {', '.join(FILE_FORMATS)}, or as a "
        "plugin calls it",
    )


def add_target(parser: CommandParser, *, required: bool = False, otherwise: str = "") -> None:
    """Add ``-n`` and ``-p``: which environment is meant, and what ``otherwise`` holds."""
    usual = "one of them" if required else "the active one unless told otherwise"
    otherwise = otherwise or usual
    group = parser.add_argument_group(f"which environment ({otherwise})")
    either = group.add_mutually_exclusive_group()
    either.add_argument("-n", "--name", metavar="NAME", help="name of the environment")
    either.add_argument("-p", "--prefix", metavar="PATH", help="path of the environment")


def add_channels(parser: CommandParser) -> None:
    """Add where packages come from."""
    group = parser.add_argument_group("where packages come from")
    group.add_argument(
        "-c",
        "--channel",
        dest="channels",
        metavar="CHANNEL",
        action="append",
        default=[],
        help="a channel, by name or URL, before the configured ones; may be given again",
    )
    group.add_argument(
        "-O",
        "--override-channels",
        action="store_true",
        help="only the channels given with -c",
    )
    priority = group.add_mutually_exclusive_group()
    priority.add_argument(
        "--strict-channel-priority",
        dest="channel_priority",
        action="store_const",
        const="strict",
        default=SUPPRESS,
        help="a package that a channel has is taken from no later channel",
    )
    priority.add_argument(
        "--no-channel-priority",
        dest="channel_priority",
        action="store_const",
        const="disabled",
        default=SUPPRESS,
        help="the highest version wins, whichever channel has it",
    )
    priority.add_argument(
        "--channel-priority",
        dest="channel_priority",
        action="store_const",
        const="flexible",
        default=SUPPRESS,
        help=SUPPRESS,  # as conda: `--strict-channel-priority` has taken its place
    )
    group.add_argument(
        "--use-local",
        action="store_true",
        default=SUPPRESS,
        help="packages built on this machine with conda-build before all others",
    )
    group.add_argument(
        "--exclude-newer",
        metavar="WHEN",
        default=SUPPRESS,
        help="no package published within a duration (7d) or after a date (2026-04-01); 0 is now",
    )
    _add_lists(parser)
    add_network(parser)


def _add_lists(parser: CommandParser) -> None:
    """Add which package lists are read, and in which form."""
    group = parser.add_argument_group("package lists")
    group.add_argument(
        "--repodata-fn",
        dest="repodata_fns",
        metavar="FILE",
        action="append",
        default=SUPPRESS,
        help="a list to try before repodata.json, such as current_repodata.json",
    )
    for option, text in (
        ("--repodata-use-shards", "ask for lists in shards first (this is so unless configured)"),
        ("--repodata-use-zst", "ask for compressed lists (this is so unless configured)"),
    ):
        group.add_argument(option, action=BooleanOptionalAction, default=SUPPRESS, help=text)
    group.add_argument(
        "--experimental",
        action="append",
        choices=("jlap", "lock"),
        default=SUPPRESS,
        help="jlap: bring lists that are not in shards up to date by patches; lock: as it is",
    )
    group.add_argument(
        "--no-lock",
        action="store_true",
        default=SUPPRESS,
        help="package caches are used without locks, where a disk has none",
    )
    add_use_index_cache(group)


def add_use_index_cache(group: _ActionsContainer) -> None:
    """Add that cached lists do, however old."""
    group.add_argument(
        "-C",
        "--use-index-cache",
        action="store_true",
        default=SUPPRESS,
        help="use the lists that are cached, however old; packages may still be downloaded",
    )


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


def add_reach(parser: CommandParser, *, creating: bool = False) -> None:
    """Add how far a request reaches besides what it names."""
    group = parser.add_argument_group("how far it reaches")
    deps = group.add_mutually_exclusive_group()
    for option, const, text in (
        ("--no-deps", "no_deps", "only what is named, without what it needs: it may not work"),
        ("--only-deps", "only_deps", "what is needed by what is named, without that itself"),
    ):
        deps.add_argument(
            option,
            dest="deps_modifier",
            action="store_const",
            const=const,
            default=SUPPRESS,
            help=text,
        )
    add_no_pin(group)
    add_solver(group)
    add_idle(parser, "--unknown", why=UNKNOWN)
    add_idle(parser, "--force-pscheck", why=PROCESSES)
    parser.usage = f"{parser.prog} [OPTION ...] [PACKAGE ...]"
    if creating:
        group.add_argument(
            "--no-default-packages",
            dest="default_packages",
            action="store_false",
            help="without the packages of create_default_packages",
        )
        add_idle(parser, "--force", why="a new environment has nothing to be installed again")
        return
    group.add_argument(
        "--force-reinstall",
        "--force",
        dest="force_reinstall",
        action="store_true",
        default=SUPPRESS,
        help="link what is named again although it is there",
    )
    group.add_argument(
        "--prune",
        action="store_true",
        help="take away what is neither named nor needed by what is named",
    )
    _add_update_rules(group)


def _add_update_rules(group: _ArgumentGroup) -> None:
    """Add what moves; one of them at most."""
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--all", "--update-all", dest="update_all", action="store_true", help="update everything"
    )
    for options, const, text in (
        (
            ("--update-specs",),
            "update_specs",
            "update what is named (this is so unless configured)",
        ),
        (("--update-deps",), "update_deps", "update what is named and all that it needs"),
        (
            ("--freeze-installed", "--no-update-deps"),
            "freeze_installed",
            "change nothing that is installed and not named",
        ),
        (
            ("-S", "--satisfied-skip-solve"),
            "specs_satisfied_skip_solve",
            "do nothing where what is installed meets the request",
        ),
    ):
        either.add_argument(
            *options,
            dest="update_modifier",
            action="store_const",
            const=const,
            default=SUPPRESS,
            help=text,
        )


def add_no_pin(group: _ActionsContainer) -> None:
    """Add that pins do not count."""
    group.add_argument(
        "--no-pin",
        dest="ignore_pinned",
        action="store_true",
        default=SUPPRESS,
        help="pins do not count",
    )


def add_solver(group: _ActionsContainer, *, proving: bool = True) -> None:
    """Add which solver answers, and whether it is to prove that."""
    group.add_argument(
        "--solver",
        metavar="NAME",
        default=SUPPRESS,
        help="xconda, or sat: what is named as new as it can be altogether, proven by pycosat; or "
        "that of a plugin",
    )
    if proving:
        group.add_argument(
            "--prove",
            action="store_true",
            help="say of what is named whether it could be newer, and prove it where not",
        )


def add_network(parser: CommandParser) -> None:
    """Add how the network is used."""
    group = parser.add_argument_group("network")
    group.add_argument(
        "--offline", action="store_true", default=SUPPRESS, help="use what is cached, ask nobody"
    )
    group.add_argument(
        "-k",
        "--insecure",
        dest="ssl_verify",
        action="store_false",
        default=SUPPRESS,
        help="do not verify certificates",
    )


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


def chosen_channels(arguments: Namespace, command: str) -> tuple[str, ...]:
    """Return the channels given with ``-c``.

    Raises:
        UsageError: ``--override-channels`` stands alone, which would leave no channel at all.
    """
    given = vars(arguments)
    channels = tuple(given.get("channels", ()))
    if given.get("override_channels") and not channels:
        raise UsageError(command, "--override-channels without -c leaves no channel.")
    return channels


def overrides(arguments: Namespace) -> dict[str, object]:
    """Return the settings that were given on the command line, and only those."""
    given = vars(arguments)
    return {name: given[name] for name in _SETTINGS if name in given}
