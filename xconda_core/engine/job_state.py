"""How far a job has come: the fold of its events, the same for console, notebook and server.

Layer: engine. Pure: times come with the events, nothing here looks at a clock.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from xconda_core.events import (
    DownloadAdvanced,
    Event,
    IndexAdvanced,
    JobFinished,
    Noticed,
    OwnerAwaited,
    PackageExtracted,
    PackageLinked,
    PackageUnlinked,
    Phase,
    PhaseStarted,
    PlanReady,
    SolveAdvanced,
)
from xconda_core.values import Slotted, dataclass, field, replace

Outcome = Literal["succeeded", "failed", "cancelled"]

_WEIGHTS: Final[Mapping[Phase, float]] = {
    "index": 0.10,
    "solve": 0.05,
    "download": 0.50,
    "extract": 0.15,
    "link": 0.20,
}
"""Share of the whole that each phase is shown as: what a first installation of pandas takes."""

_VERBS: Final[Mapping[Phase, str]] = {
    "index": "Reading channels",
    "solve": "Choosing packages",
    "download": "Downloading",
    "extract": "Extracting",
    "link": "Linking",
}


@dataclass(frozen=True, slots=True)
class Amount(Slotted):
    """``done`` of ``total``, in bytes or packages; ``total`` 0 means that nobody knows it."""

    done: int = 0
    total: int = 0

    @property
    def fraction(self) -> float:
        """Between 0 and 1; 0 where the total is unknown."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState(Slotted):
    """Everything a watcher can show of a job.

    Attributes:
        phase: What it is doing; None before the first phase.
        phase_started: Phase to the time it began, in seconds since 1970 (UTC), in order.
        started: Time of the first event; None before it.
        updated: Time of the last event.
        index: ``channel/subdir`` to bytes of its repodata.
        downloads: Package archive to its bytes.
        decisions: How many decisions the solver has made.
        conflicts: How many conflicts it has met.
        plan: What was decided, once it is.
        extracted: Packages verified and unpacked.
        linked: Link and unlink steps taken.
        package: The package last worked on.
        notices: What the user should know, in order.
        awaits: The process that this one waits for; None where it works.
        finished: How it ended; None while it runs.
        fraction: Share of the whole job that is over, 0 to 1; never falls, and is 1 only once the
            job has succeeded.
    """

    phase: Phase | None = None
    phase_started: Mapping[Phase, float] = field(default_factory=dict)
    started: float | None = None
    updated: float | None = None
    index: Mapping[str, Amount] = field(default_factory=dict)
    downloads: Mapping[str, Amount] = field(default_factory=dict)
    decisions: int = 0
    conflicts: int = 0
    plan: PlanReady | None = None
    extracted: Amount = Amount()
    linked: Amount = Amount()
    package: str = ""
    notices: tuple[Noticed, ...] = ()
    awaits: OwnerAwaited | None = None
    finished: JobFinished | None = None
    fraction: float = 0.0

    def after(self, event: Event, at: float) -> "JobState":
        """Return the state once ``event`` has happened at time ``at`` (seconds since 1970)."""
        started = at if self.started is None else self.started
        changed = _changed_by(event, at, self)
        awaits = self.awaits if isinstance(event, Noticed) else None
        if isinstance(event, OwnerAwaited):  # says nothing of how far the job has come
            awaits = event
        state = replace(changed, started=started, updated=at, awaits=awaits)
        return replace(state, fraction=max(state.fraction, _reached(state)))

    @property
    def is_finished(self) -> bool:
        """Whether nothing will follow."""
        return self.finished is not None

    @property
    def seconds(self) -> float:
        """Time between the first and the last event."""
        return 0.0 if self.started is None or self.updated is None else self.updated - self.started

    @property
    def downloaded(self) -> Amount:
        """Bytes of all archives; the plan's total where that is known and larger."""
        seen = total_of(self.downloads.values())
        planned = self.plan.download_bytes if self.plan else 0
        return Amount(seen.done, max(seen.total, planned))

    @property
    def phase_amount(self) -> Amount:
        """How far the present phase is: bytes for index and download, packages for the rest."""
        match self.phase:
            case "index":
                return total_of(self.index.values())
            case "download":
                return self.downloaded
            case "extract":
                return self.extracted
            case "link":
                return self.linked
            case _:
                return Amount()

    @property
    def words(self) -> str:
        """One short line that says what is going on, numbers included."""
        if self.finished is not None:
            return _finished_words(self.finished)
        if self.awaits is not None:
            return f"W{self.awaits.text[1:]}"
        if self.phase is None:
            return "Starting"
        return _VERBS[self.phase] + self._details()

    def _details(self) -> str:
        match self.phase:
            case "index":
                return _bytes_words(self.phase_amount)
            case "solve":
                return f" ({self.decisions} decisions)" if self.decisions else ""
            case "download":
                return _bytes_words(self.downloaded)
            case _:
                amount = self.phase_amount
                name = f" {self.package}" if self.package else ""
                return f"{name} ({amount.done} of {amount.total})" if amount.total else name


