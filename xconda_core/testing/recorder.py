"""A reporter that keeps what it is told. Layer: testing."""

from typing import TypeVar

from xconda_core.events import Event, Noticed, PhaseStarted

E = TypeVar("E")


class Recorder:
    """Give it wherever a reporter is taken; afterwards ask what was said.

    Attributes:
        events: Everything, oldest first.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Keep one event."""
        self.events.append(event)

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of one kind, for example ``DownloadAdvanced``."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def phases(self) -> list[str]:
        """The phases that began, in order."""
        return [event.phase for event in self.of(PhaseStarted)]

    @property
    def notices(self) -> list[str]:
        """The sentences that the user should know."""
        return [event.text for event in self.of(Noticed)]
