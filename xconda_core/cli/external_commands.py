"""Programs on PATH that are commands of xconda: ``xconda-NAME`` is ``xconda NAME``. Layer: cli.

So is ``conda-NAME``, where there is no ``xconda-NAME``: who has ``alias conda=xconda`` still has
``conda build`` and ``conda lock``. Such a program runs as its own process, with conda's own code if
that is what it is made of; a command that xconda has itself is never taken over.
"""

import os
import re
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cli.command_table import CommandEntry, find_command, namespaces
from xconda_core.cli.console import Console
from xconda_core.errors import XcondaError

_PREFIXES: Final = ("xconda-", "conda-")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_IGNORED_BY_PYTHON: Final = ("SIGPIPE", "SIGXFSZ")


class ProgramNotStarted(XcondaError):
    """The system refused to start the program."""

    code: ClassVar[str] = "program-not-started"
    exit_code: ClassVar[int] = 126  # as shells say it

    def __init__(self, program: Path | str, reason: str) -> None:
        super().__init__(program, reason)
        self.program = str(program)
        self.what = f"{program} was not started."
        self.why = f"the system says: {reason}."
        self.fix = "look at its permissions and its first line."


def find_external(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return the program that ``xconda NAME`` starts, or None."""
    return external_commands(environ).get(name)


def external_commands(environ: Mapping[str, str]) -> dict[str, Path]:
    """Return every such program on PATH by the name of its command, in order."""
    found: dict[str, Path] = {}
    for prefix in reversed(_PREFIXES):
        of_one: dict[str, Path] = {}
        for folder in environ.get("PATH", "").split(os.pathsep):
            with suppress(OSError):
                for program in os.scandir(folder) if folder else ():
                    name = Path(program.name).stem if os.name == "nt" else program.name
                    name = name.removeprefix(prefix) if name.startswith(prefix) else ""
                    if _is_free(name) and os.access(program.path, os.X_OK) and program.is_file():
                        of_one.setdefault(name, Path(program.path))
        found |= of_one
    return dict(sorted(found.items()))


def external_entries(environ: Mapping[str, str]) -> tuple[CommandEntry, ...]:
    """Return them as lines of the help."""
    return tuple(
        CommandEntry(name, "", "Programs on your PATH", str(path), f"xconda {name}")
        for name, path in external_commands(environ).items()
    )


def _is_free(name: str) -> bool:
    return bool(_NAME.fullmatch(name) and find_command(name) is None and name not in namespaces())


def run_external(
    program: Path, words: Sequence[str], environ: Mapping[str, str], console: Console
) -> int:
    """Run ``program`` with ``words`` in place of this process, or beside it; return its exit code.

    Beside it where the process is another program's, and on Windows.

    Raises:
        ProgramNotStarted: the system refuses.
    """
    line = [str(program), *words]
    try:
        if not console.speaks_for_process:
            return _beside(line, environ, console)
        with console.lending_stdout():
            return _become(line, environ)
    except OSError as error:
        raise ProgramNotStarted(program, error.strerror or str(error)) from error


def _beside(line: list[str], environ: Mapping[str, str], console: Console) -> int:
    import subprocess

    console.flush()
    stdout, stderr = console.streams
    nobody = subprocess.DEVNULL
    return subprocess.run(
        line, env=dict(environ), stdin=nobody, stdout=stdout, stderr=stderr, check=False
    ).returncode


def _become(line: list[str], environ: Mapping[str, str]) -> int:
    if os.name != "nt":
        for name in _IGNORED_BY_PYTHON:  # and the program would inherit that
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        os.execve(line[0], line, dict(environ))  # noqa: S606 (no shell is the point)
    return os.spawnve(os.P_WAIT, line[0], line, dict(environ))  # noqa: S606 (as above)
