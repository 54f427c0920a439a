"""The files of one job, which jobs_store describes: Layer: engine."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar, TypeAlias

from xconda_core.errors import Json, XcondaError
from xconda_core.events import Event, Phase, event_from_json, event_to_json
from xconda_core.files.atomic import write_json
from xconda_core.values import Slotted, dataclass

Document: TypeAlias = Mapping[str, Json]


class JobsFolderUnusable(XcondaError):
    """The user's state directory cannot hold the record of a job."""

    code: ClassVar[str] = "jobs-folder-unusable"

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__()
        self.folder = folder
        self.system_message = error.strerror or str(error)
        self.what = "Nothing was done: the job could not be written down."
        self.why = f"{folder}: {self.system_message}."
        self.fix = "make that folder writable, or set XDG_STATE_HOME to one that is."


@dataclass(frozen=True, slots=True)
class LogLine(Slotted):
    """One event, when it happened, and what a thin client may show after it.

    Attributes:
        time: Seconds since 1970 (UTC).
        event: What happened.
        phase: What the job is doing; None before it begins.
        fraction: Share of the job that is over, 0 to 1.
        words: One line that says what is going on.
    """

    time: float
    event: Event
    phase: Phase | None
    fraction: float
    words: str

    def to_json(self) -> dict[str, Json]:
        """Return the line as ``events.jsonl`` carries it."""
        return {
            "time": round(self.time, 3),
            "event": event_to_json(self.event),
            "shows": {
                "phase": self.phase,
                "fraction": round(self.fraction, 4),
                "words": self.words,
            },
        }


@dataclass(frozen=True, slots=True)
class JobFolder(Slotted):
    """The files of one job. Every write is whole or absent, but for the appended events."""

    path: Path

    @property
    def id(self) -> str:
        """Name of the job."""
        return self.path.name

    @property
    def events_path(self) -> Path:
        """The log of its events."""
        return self.path / "events.jsonl"

    @property
    def log_path(self) -> Path:
        """Where a worker process writes what is neither event nor result."""
        return self.path / "worker.log"

    @property
    def is_cancel_asked(self) -> bool:
        """Whether somebody left the mark that stops the job."""
        return (self.path / "cancel").exists()

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody left the mark that lets the plan be carried out."""
        return (self.path / "confirmed").exists()

    def ask_cancel(self) -> None:
        """Leave the mark that stops the job; harmless when it is over."""
        (self.path / "cancel").touch()

    def confirm(self) -> None:
        """Leave the mark that lets the plan be carried out."""
        (self.path / "confirmed").touch()

    def write(self, name: str, document: Document) -> None:
        """Write ``document`` as the file ``name`` in one step.

        A power cut may take it: what the prefix needs afterwards stands in the prefix's journal.

        Raises:
            OSError: the disk or its owner does not allow it.
        """
        write_json(self.path / name, dict(document), mode=0o600, durable=False)

    def document(self, name: str) -> Document | None:
        """Return the file ``name``, None where it is missing or is not a JSON object."""
        import json

        try:
            value = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def events(self) -> Iterator[tuple[float, Event]]:
        """Yield the events written so far with their times.

        A torn last line and events that only a newer xconda knows are passed over.
        """
        import json

        try:
            lines = self.events_path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        for line in lines[:-1]:
            try:
                document = json.loads(line)
                yield float(document["time"]), event_from_json(document["event"])
            except (ValueError, KeyError, TypeError):
                continue
