"""The only module that prints: text, documents, plans, questions and progress. Layer: cli.

Answers go to standard output, what accompanies them (progress, questions, notices, failures) to
standard error, so that a pipe or a redirection gets the answer alone.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import ClassVar, Final, Literal, TextIO

from xconda_core.cancel import CancelToken
from xconda_core.cli.answer import read_answer
from xconda_core.cli.error_document import Hint, error_document
from xconda_core.cli.harmless import harmless
from xconda_core.cli.own_stdout import OwnStdout
from xconda_core.cli.progress import Progress, WarningsOnly, progress_on
from xconda_core.errors import Json, XcondaError
from xconda_core.events import Event, JobFinished, Noticed
from xconda_core.values import Slotted, dataclass

_COLOURS: Final[Mapping[str, str]] = {
    "heading": "\x1b[1m",
    "good": "\x1b[32m",
    "warning": "\x1b[33m",
    "danger": "\x1b[31m",
    "faint": "\x1b[2m",
}
_RESET: Final = "\x1b[0m"


class NotAnswered(XcondaError):
    """A question was asked and nobody was there to answer it."""

    code: ClassVar[str] = "not-answered"

    def __init__(self, question: str, *, in_notebook: bool) -> None:
        super().__init__(question, in_notebook)
        self.question, self.in_notebook = question, in_notebook
        self.what = "Nothing was changed: the question was not answered."
        self.why = f"`{question}` waits for an answer, and nobody is there to give it."
        self.fix = "add --yes to go ahead without a question, or --dry-run to look only."
        if in_notebook:
            self.fix = "use %xconda, which asks in the notebook, or add --yes."


@dataclass(frozen=True, slots=True)
class Text(Slotted):
    """One line and how it is to be looked at: plain, heading, good, warning, danger or faint."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Manners(Slotted):
    """How much is said, and in which form.

    Attributes:
        json: One JSON document is the whole answer; nobody is asked.
        quiet: No progress and no closing words.
        always_yes: Questions are answered with yes without being asked.
        logs: Log messages share the terminal, so nothing is redrawn there.
        style: How progress is shown: ``classic``, ``plain`` or ``json-lines``.
        view: Makes the view of a plugin instead; None for none.
        ask: Asks as a plugin does: question and default answer to an answer, None where it broke.
    """

    json: bool = False
    quiet: bool = False
    always_yes: bool = False
    logs: bool = False
    style: str = "classic"
    view: Callable[[TextIO], Progress] | None = None
    ask: Callable[[str, bool], bool | None] | None = None


