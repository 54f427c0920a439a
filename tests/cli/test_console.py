"""What goes to which stream, in which form, and what is asked of whom."""

import io
import json
import os
import pty
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.cli.console import Console, Manners, NotAnswered, Text
from xconda_core.events import Noticed, PhaseStarted, PlanReady


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def a_console(
    *,
    manners: Manners | None = None,
    stdin: TextIO | None = None,
    terminal: bool = False,
    environ: dict[str, str] | None = None,
) -> tuple[Console, io.StringIO, io.StringIO]:
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    console = Console(environ or {}, manners=manners, stdout=out, stderr=err, stdin=stdin)
    return console, out, err


@contextmanager
def a_pipe(content: bytes = b"", *, closed: bool = True) -> Iterator[TextIO]:
    read, write = os.pipe()
    os.write(write, content)
    if closed:
        os.close(write)
    with open(read) as stream:
        yield stream
    if not closed:
        os.close(write)


@contextmanager
def a_terminal(typed: bytes, after: float = 0.0) -> Iterator[TextIO]:
    """A real pseudo-terminal at which somebody types."""
    keyboard, screen = pty.openpty()
    typist = threading.Timer(after, os.write, (keyboard, typed))
    typist.start()
    with open(screen, closefd=False) as stream:
        yield stream
    typist.join()
    os.close(screen)
    os.close(keyboard)


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        (b"\n", True, True),
        (b"\n", False, False),
        (b"y\n", False, True),
        (b"YES\n", False, True),
        (b"n\n", True, False),
        (b" no \n", True, False),
        (b"maybe\ny\n", False, True),
        (b"\x04", True, False),  # Ctrl-D: end of input is no
    ],
)
def test_an_answer_typed_at_a_terminal_counts(typed: bytes, default: bool, answer: bool) -> None:
    with a_terminal(typed) as stdin:
        console, _, err = a_console(stdin=stdin, terminal=True)
        assert console.confirm("Proceed", CancelToken(), default=default) is answer
    assert err.getvalue().startswith(f"Proceed ({'[y]/n' if default else 'y/[n]'})? ")


def test_a_terminal_is_waited_for() -> None:
    with a_terminal(b"y\n", after=1.3) as stdin:
        console, _, _ = a_console(stdin=stdin, terminal=True)
        assert console.confirm("Proceed", CancelToken(), default=False)


def test_an_answer_that_is_neither_yes_nor_no_is_asked_again() -> None:
    with a_terminal(b"maybe\nn\n") as stdin:
        console, _, err = a_console(stdin=stdin, terminal=True)
        console.confirm("Proceed", CancelToken())
    assert err.getvalue().count("Proceed ([y]/n)? ") == 2
    assert "'maybe' is neither y nor n." in err.getvalue()


def test_an_answer_that_was_piped_in_counts() -> None:
    with a_pipe(b"y\n") as stdin:
        console, _, _ = a_console(stdin=stdin)
        assert console.confirm("Remove", CancelToken(), default=False)


def test_each_question_gets_its_own_piped_line() -> None:
    with a_pipe(b"y\nn\n") as stdin:
        console, _, _ = a_console(stdin=stdin)
        answers = [console.confirm("Proceed", CancelToken()) for _ in range(2)]
    assert answers == [True, False]


def test_a_closed_standard_input_is_said_and_not_taken_for_yes() -> None:
    with a_pipe() as stdin, pytest.raises(NotAnswered) as caught:
        a_console(stdin=stdin)[0].confirm("Proceed", CancelToken())
    assert "--yes" in caught.value.fix


def test_a_pipe_that_nobody_writes_into_does_not_hang_the_command() -> None:
    start = time.monotonic()
    with a_pipe(closed=False) as stdin, pytest.raises(NotAnswered):
        a_console(stdin=stdin)[0].confirm("Proceed", CancelToken())
    assert time.monotonic() - start < 3


def test_the_terminal_of_a_notebook_cell_is_not_waited_for() -> None:
    environ = {"JPY_PARENT_PID": "1"}
    with a_terminal(b"") as stdin, pytest.raises(NotAnswered) as caught:
        a_console(stdin=stdin, terminal=True, environ=environ)[0].confirm("Proceed", CancelToken())
    assert "%xconda" in caught.value.fix


