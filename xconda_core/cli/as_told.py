"""A command of the command line for a cell of a notebook: what it says comes back as values.

Layer: cli. It is the command itself with its own options: nothing is declared twice, and nobody
reads a text that was meant for people.
"""

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import TextIO

from xconda_core.cancel import CancelToken
from xconda_core.cli.console import Console, Manners, NotAnswered, Text
from xconda_core.cli.error_document import Hint, error_document
from xconda_core.cli.main import answer
from xconda_core.cli.not_in_cells import refuse_in_cell
from xconda_core.cli.progress import Progress
from xconda_core.cli.signals import Stop
from xconda_core.errors import Json, XcondaError
from xconda_core.events import Event, Noticed, Reporter


def tell(
    words: Sequence[str], environ: Mapping[str, str], report: Reporter, cancel: CancelToken
) -> Json:
    """Run one command line and return what it said.

    Args:
        words: The words after ``xconda``.
        environ: Environment variables; ``CONDA_PREFIX`` names the environment that is meant where
            the words name none.
        report: Told of its progress.
        cancel: Stops it at its next step.

    Returns:
        ``code`` (its exit code), ``lines`` and ``remarks`` (``text`` and ``style`` of each),
        ``document`` (what ``--json`` would have answered) and ``failure`` (the error, or None).

    Raises:
        NotInCells: the command is for a terminal.
    """
    refuse_in_cell(words, environ)
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as stdout:
        console = _Listening(environ, stdout, report)
        code = answer(list(words), environ, console, cancel, Stop(cancel))
        return console.told(code)


class _Listening(Console):
    """A console that keeps what it is told; a question without ``--yes`` ends the command."""

    def __init__(self, environ: Mapping[str, str], stdout: TextIO, report: Reporter) -> None:
        super().__init__(
            environ, manners=Manners(), stdout=stdout, stderr=sys.stderr, stdin=io.StringIO()
        )
        self._file, self._report = stdout, report
        self._lines: list[Text] = []
        self._remarks: list[Text] = []
        self._document: Json = None
        self._failure: Json = None

    def told(self, code: int) -> Json:
        """Return all that was said; what was printed past the console follows the lines."""
        self._file.flush()
        self._file.seek(0)
        printed = [Text(line) for line in self._file.read().splitlines()]
        return {
            "code": code,
            "lines": _documents([*self._lines, *printed]),
            "remarks": _documents(self._remarks),
            "document": self._document,
            "failure": self._failure,
        }

    def document(self, value: Json | Callable[[], Json]) -> None:
        """Keep the document, whatever the manners."""
        self._document = value() if callable(value) else value

    def show(self, text: str) -> None:
        """Keep what was asked for in so many words."""
        self._lines += map(Text, text.splitlines())

    def fail(self, error: XcondaError, hints: Sequence[Hint] = ()) -> None:
        """Keep the failure."""
        self._failure = error_document(error, hints)

    def confirm(self, question: str, cancel: CancelToken, *, default: bool = True) -> bool:
        """Say yes where ``--yes`` did; nobody else can be asked.

        Raises:
            NotAnswered: there is no ``--yes``.
        """
        del cancel, default
        if not self.manners.always_yes:
            raise NotAnswered(question, in_notebook=False)
        return True

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Hand events on; warnings are kept, too."""
        yield _HandingOn(self._report, self.notice)

    @property
    def streams(self) -> tuple[TextIO, TextIO]:
        """Where a program of ``run`` writes: in the order in which it does."""
        return self._file, self._file

    def _write(self, stream: TextIO, lines: Sequence[str | Text]) -> None:
        kept = self._lines if stream is self._file else self._remarks
        kept += (Text(line) if isinstance(line, str) else line for line in lines)


class _HandingOn:
    """A view that draws nothing."""

    def __init__(self, report: Reporter, notice: Reporter) -> None:
        self._report, self._notice = report, notice

    def report(self, event: Event) -> None:
        """Hand one event on."""
        self._report(event)
        if isinstance(event, Noticed):
            self._notice(event)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do nothing: nothing is drawn."""
        yield

    def close(self) -> None:
        """Do nothing, for the same reason."""


def _documents(lines: Sequence[Text]) -> list[Json]:
    return [{"text": each.text, "style": each.style} for each in lines]
