"""``xconda report``: a file for a bug report, without secrets. Layer: cli.

Nothing is sent anywhere: it is for whoever asks, after the user has read it.
"""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.surroundings import surroundings
from xconda_core.config.environ import home_folder
from xconda_core.config.log import LOG_FILE
from xconda_core.config.redaction import redacted
from xconda_core.engine.engine import Engine
from xconda_core.engine.plugin_listing import list_plugins
from xconda_core.errors import XcondaError

_LINES_OF_LOG: Final = 400
_REVISIONS: Final = 20
_TO_OUTPUT: Final = "-"


class ReportNotWritten(XcondaError):
    """The file cannot be written."""

    code: ClassVar[str] = "report-not-written"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = f"{path} was not written."
        self.why = f"the system says: {reason}."
        self.fix = "name another file with --file, or see it on standard output with --file -."


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``report``."""
    parser.add_argument(
        "--file",
        metavar="FILE",
        help="where to write it (xconda-report-TIME.txt here); - is standard output",
    )
    add_target(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda report -n demo\n  xconda report --file -"


def run(invocation: Invocation) -> int:
    """Write it, and say where.

    Raises:
        ReportNotWritten: the file cannot be written.
    """
    console, given = invocation.console, invocation.arguments.file
    engine, target = open_target(invocation)
    text = _told(invocation, engine, target.prefix)
    if given == _TO_OUTPUT:
        console.say(*text.splitlines())
        console.document({"report": text})
        return 0
    path = Path(given or time.strftime("xconda-report-%Y%m%dT%H%M%SZ.txt", time.gmtime()))
    try:
        with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise ReportNotWritten(path, error.strerror or str(error)) from error
    console.say(
        f"Written: {path}", Text("Read it before you pass it on; nobody has it yet.", "faint")
    )
    console.document({"path": str(path)})
    return 0


def _told(invocation: Invocation, engine: Engine, prefix: Path) -> str:
    """Return the report; credentials are hidden in it, and the home folder is ``~``."""
    lines = surroundings(["report"], invocation.environ)
    for title, tell in (
        ("this machine", lambda: _facts(engine, prefix)),
        ("plugins", lambda: _plugins(invocation)),
        (f"packages of {prefix}", lambda: _packages(engine, prefix)),
        (f"the last {_REVISIONS} revisions", lambda: _revisions(engine, prefix)),
        (f"the end of {LOG_FILE}", lambda: _log(engine)),
    ):
        lines += [title, *(f"  {line}" for line in _or_why_not(tell)), ""]
    return _without_home(redacted("\n".join(lines)), str(home_folder(invocation.environ)))


def _without_home(text: str, home: str) -> str:
    """Return ``text`` with ``~`` for the path ``home``, not for another that has it as a part."""
    if len(home) < 2:
        return text
    begins = r"(?:(?<![\w.~-])|(?<=\s-\w))"  # `-p/home/ann` is one word
    ends = r"(?!\.?[\w-])"  # a dot may end a sentence
    return re.sub(begins + re.escape(home) + ends, "~", text)


def _or_why_not(tell: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return the lines of a part; what cannot be told is no reason not to tell the rest."""
    try:
        return tell()
    except (XcondaError, OSError) as error:
        return [f"not known: {error}"]


def _facts(engine: Engine, prefix: Path) -> list[str]:
    return [f"{name}: {value}" for name, value in engine.facts(prefix).items()]


def _plugins(invocation: Invocation) -> list[str]:
    states = list_plugins(invocation.plugins)
    return [f"{e.name} {e.version} {e.status} {e.why}".rstrip() for e in states] or ["none"]


def _packages(engine: Engine, prefix: Path) -> list[str]:
    state = engine.state(prefix)
    conda = [f"{e.record.channel}::{e.record.dist_name}" for e in state.installed.values()]
    pip = [f"pypi::{e.name}-{e.version}" for e in state.python_packages.values()]
    return [*conda, *pip] or ["none"]


def _revisions(engine: Engine, prefix: Path) -> list[str]:
    revisions = engine.history(prefix)[-_REVISIONS:]
    return [f"{e.number}  {e.date}  {e.conda_version}  {e.command}" for e in revisions]


def _log(engine: Engine) -> Sequence[str]:
    path = engine.settings.state_dir / LOG_FILE
    return path.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_OF_LOG:]
