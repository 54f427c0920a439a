"""The options of commands that ask for packages: files, channels, and how far that reaches.

Layer: cli.
"""

from argparse import SUPPRESS, BooleanOptionalAction, Namespace, _ActionsContainer, _ArgumentGroup
from typing import Final

from xconda_core.cli.parser import CommandParser, UsageError, add_idle

UNKNOWN: Final = "what the package cache holds counts without being asked where no network is"
ALL_CHANNELS: Final = "disabled"  # the priority under which no channel hides a package of another
PROCESSES: Final = "files in use are no obstacle"
FILE_FORMATS: Final = (
    "environment-yaml", "environment-json", "explicit", "requirements", "conda-lock", "pixi-lock",
    "cep-24", "env.yml", "environment.yml", "requirements.txt", "reqs", "conda-lock.yml",
    "pixi.lock",
)  # fmt: skip


def add_files(parser: CommandParser, otherwise: str = "may be given again") -> None:
    """Add files that say what is asked for; ``otherwise`` says what holds without any."""
    group = parser.add_argument_group("files that ask")
    group.add_argument(
        "-f",
        "--file",
        dest="files",
        metavar="FILE",
        action="append",
        type=_input,
        default=[],
        help="environment.yml (- is one from standard input), a list of specs or of archives, "
        f"a lock file; {otherwise}",
    )
    add_format(group)


def _input(file: str) -> str:
    return "/dev/stdin" if file == "-" else file


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
        help="jlap: bring lists that are not in shards up to date by patches; lock: nothing, "
        "caches are locked anyway",
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
        help="leave pins aside: conda-meta/pinned and pinned_packages",
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
            help="say whether what is named could be newer; where not, have pycosat prove it",
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
