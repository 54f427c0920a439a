"""``xconda shell.SHELL VERB``: the text that a shell evaluates. Layer: cli.

Standard output is a program for the shell, so everything else goes to standard error.
"""

from argparse import REMAINDER
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from xconda_core.cli.command_table import COMMANDS
from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.starting import is_conda, starting_words
from xconda_core.config.environ import home_folder, user_data_folder
from xconda_core.config.settings import Settings
from xconda_core.engine.configured import configuration
from xconda_core.environment.activation_change import ActivationChange
from xconda_core.environment.activation_rim import Rim
from xconda_core.environment.shell_session import activate, deactivate, meant, reactivate
from xconda_core.environment.shells.dialect import Dialect, program
from xconda_core.environment.shells.document import document
from xconda_core.environment.shells.hook import hook
from xconda_core.environment.shells.table import DIALECTS
from xconda_core.errors import XcondaError

_VERBS: Final = ("activate", "deactivate", "reactivate", "hook", "commands")
_USAGE: Final = """\
usage: xconda activate [--stack | --no-stack] [NAME | PATH]
       xconda deactivate

Make an environment the shell's own, or leave it.

  NAME | PATH   the environment; without one that of default_activation_env
  --stack       upon the active one, whose programs stay to be found
  --no-stack    in its place, whatever auto_stack says

examples:
  xconda activate demo
  xconda activate ./env
  xconda deactivate
"""


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``shell``."""
    parser.usage = "xconda shell SHELL VERB ... (or in one word: xconda shell.SHELL VERB ...)"
    parser.add_argument(
        "words",
        nargs=REMAINDER,
        metavar="VERB",
        help=f"one of {', '.join(_VERBS)}; SHELL is one of {', '.join(DIALECTS)}, or posix+json",
    )
    add_output(parser, json=False)
    parser.epilog = (
        'examples:\n  eval "$(xconda shell.bash hook)"\n  xconda shell.posix+json activate demo'
    )


def run(invocation: Invocation) -> int:
    """Write what the shell is to evaluate.

    Raises:
        UsageError: the words do not fit.
        XcondaError: the environment cannot be activated; nothing was written.
    """
    shell, *words = invocation.arguments.words or [""]
    family, _, form = shell.partition("+")
    dialect = DIALECTS.get(family)
    if dialect is None or form not in ("", "json"):
        known = ", ".join(DIALECTS)
        raise UsageError("xconda shell", f"there is no shell {shell!r}.", f"one of {known}.")
    verb, *rest = words or [""]
    if verb not in _VERBS:
        raise UsageError(f"xconda shell.{shell}", f"it needs one of {', '.join(_VERBS)}.")
    if "-h" in rest or "--help" in rest:
        invocation.console.warn(*_USAGE.splitlines())
        return 0
    if verb == "commands":
        invocation.console.show("".join(f"{entry.name}\n" for entry in COMMANDS))
        return 0
    _, settings = configuration(environ=invocation.environ)
    if verb == "hook":
        invocation.console.hand_over(_hook(dialect, rest, settings, invocation))
        return 0
    change = _change(verb, rest, settings, dialect, invocation)
    text = document(change, dialect, invocation.environ) if form else ""
    windows = settings.subdir.startswith("win-")
    text = text or program(change, dialect, invocation.environ, windows)
    invocation.console.hand_over(text)
    return 0


def _change(
    verb: str, words: Sequence[str], settings: Settings, dialect: Dialect, invocation: Invocation
) -> ActivationChange:
    environ, suffix = invocation.environ, dialect.script_suffix
    if verb == "activate":
        word, stack = _activate_words(words)
        change, rim = activate(word, stack, environ, settings, suffix, Path.cwd())
        _warn(invocation, change, rim)
        return change
    _refuse(verb, words)
    if verb == "deactivate":
        return deactivate(environ, settings, suffix)
    return reactivate(environ, settings, suffix)


def _activate_words(words: Sequence[str]) -> tuple[str | None, bool | None]:
    """Return the environment and whether it is stacked upon the active one, None: not said.

    Raises:
        UsageError: the words do not fit.
    """
    names = [word for word in words if word not in ("--stack", "--no-stack")]
    strange = next((word for word in names if word.startswith("-")), None)
    if strange is not None:
        raise UsageError("xconda activate", f"it has no option {strange}.")
    if len(names) > 1:
        raise UsageError("xconda activate", f"it takes no more than one environment: {names}.")
    if "--stack" in words and "--no-stack" in words:
        raise UsageError("xconda activate", "--stack and --no-stack contradict each other.")
    chosen = True if "--stack" in words else False if "--no-stack" in words else None
    return (names[0] if names else None), chosen


def _refuse(verb: str, words: Sequence[str]) -> None:
    if words:
        raise UsageError(f"xconda {verb}", f"it does not accept arguments: {list(words)}.")


def _hook(
    dialect: Dialect, words: Sequence[str], settings: Settings, invocation: Invocation
) -> str:
    """Return the hook; ``hook conda`` lets the function be called ``conda`` as well."""
    also_conda = is_conda() or words == ["conda"]
    _refuse("shell hook", [] if also_conda else words)
    home = home_folder(invocation.environ)
    condabin = user_data_folder(invocation.environ, home) / "condabin"
    first = settings.default_activation_env if settings.auto_activate else None
    if first is not None and "auto_activate" not in settings.origins:
        try:  # nobody asked for it: where there is no such environment, that is no fault
            meant(first, invocation.environ, settings, Path.cwd())
        except XcondaError:
            first = None
    here = condabin if condabin.is_dir() else None
    return hook(dialect.name, starting_words(), here, first, also_conda=also_conda)


def _warn(invocation: Invocation, change: ActivationChange, rim: Rim) -> None:
    state = rim.prefix / "conda-meta" / "state"
    for names, told in (
        (change.overwritten, "overwriting variables of this shell until it is deactivated"),
        (rim.hidden, f"{state} has another value than a package, and wins"),
        (rim.refused, "activation makes these variables itself, and leaves these values aside"),
    ):
        if names:
            invocation.console.warn(Text(f"warning: {told}: {', '.join(names)}", "warning"))
