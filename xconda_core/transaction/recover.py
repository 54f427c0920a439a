"""Finish or undo what a killed transaction left in a prefix. Layer: transaction."""

import logging
from pathlib import Path
from typing import Final, Literal

from xconda_core.cancel import CancelToken
from xconda_core.events import OwnerAwaited, Reporter
from xconda_core.files.byte_locks import InUseElsewhere, byte_locked
from xconda_core.files.failures import refusals_named
from xconda_core.files.locks import Locked, locked
from xconda_core.transaction.journal import (
    LOCK_FILE,
    Header,
    Settled,
    remove_made_folders,
    settle,
)
from xconda_core.transaction.unsettled import is_unsettled
from xconda_core.values import Slotted, asdict, dataclass

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery(Slotted):
    """An interrupted transaction was found and dealt with.

    Attributes:
        prefix: Absolute path of the environment.
        action: ``undone``: the old state holds again; ``finished``: the new one does.
        command: What had been asked for.
        since: When it began, ISO 8601, UTC.
    """

    prefix: Path
    action: Literal["undone", "finished"]
    command: str
    since: str

    def __str__(self) -> str:
        outcome = "nothing of it was kept" if self.action == "undone" else "its clean-up was done"
        return f"`{self.command}` of {self.since} was interrupted in {self.prefix}: {outcome}."


def recover(prefix: Path) -> Recovery | None:
    """Bring ``prefix`` to its old or new state if a transaction in it was interrupted.

    Costs one ``stat`` where there is nothing to do. A transaction that is still running, in this or
    another process, is left alone.

    Raises:
        NotWritable: it was interrupted, and this user may not write to the prefix.
        JournalUnreadable: a newer xconda was interrupted.
        JournalRefused: what was left there leads out of the prefix.
        FileOperationFailed: the disk refused; it will be tried again next time.
    """
    if not is_unsettled(prefix):
        return None
    lock, doing = prefix / LOCK_FILE, "recover"
    with refusals_named("recover an interrupted transaction", prefix):
        try:
            with (
                locked(lock, target=prefix, command=doing, cancel=CancelToken()),
                byte_locked(prefix / "conda-meta", exclusive=True, cancel=CancelToken()),
            ):
                settled = settle(prefix)
        except (Locked, InUseElsewhere) as error:
            _log.info("what was begun in %s is still running: %s", prefix, error.why)
            return None
        remove_made_folders(prefix, _left_by(settled))
    found = _recovery(prefix, settled) if settled else None
    _log.info("recovered: %s", found or f"{prefix}, in which nothing had been begun")
    return found


def wait_for_others(prefix: Path, report: Reporter, cancel: CancelToken, seconds: float) -> None:
    """Return once nobody changes ``prefix`` any more; say for whom it waits.

    Args:
        prefix: The environment.
        report: Told who is at work there.
        cancel: Looked at while waiting.
        seconds: How long to wait.

    Raises:
        Locked: another process is at work there for longer.
        Cancelled: somebody asked to stop.
    """
    with (
        refusals_named("look at an environment that is being changed", prefix),
        locked(
            prefix / LOCK_FILE,
            target=prefix,
            command="wait",
            cancel=cancel,
            wait_seconds=seconds,
            on_wait=lambda owner: report(OwnerAwaited(**asdict(owner))),
        ),
    ):
        return


def _left_by(settled: Settled | None) -> Header:
    if settled is None:  # it ended before its first line: whatever is empty was just made
        return Header("", "", made_prefix=True, made_meta=True)
    return Header("", "") if settled.committed else settled.header


def _recovery(prefix: Path, settled: Settled) -> Recovery:
    action: Literal["undone", "finished"] = "finished" if settled.committed else "undone"
    return Recovery(prefix, action, settled.header.command, settled.header.since)
