"""Progress for pipes, logs and papers: one line per phase, nothing rewritten. Layer: cli."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TextIO

from xconda_core.cli.harmless import harmless
from xconda_core.engine.job_state import size_words
from xconda_core.events import Event, Noticed, OwnerAwaited, Phase, PhaseStarted, PlanReady


class PlainProgress:
    """Writes each phase once, when it begins; may be told events by any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self._begun: set[Phase] = set()
        self._plan = PlanReady(0, 0, 0, 0, 0)

    def report(self, event: Event) -> None:
        """Take one event in."""
        with self._lock:
            match event:
                case PhaseStarted(phase) if phase not in self._begun:
                    self._begun.add(phase)
                    self._say(_phase_words(phase, self._plan))
                case PlanReady():
                    self._plan = event
                case Noticed(level, text):
                    self._say(f"warning: {text}" if level == "warning" else text)
                case OwnerAwaited():
                    self._say(event.text)
                case _:
                    pass

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do nothing: what is written stays where it is."""
        yield

    def close(self) -> None:
        """Do nothing, for the same reason."""

    def _say(self, line: str) -> None:
        self._stream.write(f"{harmless(line)}\n")
        self._stream.flush()


def _phase_words(phase: Phase, plan: PlanReady) -> str:
    match phase:
        case "index":
            return "Reading channels"
        case "solve":
            return "Choosing packages"
        case "download":
            return f"Downloading {size_words(plan.download_bytes)}"
        case "extract":
            return "Extracting"
        case _:
            linked, unlinked = plan.installs + plan.changes, plan.removes + plan.changes
            if not linked + unlinked:
                return "Writing the history"
            parts = [f"unlinking {unlinked}"] if unlinked else []
            parts += [f"linking {linked}"] if linked else []
            words = f"{' and '.join(parts)} package{'' if (linked or unlinked) == 1 else 's'}"
            return words.capitalize()
