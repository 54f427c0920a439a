"""The words of a changing command: how files come there, and the engine's request. Layer: cli."""

from argparse import SUPPRESS
from collections.abc import Sequence
from typing import Final

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import chosen_channels
from xconda_core.config.redaction import redacted
from xconda_core.engine.engine import Engine
from xconda_core.engine.requests import ChangeRequest, FileWish, Verb
from xconda_core.environment.places import Target
from xconda_core.models.archive_name import names_archive
from xconda_core.values import replace

_ONLY_PACKAGES: Final = (
    "only the packages of conda are taken, no pip section and no variables; "
    "`xconda env update` takes these too"
)


def add_linking(parser: CommandParser) -> None:
    """Add how files are put there, and what is made besides."""
    group = parser.add_argument_group("files of packages, and what is made besides")
    group.add_argument(
        "--copy",
        dest="always_copy",
        action="store_true",
        default=SUPPRESS,
        help="copies, no links into the package cache",
    )
    group.add_argument(
        "--clobber",
        dest="path_conflict",
        action="store_const",
        const="clobber",
        default=SUPPRESS,
        help="a file that two packages bring is the later one's, whatever path_conflict says",
    )
    group.add_argument(
        "--no-pyc",
        dest="compile_pyc",
        action="store_false",
        default=SUPPRESS,
        help="byte code is not compiled now: Python does it when it first loads a module",
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--no-shortcuts",
        dest="shortcuts",
        action="store_false",
        default=SUPPRESS,
        help="no package gets an entry in the menus of the desktop",
    )
    either.add_argument(
        "--shortcuts",
        action="store_true",
        default=SUPPRESS,
        help="packages get them (this is so unless configured)",
    )
    either.add_argument(
        "--shortcuts-only",
        metavar="PACKAGE",
        action="append",
        default=SUPPRESS,
        help="only this package gets its entries there; may be given again",
    )


def file_wish(invocation: Invocation, engine: Engine) -> FileWish | None:
    """Return what the files and archives of a command ask for; None where it names none.

    Raises:
        XcondaError: one of them cannot be read, or they do not go together.
    """
    arguments = vars(invocation.arguments)
    files, words = arguments.get("files", ()), arguments.get("specs", ())
    if not names_files(files, words, engine.wiring.plugins.archive_endings()):
        return None
    return engine.read_files(files, words, format=arguments.get("format"), cancel=invocation.cancel)


def names_files(files: Sequence[str], words: Sequence[str], endings: Sequence[str]) -> bool:
    """Whether a command line names a file, or an archive among its packages.

    ``endings``: of the names of archives that plugins unpack.
    """
    return bool(files) or any(names_archive(word, endings) for word in words)


def with_wish(request: ChangeRequest, wish: FileWish, *, whole: bool) -> ChangeRequest:
    """Return ``request`` with what files ask for.

    Args:
        request: What the command line alone asks for.
        wish: What its files ask for; the words of the command line are in it.
        whole: With variables and the packages of pip, which belong to a whole environment.
    """
    override = request.override_channels or wish.override_channels
    channels = request.channels
    if not request.override_channels:
        channels = (*channels, *wish.channels)
    notices = wish.notices
    if not whole and (wish.pip or wish.sections or wish.variables):
        notices = (*notices, _ONLY_PACKAGES)
    return replace(
        request,
        specs=wish.specs,
        records=wish.records,
        channels=tuple(dict.fromkeys(channels)),
        override_channels=override,
        variables=wish.variables if whole else {},
        pip=wish.pip if whole else None,
        sections=wish.sections if whole else (),
        notices=notices,
    )


def change_request(
    invocation: Invocation, engine: Engine, target: Target, verb: Verb
) -> ChangeRequest:
    """Return what is asked of ``engine``.

    The command line goes into the history without the credentials of its URLs.

    Raises:
        UsageError: the words leave no channel to look in.
    """
    arguments = vars(invocation.arguments)
    return ChangeRequest(
        verb=verb,
        prefix=target.prefix,
        why_prefix=target.why,
        specs=tuple(arguments.get("specs", ())),
        update_all=arguments.get("update_all", False),
        prune=arguments.get("prune", False),
        default_packages=arguments.get("default_packages", True),
        revision=arguments.get("revision"),
        channels=chosen_channels(invocation.arguments, f"xconda {verb}"),
        override_channels=arguments.get("override_channels", False),
        prove=arguments.get("prove", False),
        dry_run=engine.settings.dry_run,
        command=redacted(invocation.command_line),
    )
