"""``xconda activate`` where the shell does not know it: what to do about it. Layer: cli.

A program cannot change the shell that started it. The shell's own function does, and where there is
one, this command is never reached.
"""

from argparse import REMAINDER
from pathlib import Path
from typing import ClassVar, NoReturn

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.errors import XcondaError

_KNOWN = ("bash", "zsh", "fish", "xonsh", "tcsh", "pwsh")


class ShellNotReady(XcondaError):
    """The shell has no function that could change it."""

    code: ClassVar[str] = "shell-not-ready"

    def __init__(self, shell: str) -> None:
        super().__init__(shell)
        self.shell = shell
        evaluate = f'eval "$(xconda shell.{shell} hook)"'
        if shell == "fish":
            evaluate = "xconda shell.fish hook | source"
        elif shell in ("tcsh", "csh"):
            evaluate = f'eval "`xconda shell.{shell} hook`"'
        self.what = "The environment was not activated: this shell does not know xconda yet."
        self.why = "no program can change the shell that starts it; a function of the shell can."
        self.fix = (
            f"`xconda init {shell}` once, then start a new shell; or `{evaluate}` for this one. "
            "`xconda run -n NAME PROGRAM` needs neither."
        )


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``activate`` and ``deactivate``, for their help."""
    parser.usage = "xconda activate [--stack | --no-stack] [NAME | PATH]\n       xconda deactivate"
    parser.add_argument(
        "words",
        nargs=REMAINDER,
        metavar="NAME | PATH",
        help="the environment; none: default_activation_env",
    )
    parser.add_argument(
        "--stack", action="store_true", help="upon the active one, whose programs stay to be found"
    )
    parser.add_argument(
        "--no-stack", action="store_true", help="in its place, whatever auto_stack says"
    )
    add_output(parser, json=False)
    parser.epilog = (
        "examples:\n"
        "  xconda activate demo\n"
        "  xconda activate ./env\n"
        "  xconda activate --stack tools"
    )


def run(invocation: Invocation) -> NoReturn:
    """Say what the shell needs.

    Raises:
        ShellNotReady: always.
    """
    shell = Path(invocation.environ.get("SHELL", "")).name
    raise ShellNotReady({"pwsh": "powershell"}.get(shell, shell) if shell in _KNOWN else "bash")