class Console:
    """Speaks through two streams and listens on one."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        manners: Manners | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        stdin: TextIO | None = None,
        cancel: CancelToken | None = None,
        own: OwnStdout | None = None,
    ) -> None:
        """Make one that writes to the process's streams, unless others are given.

        ``own`` is the process's standard output where it is kept for answers.
        """
        self.manners = manners or Manners()
        self._environ = environ
        self._own = own
        self._stdout = stdout or (own.stream if own else sys.stdout)
        self._stderr = sys.stderr if stderr is None else stderr
        self._stdin = sys.stdin if stdin is None else stdin
        self._cancel = cancel or CancelToken()
        self.is_drawing = False  # bars are being redrawn

    @property
    def columns(self) -> int:
        """Width of the terminal, 80 where there is none."""
        given = self._environ.get("COLUMNS", "")
        if given.isdecimal() and int(given) > 0:
            return int(given)
        try:
            return os.get_terminal_size(self._stdout.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    @property
    def screen(self) -> int | None:
        """Width of the terminal that answers go to; None where they go into a file or pipe."""
        return self.columns if is_terminal(self._stdout) else None

    @property
    def has_unicode(self) -> bool:
        """Whether standard output can show more than ASCII."""
        return (getattr(self._stdout, "encoding", None) or "ascii").lower().startswith("utf")

    def say(self, *lines: str | Text) -> None:
        """Write lines of the answer; with ``--json`` the document alone is the answer."""
        if not self.manners.json:
            self._write(self._stdout, lines)

    def remark(self, *lines: str | Text) -> None:
        """Write lines that accompany the answer; neither ``--quiet`` nor ``--json`` has them."""
        if not (self.manners.json or self.manners.quiet):
            self._write(self._stderr, lines)

    def warn(self, *lines: str | Text) -> None:
        """Write lines that nobody should miss, to standard error whatever the manners."""
        self._write(self._stderr, lines)

    def notice(self, event: Event) -> None:
        """Be the reporter of a command that draws no progress: only warnings are said."""
        if isinstance(event, Noticed) and event.level == "warning":
            self.warn(f"warning: {event.text}")

    def document(self, value: Json | Callable[[], Json]) -> None:
        """Write the one JSON document of ``--json``; one that takes time is made only then."""
        if self.manners.json:
            import json

            made = value() if callable(value) else value
            encoding = getattr(self._stdout, "encoding", None) or "utf-8"
            ascii_only = not encoding.lower().startswith("utf")
            print(json.dumps(made, indent=2, ensure_ascii=ascii_only), file=self._stdout)

    def show(self, text: str) -> None:
        """Write what was asked for in so many words (help, the version), whatever the manners."""
        print(text, end="", file=self._stdout)

    def hand_over(self, program: str) -> None:
        """Write a program for a shell, byte for byte: its values are those of the environment."""
        self._stdout.flush()
        os.write(self._stdout.fileno(), os.fsencode(program))

    def fail(self, error: XcondaError, hints: Sequence[Hint] = ()) -> None:
        """Say that a command failed: a document with ``--json``, else the three sentences.

        ``hints`` of plugins follow.
        """
        if self.manners.json:
            self.document(error_document(error, hints))
            return
        first, *rest = str(error).splitlines()
        more = [f"  hint: {each.text}" for each in hints]
        self._write(self._stderr, [Text(first, "danger"), *rest, *more])

    def confirm(self, question: str, cancel: CancelToken, *, default: bool = True) -> bool:
        """Ask, and return whether the answer was yes; end of input is no.

        With ``--yes`` the answer is yes, with ``--json`` it is the default. Where nobody sits at a
        terminal and sees the question, an answer that was piped in counts.

        Raises:
            NotAnswered: nobody is there to answer.
            Cancelled: Ctrl-C, while waiting.
        """
        if self.manners.always_yes:
            return True
        if self.manners.json:
            return default
        told = self.manners.ask(question, default) if self.manners.ask else None
        if told is not None:
            return told
        prompt = f"{question} ({'[y]/n' if default else 'y/[n]'})? "
        stream = self._stdout if self._only_stdout_is_seen else self._stderr
        someone = is_terminal(self._stdin) and is_terminal(stream) and not self._in_kernel
        while True:
            print(prompt, end="", file=stream, flush=True)
            answer = read_answer(self._stdin, cancel, patient=someone)
            if answer is None or not someone:
                print(file=stream)
            if answer is None and not someone:
                raise NotAnswered(prompt.strip(), in_notebook=self._in_kernel)
            word = "no" if answer is None else answer.strip().lower()
            if word in {"", "y", "yes", "n", "no"}:
                return default if word == "" else word.startswith("y")
            self.warn(f"{answer.strip() if answer else ''!r} is neither y nor n.")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show what happens: bars on a terminal, a line per phase elsewhere."""
        stream = self._stderr
        if self.manners.json or self.manners.quiet:
            view: Progress = WarningsOnly(self.warn)
        elif self.manners.view is not None:
            view = self.manners.view(stream)
        else:
            can_redraw = is_terminal(stream) and self._environ.get("TERM") != "dumb"
            live = can_redraw and not self.manners.logs
            colour = self._has_colour(stream)
            view = progress_on(
                stream,
                style=self.manners.style,
                live=live,
                colour=colour,
                is_stopping=lambda: self._cancel.is_cancelled,
            )
            self.is_drawing = live and self.manners.style == "classic"
        try:
            yield view
        except BaseException:
            self._end(view, "failed")
            raise
        self._end(view, "succeeded")

    def _end(self, view: Progress, outcome: Literal["succeeded", "failed"]) -> None:
        """Close ``view``; bars of a question, which is no job, are told how it went."""
        if self.is_drawing:
            view.report(JobFinished(outcome))
        self.is_drawing = False
        view.close()

    def piped_text(self) -> str | None:
        """Return all that is piped into standard input; None where it is a terminal."""
        return None if is_terminal(self._stdin) else self._stdin.read()

    def flush(self) -> None:
        """Write out what is still in the streams' buffers."""
        self._stdout.flush()
        self._stderr.flush()

    @property
    def speaks_for_process(self) -> bool:
        """Whether the answer goes where that of this process goes; not, where it is captured."""
        return self._own is not None

    def lending_stdout(self) -> AbstractContextManager[None]:
        """Let a program that speaks for itself have standard output while the block runs."""
        return self._own.lent() if self._own else nullcontext()

    @property
    def streams(self) -> tuple[TextIO, TextIO]:
        """Where answers and remarks go, for a program that speaks for itself."""
        return self._stdout, self._stderr

    @property
    def main_stream(self) -> TextIO:
        """Where answers go: standard output."""
        return self._stdout

    @property
    def side_stream(self) -> TextIO:
        """Where log messages go: standard error."""
        return self._stderr

    @property
    def _only_stdout_is_seen(self) -> bool:
        return is_terminal(self._stdout) and not is_terminal(self._stderr)

    @property
    def _in_kernel(self) -> bool:
        # A notebook's `!xconda` has a terminal of sorts, but nobody can type into it.
        return "JPY_PARENT_PID" in self._environ

    def _has_colour(self, stream: TextIO) -> bool:
        if self._environ.get("NO_COLOR") or self._environ.get("TERM") == "dumb":
            return False
        return is_terminal(stream)

    def _write(self, stream: TextIO, lines: Sequence[str | Text]) -> None:
        colour = self._has_colour(stream)
        told = []
        for line in lines:
            text, style = (line, "") if isinstance(line, str) else (line.text, line.style)
            start = _COLOURS.get(style, "") if colour else ""
            told.append(f"{start}{harmless(text)}{_RESET}" if start else harmless(text))
        if told:
            print("\n".join(told), file=stream)
        stream.flush()  # the two streams may end up on one screen, or in one log


def is_terminal(stream: TextIO) -> bool:
    """Whether a person is likely to be at the other end of ``stream``."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False
