"""``xconda run``: start a program in an environment, as if it were activated. Layer: cli.

The program replaces xconda: its exit code, its signals and its terminal are its own, and no shell
comes between.
"""

import os
import shutil
import signal
import sys
from argparse import REMAINDER
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, NoReturn

from xconda_core.cli.console import Console
from xconda_core.cli.external_commands import ProgramNotStarted
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.environment.activation import activation, run_environment
from xconda_core.environment.activation_names import rules_of
from xconda_core.environment.shells.dialect import program
from xconda_core.environment.shells.posix import POSIX
from xconda_core.errors import XcondaError


class ProgramNotFound(XcondaError):
    """No program of that name is on the environment's PATH."""

    code: ClassVar[str] = "program-not-found"
    exit_code: ClassVar[int] = 127  # as shells say it

    def __init__(self, program: str, prefix: Path) -> None:
        super().__init__(program, prefix)
        self.program, self.prefix = program, prefix
        self.what = f"{program} was not started."
        self.why = f"neither {prefix} nor the rest of the PATH has a program of that name."
        self.fix = f"`xconda list -p {prefix}` shows what is installed there."


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``run``."""
    parser.add_argument(
        "words", nargs=REMAINDER, metavar="PROGRAM ...", help="the program and all its words"
    )
    parser.add_argument("--cwd", metavar="PATH", help="folder to start it in")
    parser.add_argument(
        "-s",
        "--no-capture-output",
        "--live-stream",
        action="store_true",
        help="what the program says is never held back: this is always so",
    )
    parser.add_argument(
        "--dev",
        action="count",
        help="the program finds this xconda by $CONDA_EXE $_CE_M $_CE_CONDA",
    )
    parser.add_argument(
        "--debug-wrapper-scripts",
        action="count",
        help="show on standard error what activation does first",
    )
    add_target(parser)
    add_output(parser, json=False)
    parser.epilog = (
        "examples:\n"
        "  xconda run -n demo python -c 'import numpy; print(numpy.__version__)'\n"
        "  xconda run -p ./env pytest -x"
    )


def run(invocation: Invocation) -> int:
    """Become the program; return only where the process is another program's.

    Raises:
        UsageError: no program was named.
        NotAnEnvironment: nothing is there to run it in.
        ProgramNotFound: there is none of that name.
        ProgramNotStarted: it cannot be started.
    """
    words = invocation.arguments.words
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        raise UsageError(
            "xconda run", "it needs a program.", "for example `xconda run -n demo python`."
        )
    engine, target = open_target(invocation)
    engine.require(target.prefix, invocation.console.notice)
    settings = engine.settings
    rules = rules_of(settings)
    if invocation.arguments.debug_wrapper_scripts:
        change = activation(target.prefix, invocation.environ, rules)
        invocation.console.warn(*program(change, POSIX, {}).splitlines())
    environ = run_environment(target.prefix, invocation.environ, rules)
    if invocation.arguments.dev:
        own = {"CONDA_EXE": sys.executable, "_CE_M": "-m", "_CE_CONDA": "xconda_core"}
        environ = {**environ, **own}
    invocation.console.flush()
    folder = invocation.arguments.cwd
    if folder is not None and not Path(folder).is_dir():
        raise UsageError("xconda run", f"--cwd {folder} is no folder.")
    if invocation.console.speaks_for_process:
        with invocation.console.lending_stdout():
            _become(words, environ, folder, target.prefix)
    return _beside(words, environ, folder, invocation.console, target.prefix)


def _beside(
    words: list[str],
    environ: Mapping[str, str],
    folder: str | None,
    console: Console,
    prefix: Path,
) -> int:
    """Run the program as a child, where this process is another program's, and return its code."""
    import subprocess

    found = shutil.which(words[0], path=environ.get("PATH", ""))
    if found is None and not Path(folder or "", words[0]).exists():
        raise ProgramNotFound(words[0], prefix)
    stdout, stderr = console.streams
    try:
        return subprocess.run(
            [found or words[0], *words[1:]],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            check=False,
        ).returncode
    except OSError as error:
        raise ProgramNotStarted(words[0], error.strerror or str(error)) from error


def _become(
    words: list[str], environ: Mapping[str, str], folder: str | None, prefix: Path
) -> NoReturn:
    try:
        if folder is not None:
            os.chdir(folder)
        found = shutil.which(words[0], path=environ.get("PATH", ""))
        if found is None and not Path(words[0]).exists():
            raise ProgramNotFound(words[0], prefix)
        for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and a program would inherit it
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        os.execve(found or words[0], words, dict(environ))  # noqa: S606 (no shell is the point)
    except OSError as error:
        raise ProgramNotStarted(words[0], error.strerror or str(error)) from error
