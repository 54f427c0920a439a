"""A terminal with one program at it. Layer: tests."""

import os
import re
import select
import subprocess
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Screen:
    """A pseudo-terminal with xconda at it."""

    keyboard: int
    process: subprocess.Popen[bytes]
    seen: bytes = field(default=b"")

    def read_until(self, words: bytes, seconds: float = 30) -> None:
        """Wait until ``words`` are on the screen."""
        deadline = time.monotonic() + seconds
        while words not in self.seen:
            assert time.monotonic() < deadline, self.seen.decode(errors="replace")
            self._read(0.1)

    def type(self, text: bytes) -> None:
        os.write(self.keyboard, text)

    def finish(self) -> int:
        """Read to the end; return the exit code."""
        while self.process.poll() is None:
            self._read(0.05)
        self._read(0.2)
        return self.process.returncode

    @property
    def text(self) -> str:
        """What is on the screen, without colours and cursor movements."""
        plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", self.seen)
        return plain.replace(b"\r\n", b"\n").decode()

    def _read(self, seconds: float) -> None:
        if select.select([self.keyboard], [], [], seconds)[0]:
            try:
                self.seen += os.read(self.keyboard, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                time.sleep(seconds)
