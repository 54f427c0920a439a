"""Of several processes that want the same package list, one brings it. Layer: repodata.

The others wait for it and find it in the cache. Nothing depends on it: whoever waited too long, or
cannot lock, brings the list itself, for what is kept is replaced as a whole.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.digests import sha256
from xconda_core.events import Noticed, Reporter
from xconda_core.files.locks import Locked, LockOwner, LocksUnsupported, locked

LONGEST_WAIT: Final = 120.0  # seconds; a process that was stopped in the middle holds up nobody


@contextmanager
def turn(folder: Path, url: str, report: Reporter, cancel: CancelToken) -> Iterator[bool]:
    """Wait until no other process brings the list of ``url``; give whether there was a wait.

    Args:
        folder: The cache that the list will be in.
        url: Address of the list or its platform folder, without credentials.
        report: Told of a wait.
        cancel: Looked at while waiting.

    Raises:
        Cancelled: somebody asked to stop.
    """
    waited = False

    def on_wait(owner: LockOwner) -> None:
        nonlocal waited
        waited = True
        report(Noticed("info", f"{url} is on its way already: waiting for {owner}."))

    with ExitStack() as stack:
        try:
            stack.enter_context(
                locked(
                    folder / f"{sha256(url.encode()).hexdigest()[:16]}.lock",
                    target=folder,
                    command="fetch a package list",
                    cancel=cancel,
                    wait_seconds=LONGEST_WAIT,
                    on_wait=on_wait,
                )
            )
        except (Locked, LocksUnsupported, OSError):
            waited = False
        yield waited
