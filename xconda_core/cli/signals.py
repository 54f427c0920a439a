"""Ctrl-C, SIGTERM and SIGHUP mean cancel: the work stops at its next step and undoes itself.

Layer: cli. The third Ctrl-C stops at once; the journal lets the next command clean up after it.
"""

import _signal as signal  # type: ignore[import-not-found]  # `signal`, but for 1 % of a start
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from xconda_core.cancel import CancelToken

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
_PATIENCE: Final = 3
_STOPPING: Final = b"\nStopping: what was begun is being undone ...\n"


class Stop:
    """What the signals have said so far.

    Attributes:
        number: The first signal that arrived, None while there is none.
    """

    def __init__(self, cancel: CancelToken, is_drawn: Callable[[], bool] = lambda: False) -> None:
        self.number: int | None = None
        self._cancel = cancel
        self._is_drawn = is_drawn
        self._times = 0

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal, as shells say it; 130 where nobody knows better."""
        return 128 + (self.number or signal.SIGINT)

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Take one signal: cancel, or, from the third on, interrupt at once.

        Raises:
            KeyboardInterrupt: the user insists.
        """
        del frame
        self.number = self.number or number
        self._times += 1
        if self._times >= _PATIENCE:
            raise KeyboardInterrupt
        if not (self._cancel.is_cancelled or self._is_drawn()) and os.isatty(2):
            os.write(2, _STOPPING)  # the streams' locks may be held by whoever was interrupted
        self._cancel.cancel()


@contextmanager
def stop_on_signals(
    cancel: CancelToken, is_drawn: Callable[[], bool] = lambda: False
) -> Iterator[Stop]:
    """Let the signals set ``cancel`` while the block runs.

    Args:
        cancel: What they set.
        is_drawn: Whether bars are on the terminal: those say themselves that the work is being
            undone, and a line between them would leave the last drawing behind.
    """
    stop = Stop(cancel, is_drawn)
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    # nohup ignores SIGHUP, and means it.
    numbers = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop.receive) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
