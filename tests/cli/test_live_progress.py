"""Bars on a terminal: what is drawn, and that the terminal is given back."""

import io

import pytest
from rich.console import Console as RichConsole

from xconda_core.cancel import CancelToken
from xconda_core.cli.live_progress import LiveProgress
from xconda_core.events import (
    DownloadAdvanced,
    Event,
    IndexAdvanced,
    JobFinished,
    Noticed,
    PackageExtracted,
    PackageLinked,
    PhaseStarted,
    PlanReady,
    SolveAdvanced,
)

EVENTS: tuple[Event, ...] = (
    PhaseStarted("index"),
    IndexAdvanced("conda-forge", "linux-64", 5_000_000, 10_000_000),
    IndexAdvanced("conda-forge", "linux-64", 10_000_000, 10_000_000),
    PhaseStarted("solve"),
    SolveAdvanced(120, 3),
    PlanReady(2, 0, 0, 3_000_000, 9_000_000),
    PhaseStarted("download"),
    DownloadAdvanced("numpy", 1_000_000, 2_000_000),
    DownloadAdvanced("six", 1_000_000, 1_000_000),
)


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()


def test_each_phase_has_a_line_and_each_running_download_a_bar(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    for event in EVENTS:
        view.report(event)
    RichConsole(file=screen).print(view)
    view.close()

    last = screen.getvalue()
    assert "Reading channels" in last
    assert "10.0 MB of 10.0 MB" in last
    assert "120 decisions" in last
    assert "✓ Choosing packages" in last
    assert "numpy" in last
    assert "1.0 MB of 2.0 MB" in last
    assert "six" not in last.split("Downloading")[-1]


def test_archives_that_are_ready_are_counted(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    for event in (*EVENTS, PackageExtracted("six", 1, 2)):
        view.report(event)
    view.close()

    assert "2.0 MB of 3.0 MB, 1 of 2 archives" in screen.getvalue()


def test_the_phase_that_failed_is_marked(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    for event in (*EVENTS, JobFinished("failed", "the archive is damaged")):
        view.report(event)
    view.close()

    assert "✗ Downloading" in screen.getvalue()


def test_the_cursor_is_given_back(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    view.report(PhaseStarted("index"))
    view.close()

    assert screen.getvalue().count("\x1b[?25l") == screen.getvalue().count("\x1b[?25h") == 1


def test_a_pause_leaves_what_was_drawn_and_does_not_draw_it_again(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    view.report(PhaseStarted("index"))
    view.report(PhaseStarted("solve"))
    with view.paused():
        before = len(screen.getvalue())
        screen.write("Proceed?")
    view.report(PhaseStarted("link"))
    view.report(PackageLinked("numpy", 1, 2))
    view.close()

    after = screen.getvalue()[before:]
    assert "Reading channels" not in after
    assert "Linking" in after
    assert "1 of 2" in after


def test_a_notice_stays_above_the_bars(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    view.report(Noticed("warning", "the mirror is slow"))
    view.close()

    assert "warning: the mirror is slow" in screen.getvalue()


def test_without_colour_no_colour_is_written(screen: Terminal) -> None:
    view = LiveProgress(screen, colour=False)
    for event in EVENTS:
        view.report(event)
    view.close()

    assert "\x1b[3" not in screen.getvalue().replace("\x1b[?25", "")


def test_the_bars_say_that_the_work_is_being_undone(screen: Terminal) -> None:
    cancel = CancelToken()
    view = LiveProgress(screen, colour=False, is_stopping=lambda: cancel.is_cancelled)
    view.report(PhaseStarted("link"))
    RichConsole(file=screen).print(view)
    assert "Stopping" not in screen.getvalue()

    cancel.cancel()
    RichConsole(file=screen).print(view)
    view.report(JobFinished("cancelled"))
    view.close()

    assert screen.getvalue().count("Stopping: what was begun is being undone ...") == 1


def test_where_there_is_little_room_the_words_stay_whole(
    screen: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    view = LiveProgress(screen, colour=False)
    for event in EVENTS[:4]:
        view.report(event)
    RichConsole(file=screen, width=40).print(view)
    view.close()

    last = screen.getvalue().splitlines()
    assert any("Reading channels" in line and "10.0 MB of" in line for line in last)
    assert any("Choosing packages" in line for line in last)
