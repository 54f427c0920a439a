"""Progress for a terminal: a bar per phase and per running download. Layer: cli.

The only module that imports rich; it draws ``JobState``, the same fold that the notebook draws.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from xconda_core.cli.harmless import harmless
from xconda_core.engine.job_state import Amount, JobState, size_words, total_of
from xconda_core.events import Event, Noticed, OwnerAwaited, Phase

_PHASES: Final[dict[Phase, str]] = {
    "index": "Reading channels",
    "solve": "Choosing packages",
    "download": "Downloading",
    "extract": "Extracting",
    "link": "Linking",
}
_MOST_DOWNLOADS: Final = 8  # rows of running downloads; the rest is in the sum
_DRAWINGS_PER_SECOND: Final = 10
_ROOM_FOR_BARS: Final = 80  # columns; in fewer the words and numbers need the place


class LiveProgress:
    """Draws one job on a terminal; may be told events by any thread."""

    def __init__(
        self, stream: TextIO, *, colour: bool, is_stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._console = Console(file=stream, no_color=not colour, highlight=False)
        self._lock = Lock()
        self._state = JobState()
        self._is_stopping = is_stopping
        self._shown: frozenset[Phase] = frozenset()  # phases drawn for good before a pause
        self._has_unicode = self._console.encoding.startswith("utf")
        self._spinner = Spinner("dots" if self._has_unicode else "line")
        self._live = self._start()

    def report(self, event: Event) -> None:
        """Take one event in; notices are written above the bars, where they stay."""
        with self._lock:
            self._state = self._state.after(event, time.time())
        if isinstance(event, Noticed):
            is_warning = event.level == "warning"
            words = f"warning: {event.text}" if is_warning else event.text
            self._console.print(Text(harmless(words), style="yellow" if is_warning else ""))
        elif isinstance(event, OwnerAwaited):
            self._console.print(Text(harmless(event.text)))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave what is drawn as it is, and the terminal to others, while the block runs."""
        self._live.stop()
        self._shown = frozenset(self._state.phase_started)
        yield
        self._live = self._start()

    def close(self) -> None:
        """Draw a last time and give the terminal back."""
        self._live.stop()

    def __rich__(self) -> Group:
        """Draw the state as it is now."""
        state = self._state
        rows = Table.grid(padding=(0, 1))
        for _ in range(4):
            rows.add_column(no_wrap=True)
        for phase in state.phase_started:
            if phase not in self._shown:
                self._draw_phase(rows, state, phase)
        if not state.is_finished and self._is_stopping():
            return Group(rows, Text("Stopping: what was begun is being undone ..."))
        return Group(rows)

    def _draw_phase(self, rows: Table, state: JobState, phase: Phase) -> None:
        is_over = _is_over(state, phase)
        mark = self._mark(state, phase) if is_over else self._spinner
        amount = _amount(state, phase)
        bar = self._bar(amount)
        rows.add_row(mark, _PHASES[phase], bar, Text(_words(state, phase), style="dim"))
        if phase == "download" and not is_over:
            for package, size in _running(state):
                name = Text(f"  {package}", style="dim")
                rows.add_row("", name, self._bar(size), Text(_bytes(size), style="dim"))

    def _bar(self, amount: Amount) -> ProgressBar | str:
        if not amount.total or self._console.width < _ROOM_FOR_BARS:
            return ""
        return ProgressBar(total=amount.total, completed=min(amount.done, amount.total), width=30)

    def _mark(self, state: JobState, phase: Phase) -> Text:
        is_broken = state.finished is not None and state.finished.outcome != "succeeded"
        if is_broken and phase == state.phase:
            return Text("✗" if self._has_unicode else "x", style="red")
        return Text("✓" if self._has_unicode else "*", style="green")

    def _start(self) -> Live:
        live = Live(
            self,
            console=self._console,
            refresh_per_second=_DRAWINGS_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        live.start()
        return live


def _is_over(state: JobState, phase: Phase) -> bool:
    # Between the plan and the first download somebody thinks about the plan; nothing runs.
    is_decided = phase == "solve" and state.plan is not None
    return phase != state.phase or state.is_finished or is_decided


def _amount(state: JobState, phase: Phase) -> Amount:
    match phase:
        case "index":
            return total_of(state.index.values())
        case "download":
            return state.downloaded
        case "extract":
            return state.extracted
        case "link":
            return state.linked
        case _:
            return Amount()


def _words(state: JobState, phase: Phase) -> str:
    amount = _amount(state, phase)
    match phase:
        case "index":
            return _bytes(amount)
        case "download":
            ready = state.extracted
            count = f", {ready.done} of {ready.total} archives" if ready.total else ""
            return _bytes(amount) + count
        case "solve":
            return f"{state.decisions} decisions" if state.decisions else ""
        case _:
            return f"{amount.done} of {amount.total}" if amount.total else ""


def _running(state: JobState) -> list[tuple[str, Amount]]:
    unfinished = [
        (package, amount)
        for package, amount in state.downloads.items()
        if amount.done < amount.total or not amount.total
    ]
    return unfinished[:_MOST_DOWNLOADS]


def _bytes(amount: Amount) -> str:
    if amount.total:
        return f"{size_words(amount.done)} of {size_words(amount.total)}"
    return size_words(amount.done) if amount.done else ""
