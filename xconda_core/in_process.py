"""A command line inside another program: what it says is returned, the program stays as it was.

Layer: above the command line. For tests, build tools and servers that would else start a process.
"""

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from xconda_core.cancel import CancelToken
from xconda_core.cli.console import Console, Manners
from xconda_core.cli.main import answer
from xconda_core.cli.signals import Stop
from xconda_core.config.environ import environment
from xconda_core.config.search_path import INSTEAD
from xconda_core.net.workers import awaited
from xconda_core.values import NamedTuple


class CommandResult(NamedTuple):
    """What a command came to.

    Attributes:
        stdout: Its answer; with ``--json`` one document.
        stderr: What accompanied it.
        code: Its exit code (``docs/cli.md``).
    """

    stdout: str
    stderr: str
    code: int


def run_command(
    *words: str | Path,
    environ: Mapping[str, str] | None = None,
    search_path: Sequence[str | Path] | None = None,
    cancel: CancelToken | None = None,
) -> CommandResult:
    """Run one command line in this process.

    Nobody is asked: the answer to every question is yes, unless ``CONDA_ALWAYS_YES`` says else;
    a question without an answer ends the command. It never exits, and leaves environment variables,
    working directory, signal handlers and the three streams as they were, and no thread behind:
    what was being fetched ahead and is not needed is given up. ``run``, and a command that is a
    program on PATH, start that program as a child. What a plugin's own subcommand prints is the
    answer; what a plugin's C library writes by itself goes where this process prints.

    Args:
        words: The words after ``xconda``.
        environ: Environment variables of the command; those of this process unless given.
        search_path: The configuration files and folders that count, lowest priority first, in place
            of all others; the variables of ``environ`` still stand above them.
        cancel: Stops the command at its next step, which undoes what was begun.

    Returns:
        Its streams and its exit code, whether it succeeded or not.
    """
    token = cancel or CancelToken()
    variables = {"CONDA_ALWAYS_YES": "true", **(environment() if environ is None else environ)}
    if search_path is not None:
        variables[INSTEAD] = os.pathsep.join(map(str, search_path))
        variables.pop("CONDARC", None)
    texts = [*map(str, words)]
    with (
        TemporaryFile("w+", encoding="utf-8") as stdout,
        TemporaryFile("w+", encoding="utf-8") as stderr,
    ):
        console = Console(
            variables,
            manners=Manners(json="--json" in texts, always_yes=True),
            stdout=stdout,
            stderr=stderr,
            stdin=io.StringIO(),
        )
        with awaited():
            code = answer(texts, variables, console, token, Stop(token))
            if cancel is None:
                token.cancel()  # nobody asks any more for what was only fetched ahead
        return CommandResult(_whole(stdout), _whole(stderr), code)


def _whole(stream: io.TextIOBase) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