def test_a_question_that_goes_into_a_file_is_not_waited_for() -> None:
    with a_terminal(b"") as stdin, pytest.raises(NotAnswered):
        a_console(stdin=stdin, terminal=False)[0].confirm("Proceed", CancelToken())


def test_a_question_is_put_where_it_is_seen() -> None:
    out, err = Terminal(), io.StringIO()
    with a_terminal(b"y\n") as stdin:
        Console({}, stdout=out, stderr=err, stdin=stdin).confirm("Proceed", CancelToken())
    assert (out.getvalue(), err.getvalue()) == ("Proceed ([y]/n)? ", "")


def test_no_standard_input_at_all_is_said() -> None:
    with pytest.raises(NotAnswered):
        a_console(stdin=io.StringIO())[0].confirm("Proceed", CancelToken())


def test_yes_is_not_asked() -> None:
    console, _, err = a_console(manners=Manners(always_yes=True))
    assert console.confirm("Remove", CancelToken(), default=False)
    assert err.getvalue() == ""


@pytest.mark.parametrize("default", [True, False])
def test_json_asks_nobody_and_takes_the_default(default: bool) -> None:
    console, out, err = a_console(manners=Manners(json=True))
    assert console.confirm("Proceed", CancelToken(), default=default) is default
    assert out.getvalue() + err.getvalue() == ""


def test_ctrl_c_while_a_question_is_open_cancels() -> None:
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    with a_terminal(b"") as stdin, pytest.raises(Cancelled):
        a_console(stdin=stdin, terminal=True)[0].confirm("Proceed", cancel)


def test_with_json_standard_output_is_one_document() -> None:
    console, out, _ = a_console(manners=Manners(json=True))
    console.say("words for people")
    console.remark("more words")
    console.document({"success": True, "name": "Zoë"})
    assert json.loads(out.getvalue()) == {"success": True, "name": "Zoë"}


def test_without_json_there_is_no_document() -> None:
    console, out, _ = a_console()
    console.document({"success": True})
    assert out.getvalue() == ""


def test_colour_is_for_terminals_only() -> None:
    for terminal in (True, False):
        console, out, _ = a_console(terminal=terminal)
        console.say(Text("gone", "danger"))
        assert ("\x1b" in out.getvalue()) is terminal


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_declined(environ: dict[str, str]) -> None:
    console, out, _ = a_console(terminal=True, environ=environ)
    console.say(Text("gone", "danger"))
    assert out.getvalue() == "gone\n"


def test_a_pipe_gets_one_line_per_phase_and_no_escape_codes() -> None:
    console, out, err = a_console()
    with console.progress() as view:
        view.report(PhaseStarted("index"))
        view.report(PhaseStarted("solve"))
        view.report(PlanReady(2, 1, 1, 34_500_000, 0))
        view.report(PhaseStarted("download"))
        view.report(PhaseStarted("extract"))
        view.report(PhaseStarted("download"))
        view.report(Noticed("warning", "the mirror is slow"))
        view.report(PhaseStarted("link"))
    assert err.getvalue() == (
        "Reading channels\n"
        "Choosing packages\n"
        "Downloading 34.5 MB\n"
        "Extracting\n"
        "warning: the mirror is slow\n"
        "Unlinking 2 and linking 3 packages\n"
    )
    assert out.getvalue() == ""


@pytest.mark.parametrize("manners", [Manners(quiet=True), Manners(json=True)])
def test_quiet_and_json_show_warnings_only(manners: Manners) -> None:
    console, out, err = a_console(manners=manners)
    with console.progress() as view:
        view.report(PhaseStarted("index"))
        view.report(Noticed("info", "this is fine"))
        view.report(Noticed("warning", "this is not"))
    assert (out.getvalue(), err.getvalue()) == ("", "warning: this is not\n")


def test_a_question_that_was_answered_leaves_no_spinner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    console, _, err = a_console(terminal=True, environ={"NO_COLOR": "1"})
    with console.progress() as view:
        view.report(PhaseStarted("index"))

    assert "✓ Reading channels" in err.getvalue()
    assert not console.is_drawing


def test_a_question_that_failed_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    console, _, err = a_console(terminal=True, environ={"NO_COLOR": "1"})
    with suppress(Cancelled), console.progress() as view:
        view.report(PhaseStarted("index"))
        assert console.is_drawing
        raise Cancelled

    assert "✗ Reading channels" in err.getvalue()
