"""Send a request again while that may help. Layer: net."""

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from xconda_core.net.failures import NetworkFailed
from xconda_core.values import Slotted, dataclass

T = TypeVar("T")
LONGEST_WAIT: Final = 60.0  # seconds that a server's Retry-After is obeyed for
_log: Final = logging.getLogger(__name__)


class MayPass(Exception):
    """One try failed, and the next one need not.

    Attributes:
        failure: Returns the error to be raised if it does not pass, given the number of tries.
        pause: Seconds that the other side wants to be left alone for.
    """

    def __init__(self, failure: Callable[[int], NetworkFailed], pause: float = 0.0) -> None:
        super().__init__()
        self.failure, self.pause = failure, pause


@dataclass(frozen=True, slots=True)
class Patience(Slotted):
    """How often, and after which waits, something is tried again.

    Attributes:
        max_retries: How often after the first time.
        backoff_factor: Seconds of the second wait; each wait is twice the one before.
        wait: Sleeps for some seconds; a cancel token's ``wait`` makes it end early.
    """

    max_retries: int = 3
    backoff_factor: float = 1.0
    wait: Callable[[float], None] = time.sleep

    def tried(self, send: Callable[[], T], shown: str) -> T:
        """Return what ``send`` does, called again while it raises :class:`MayPass`.

        Args:
            send: One try.
            shown: Address for the log, without credentials.

        Raises:
            NetworkFailed: no try succeeded, or the next one would be too far off.
        """
        tries = self.max_retries + 1
        for attempt in range(1, tries + 1):
            try:
                return send()
            except MayPass as error:
                pause = max(self.backoff_factor * 2.0 ** (attempt - 2), error.pause)
                if attempt == tries or pause > LONGEST_WAIT:
                    raise error.failure(attempt) from error.__cause__
            _log.warning(
                "try %d of %d failed, the next in %.1f s: %s", attempt, tries, pause, shown
            )
            self.wait(pause)
        raise AssertionError("the last try returns or raises")