def total_of(amounts: Iterable[Amount]) -> Amount:
    """Return the sum; its total is 0 where any part is unknown and not yet over."""
    parts = list(amounts)
    if any(part.total <= 0 for part in parts):
        return Amount(sum(part.done for part in parts), 0)
    return Amount(sum(part.done for part in parts), sum(part.total for part in parts))


def size_words(size: int) -> str:
    """Return ``size`` bytes as people read it: ``950 B``, ``1.2 kB``, ``34.5 MB``."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def _changed_by(event: Event, at: float, state: JobState) -> JobState:
    changed = state
    match event:
        case PhaseStarted(phase):
            starts = {**state.phase_started, phase: state.phase_started.get(phase, at)}
            changed = replace(state, phase=phase, phase_started=starts, package="")
        case IndexAdvanced(channel, subdir, done, total):
            amounts = {**state.index, f"{channel}/{subdir}": Amount(done, total)}
            changed = replace(state, index=amounts)
        case SolveAdvanced(decisions, conflicts):
            changed = replace(state, decisions=decisions, conflicts=conflicts)
        case PlanReady():
            changed = replace(state, plan=event)
        case DownloadAdvanced(package, done, total):
            amounts = {**state.downloads, package: Amount(done, total)}
            changed = replace(state, downloads=amounts, package=package)
        case PackageExtracted(package, done, total):
            amount = Amount(max(done, state.extracted.done), total)
            changed = replace(state, extracted=amount, package=package)
        case PackageLinked(package, done, total) | PackageUnlinked(package, done, total):
            changed = replace(state, linked=Amount(done, total), package=package)
        case Noticed():
            changed = replace(state, notices=(*state.notices, event))
        case JobFinished():
            changed = replace(state, finished=event)
    return changed


def _reached(state: JobState) -> float:
    """Share of the whole that the present numbers stand for.

    Downloading and extracting overlap: while extracting, the bytes still to come are taken off.
    """
    if state.finished is not None and state.finished.outcome == "succeeded":
        return 1.0
    if state.phase is None:
        return 0.0
    phases = list(_WEIGHTS)
    before = sum(_WEIGHTS[phase] for phase in phases[: phases.index(state.phase)])
    if state.phase == "extract" and state.downloaded.total > state.downloaded.done:
        before -= _WEIGHTS["download"] * (1 - state.downloaded.fraction)
    return before + _WEIGHTS[state.phase] * state.phase_amount.fraction


def _bytes_words(amount: Amount) -> str:
    if amount.total:
        return f" · {size_words(amount.done)} of {size_words(amount.total)}"
    return f" · {size_words(amount.done)}" if amount.done else ""


def _finished_words(finished: JobFinished) -> str:
    if finished.outcome == "succeeded":
        return "Done"
    return finished.message or finished.outcome.capitalize()
