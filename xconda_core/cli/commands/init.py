"""``xconda init``: make shells know xconda when they start, and take that back. Layer: cli."""

import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from xconda_core.cli.console import Manners, Text
from xconda_core.cli.early_log import log_as_asked
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output, overrides
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.starting import MODULE_WORDS, starting_words
from xconda_core.config.environ import home_folder, user_data_folder
from xconda_core.engine.initializing import (
    FileChange,
    Wish,
    carry_out,
    plan_initialization,
    present_shells,
)
from xconda_core.environment.places import find_root
from xconda_core.environment.start_up_files import SHELLS, Scope
from xconda_core.errors import Json
from xconda_core.values import replace

_PROGRAMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"powershell": ("pwsh", "powershell"), "tcsh": ("tcsh", "csh")}
)


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``init``."""
    parser.add_argument(
        "shells",
        nargs="*",
        metavar="SHELL",
        help=f"{', '.join(SHELLS)}; the usual one of this system unless told",
    )
    parser.add_argument("--all", action="store_true", help="every shell that is on this machine")
    where = parser.add_argument_group("for whom")
    where.add_argument("--user", action="store_true", default=True, help="for you (this is so)")
    where.add_argument("--no-user", dest="user", action="store_false", help="not for you")
    where.add_argument("--system", action="store_true", help="for everybody on this machine")
    what = parser.add_argument_group("what")
    what.add_argument("--reverse", action="store_true", help="take out what init has written")
    what.add_argument(
        "--condabin",
        action="store_true",
        help="only put a folder with nothing but xconda on PATH; `activate` stays unknown",
    )
    what.add_argument(
        "--install", action="store_true", help="only make that folder; no start-up file is touched"
    )
    what.add_argument(
        "--dev",
        action="store_true",
        help="let shells start this Python with -m xconda_core: for work on xconda itself",
    )
    what.add_argument("-d", "--dry-run", action="store_true", help="show what would change")
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda init bash\n  xconda init --all --dry-run\n  xconda init --reverse zsh"
    )


def run(invocation: Invocation) -> int:
    """Write the start-up files, and say which.

    Raises:
        UsageError: there is no such shell, or nobody it is for.
        XcondaError: a file cannot be changed; those named before it are.
    """
    arguments = invocation.arguments
    given = overrides(arguments)
    invocation.console.manners = Manners(json="json" in given, quiet="quiet" in given)
    log_as_asked(invocation)
    wish = _wish(arguments, invocation)
    changes = plan_initialization(wish)
    if not arguments.dry_run:
        carry_out(changes)
    _tell(changes, invocation)
    return 0


def _wish(arguments: Namespace, invocation: Invocation) -> Wish:
    strange = [shell for shell in arguments.shells if shell not in SHELLS]
    if strange:
        known = f"one of {', '.join(SHELLS)}."
        raise UsageError("xconda init", f"there is no shell {strange[0]!r}.", known)
    scopes: tuple[Scope, ...] = ()
    scopes += ("user",) if arguments.user else ()
    scopes += ("system",) if arguments.system else ()
    if not scopes:
        raise UsageError("xconda init", "--no-user without --system is for nobody.")
    home = home_folder(invocation.environ)
    own = user_data_folder(invocation.environ, home)
    usual = {"win32": ("cmd.exe", "powershell"), "darwin": ("zsh",)}.get(sys.platform, ("bash",))
    wish = Wish(
        shells=tuple(arguments.shells) or usual,
        scopes=scopes,
        words=MODULE_WORDS if arguments.dev else starting_words(),
        condabin=own / "condabin",
        environ=invocation.environ,
        home=home,
        only_path=arguments.condabin,
        reverse=arguments.reverse,
        base=own if find_root(invocation.environ).prefix == own else None,
    )
    path = invocation.environ.get("PATH", "")
    if arguments.all:
        programs = ((shell, _PROGRAMS.get(shell, (shell,))) for shell in SHELLS)
        here = [name for name, words in programs if any(shutil.which(w, path=path) for w in words)]
        return replace(wish, shells=present_shells(wish, here))
    return replace(wish, shells=()) if arguments.install else wish


def _tell(changes: tuple[FileChange, ...], invocation: Invocation) -> None:
    console, dry_run = invocation.console, invocation.arguments.dry_run
    files: list[Json] = [
        {"shell": change.shell, "path": change.path, "result": change.result} for change in changes
    ]
    console.document({"success": True, "dry_run": dry_run, "files": files})
    width = max(len(change.result) for change in changes)
    for change in changes:
        style = "plain" if change.result == "no change" else "good"
        console.say(Text(f"{change.result:<{width}}  {change.path}", style))
        if dry_run and change.result != "no change":
            console.say(*_difference(change))
    if all(change.result == "no change" for change in changes):
        console.remark("Nothing to do.")
    elif dry_run:
        console.remark("Dry run: nothing was written.")
    else:
        console.remark("Start a new shell for it to take effect.")


def _difference(change: FileChange) -> list[str]:
    import difflib

    before, after = ((text or "").splitlines() for text in (change.before, change.after))
    return [*difflib.unified_diff(before, after, "now", "then", lineterm="", n=1)]
