"""How much may be worked on at a time, so that memory stays flat. Layer: repodata."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Room:
    """A number of bytes that several threads share; what is larger than it works alone."""

    def __init__(self, size: int) -> None:
        self._size = self._free = size
        self._changed = Condition()

    @contextmanager
    def taken(self, amount: int) -> Iterator[None]:
        """Wait until ``amount`` bytes are free, and have them during the block."""
        amount = min(amount, self._size)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= amount)
            self._free -= amount
        try:
            yield
        finally:
            with self._changed:
                self._free += amount
                self._changed.notify_all()
