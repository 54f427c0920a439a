"""Where the log messages of ``xconda_core.*`` go, and how much of them. Layer: config.

Verbosity counts as ``-v`` does: 0 nothing but errors, 1 warnings, 2 what is done, 3 how
(``--debug``), 4 everything, the libraries' messages included (``--trace``). Every handler hides
credentials.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from xconda_core.config.redaction import redacted

LOGGER: Final = "xconda_core"
TRACE: Final = 5  # below DEBUG: every decision of the solver, every header
LOG_FILE: Final = "last-operation.log"
_LEVELS: Final = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, TRACE)
_LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SHORT_LINE: Final = "%(levelname)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Hides credentials in the finished text, arguments and tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line or lines."""
        return redacted(super().format(record))


class PatientFile(logging.FileHandler):
    """A file whose disk may be full: what does not fit is lost, and nobody is bothered with it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's own name)
        """Let ``record`` go."""

    def close(self) -> None:
        """Close the file, also with a rest that does not fit."""
        with suppress(OSError):
            super().close()


class _Forwarder(logging.Handler):
    """Says in another program's log what was said in ours."""

    def __init__(self, log: logging.Logger) -> None:
        super().__init__()
        self._log = log
        self.setFormatter(RedactingFormatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Say the record, credentials hidden."""
        self._log.log(record.levelno, "%s", self.format(record))


@contextmanager
def logging_into(log: logging.Logger) -> Iterator[None]:
    """Say every message in ``log``, that of a program around us, until the block ends.

    How much that is, its level says when the block begins.
    """
    logger, forwarder = logging.getLogger(LOGGER), _Forwarder(log)
    before = logger.level
    logger.setLevel(log.getEffectiveLevel())
    logger.addHandler(forwarder)
    try:
        yield
    finally:
        logger.removeHandler(forwarder)
        logger.setLevel(before)


@contextmanager
def logging_to(
    stream: TextIO | None, verbosity: int, state_dir: Path | None = None
) -> Iterator[None]:
    """Show messages on ``stream`` and keep all of them in a file, until the block ends.

    Args:
        stream: Where messages are shown; None for nowhere.
        verbosity: 0 to 4, more counts as 4.
        state_dir: Folder of ``last-operation.log``, which starts anew; None keeps no file. A folder
            that cannot be written, or is full, keeps none (of the rest) either: a log never stands
            in the way of the work.
    """
    level = _LEVELS[min(max(verbosity, 0), len(_LEVELS) - 1)]
    logging.addLevelName(TRACE, "TRACE")
    handlers: list[logging.Handler] = []
    if stream is not None:
        handlers.append(_prepared(logging.StreamHandler(stream), level, _SHORT_LINE))
    if state_dir is not None:
        with suppress(OSError):
            kept = _new_file(state_dir / LOG_FILE)
            handlers.append(_prepared(kept, min(level, logging.DEBUG), _LINE))
    logger = logging.getLogger("" if level == TRACE else LOGGER)
    before = logger.level
    logger.setLevel(min([handler.level for handler in handlers], default=logging.CRITICAL))
    for handler in handlers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        logger.setLevel(before)
        for handler in handlers:
            logger.removeHandler(handler)
            handler.close()


def _prepared(handler: logging.Handler, level: int, line: str) -> logging.Handler:
    handler.setLevel(level)
    handler.setFormatter(RedactingFormatter(line, validate=False))  # both lines are ours
    return handler


def _new_file(path: Path) -> logging.FileHandler:
    """Return a handler on a new file; another process that still writes keeps its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return PatientFile(path, encoding="utf-8", errors="backslashreplace")
