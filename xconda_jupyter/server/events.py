"""What says *look again*: what clients are told on Jupyter's event bus.

An event names a job and says nothing of it but how it stands: the bus goes to everybody who may
listen. The document itself is read at ``/xconda/jobs/{id}``, as often as anybody likes.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

JOB_SCHEMA_ID: Final = "https://schemas.xconda.dev/job/v1"
JOB_SCHEMA: Final[Mapping[str, Any]] = {
    "$id": JOB_SCHEMA_ID,
    "version": "1",
    "title": "A job of xconda changed",
    "description": "Read the job again at /xconda/jobs/{job}.",
    "personal-data": False,
    "type": "object",
    "required": ["job", "is_finished"],
    "properties": {
        "job": {"type": "string", "description": "Name of the job."},
        "is_finished": {"type": "boolean", "description": "Nothing will follow."},
    },
}

_SECONDS_BUSY: Final = 0.25  # so four events per second and job at most
_SECONDS_IDLE: Final = 2.0
_SECONDS_ALERT: Final = 30.0  # after the last change: a solve can be silent for a while


class EventLogger(Protocol):
    """The part of ``jupyter_events.EventLogger`` that is used."""

    def emit(self, *, schema_id: str, data: dict[str, Any]) -> object:
        """Send ``data`` to whoever listens."""


class JobWatch:
    """Looks at the folder of jobs, whoever runs them, and emits one event per change."""

    def __init__(self, folder: Path, logger: EventLogger) -> None:
        self._folder = folder
        self._logger = logger
        self._seen: dict[str, _Look] | None = None
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look now: a job has just begun."""
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled; the folder is read in a thread."""
        quiet_since = time.monotonic() - _SECONDS_ALERT
        while True:
            found = await asyncio.to_thread(_look, self._folder)
            changed = self._changed(found)
            for job, look in changed:
                data = {"job": job, "is_finished": look.is_finished}
                self._logger.emit(schema_id=JOB_SCHEMA_ID, data=data)
            if changed:
                quiet_since = time.monotonic()
            is_busy = time.monotonic() - quiet_since < _SECONDS_ALERT
            await self._pause(_SECONDS_BUSY if is_busy else _SECONDS_IDLE)

    async def _pause(self, seconds: float) -> None:
        self._wake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
            await asyncio.sleep(_SECONDS_BUSY)  # a burst of beginnings is still one look

    def _changed(self, found: "dict[str, _Look]") -> "list[tuple[str, _Look]]":
        before, self._seen = self._seen, found
        if before is None:  # what was there before the server started is news to nobody
            return []
        return [(job, look) for job, look in found.items() if before.get(job) != look]


class _Look(tuple[bool, int, frozenset[str]]):
    """What can be seen of a job without reading it: is it over, bytes of events, file names."""

    __slots__ = ()

    @property
    def is_finished(self) -> bool:
        return self[0]


def _look(folder: Path) -> dict[str, _Look]:
    found: dict[str, _Look] = {}
    try:
        paths = list(folder.iterdir())
    except OSError:
        return found
    for path in paths:
        try:
            files = frozenset(each.name for each in path.iterdir())
            size = (path / "events.jsonl").stat().st_size
        except OSError:
            continue
        found[path.name] = _Look(("result.json" in files, size, files))
    return found
