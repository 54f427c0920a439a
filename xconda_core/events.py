"""What a running job tells its watchers. Layer: ground. Every event is JSON as it stands.

Totals, not increments: losing one event does no harm. ``JobState`` (engine) is the fold of them.
"""

from collections.abc import Callable
from typing import Final, Literal

from xconda_core.errors import Json
from xconda_core.values import Slotted, asdict, dataclass

Phase = Literal["index", "solve", "download", "extract", "link"]


@dataclass(frozen=True, slots=True)
class PhaseStarted(Slotted):
    """A phase began; the one before it is over."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class IndexAdvanced(Slotted):
    """Repodata of one channel and platform: ``done`` of ``total`` bytes (0: unknown) arrived."""

    channel: str
    subdir: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SolveAdvanced(Slotted):
    """The search has made this many decisions and met this many conflicts."""

    decisions: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class PlanReady(Slotted):
    """The decision stands. Sizes are bytes, counts are packages."""

    installs: int
    changes: int
    removes: int
    download_bytes: int
    disk_bytes: int


@dataclass(frozen=True, slots=True)
class DownloadAdvanced(Slotted):
    """An archive has grown to ``done`` of ``total`` bytes."""

    package: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PackageExtracted(Slotted):
    """``package`` is in the cache, verified; ``done`` of ``total`` packages are."""

    package: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PackageUnlinked(Slotted):
    """``package`` left the prefix; ``done`` of ``total`` link and unlink steps are over."""

    package: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PackageLinked(Slotted):
    """``package`` is in the prefix; ``done`` of ``total`` link and unlink steps are over."""

    package: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Noticed(Slotted):
    """Something the user should know, in one sentence.

    Attributes:
        level: ``info`` or ``warning``.
        text: The sentence.
    """

    level: Literal["info", "warning"]
    text: str


@dataclass(frozen=True, slots=True)
class OwnerAwaited(Slotted):
    """Another process is changing the environment; this one goes on when that is through.

    Attributes:
        pid: Its process number on ``host``; 0 where it is not known.
        host: Name of its machine.
        command: What it is doing.
        since: When it began, ISO 8601, UTC.
    """

    pid: int
    host: str
    command: str
    since: str

    @property
    def text(self) -> str:
        """The same in words."""
        return (
            f"waiting for `{self.command}` (process {self.pid} on {self.host}, since {self.since})"
        )


@dataclass(frozen=True, slots=True)
class JobFinished(Slotted):
    """Nothing follows this event. ``message`` is empty on success."""

    outcome: Literal["succeeded", "failed", "cancelled"]
    message: str = ""


Event = (
    PhaseStarted
    | IndexAdvanced
    | SolveAdvanced
    | PlanReady
    | DownloadAdvanced
    | PackageExtracted
    | PackageUnlinked
    | PackageLinked
    | Noticed
    | OwnerAwaited
    | JobFinished
)
Reporter = Callable[[Event], None]  # must neither raise nor block

_KINDS: Final = {kind.__name__: kind for kind in Event.__args__}


def silent(event: Event) -> None:
    """Report to nobody."""


def event_to_json(event: Event) -> dict[str, Json]:
    """Return ``event`` as one flat JSON object with its class name under ``event``."""
    return {"event": type(event).__name__, **asdict(event)}


def event_from_json(document: dict[str, Json]) -> Event:
    """Return the event that :func:`event_to_json` wrote.

    Raises:
        ValueError: the kind or its fields are not known here (a newer xconda wrote it).
    """
    values = dict(document)
    kind = _KINDS.get(str(values.pop("event", "")))
    if kind is None:
        raise ValueError(f"unknown event {document.get('event')!r}")
    try:
        event: Event = kind(**values)
    except TypeError as error:
        raise ValueError(f"{document!r} is not a {kind.__name__}: {error}") from error
    return event
