"""Progress for programs: one JSON object per event, as a job's ``events.jsonl`` has it. Layer: cli.

``{"time", "event", "shows": {"phase", "fraction", "words"}}``, one per line, on standard error, so
that standard output stays the command's answer.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final, TextIO

from xconda_core.engine.job_folder import LogLine
from xconda_core.engine.job_state import JobState
from xconda_core.events import DownloadAdvanced, Event, IndexAdvanced, SolveAdvanced

_SECONDS_BETWEEN: Final = 0.1  # of events that only say how far something is


class JsonLinesProgress:
    """Writes each event as a line; may be told events by any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self._state = JobState()
        self._last: dict[type, float] = {}

    def report(self, event: Event) -> None:
        """Take one event in."""
        with self._lock:
            now = time.time()
            self._state = self._state.after(event, now)
            if not self._is_due(event, now):
                return
            state = self._state
            line = LogLine(now, event, state.phase, state.fraction, state.words)
            self._stream.write(json.dumps(line.to_json()) + "\n")
            self._stream.flush()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do nothing: what is written stays where it is."""
        yield

    def close(self) -> None:
        """Do nothing, for the same reason."""

    def _is_due(self, event: Event, now: float) -> bool:
        match event:
            case DownloadAdvanced(done=done, total=total) | IndexAdvanced(done=done, total=total):
                if 0 < total <= done:
                    return True
            case SolveAdvanced():
                pass
            case _:
                return True
        if now - self._last.get(type(event), 0.0) < _SECONDS_BETWEEN:
            return False
        self._last[type(event)] = now
        return True
