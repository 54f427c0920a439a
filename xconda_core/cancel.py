"""A wish to stop, shared by the one who wishes and the one who works. Layer: ground."""

from threading import Event
from typing import ClassVar

from xconda_core.errors import XcondaError


class Cancelled(XcondaError):
    """The user asked to stop, and the work stopped before anything was changed for good."""

    code: ClassVar[str] = "cancelled"
    exit_code: ClassVar[int] = 130

    def __init__(self) -> None:
        super().__init__()
        self.what = "Cancelled: the environment is unchanged."
        self.why = "you, or the program that started this job, asked it to stop."
        self.fix = "run it again when you like; what was downloaded is kept."


class CancelToken:
    """Set from any thread or signal handler; looked at by the work between its steps."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next step; returns at once."""
        self._event.set()

    def check(self) -> None:
        """Return if nobody asked to stop.

        Raises:
            Cancelled: somebody did.
        """
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep for ``seconds`` unless cancelled meanwhile.

        Raises:
            Cancelled: somebody asked to stop.
        """
        if self._event.wait(seconds):
            raise Cancelled
