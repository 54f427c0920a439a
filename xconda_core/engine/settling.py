"""What a crash left in an environment is settled before anybody looks at it. Layer: engine.

One of the places where a first-party import may stand inside a function: most prefixes are settled.
"""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.events import Noticed, Reporter
from xconda_core.transaction.unsettled import LOCK_WAIT_SECONDS, is_unsettled


def settle(
    prefix: Path,
    environ: Mapping[str, str],
    report: Reporter,
    waiting: CancelToken | None = None,
) -> None:
    """Finish or undo what a killed transaction left in ``prefix``, and say so.

    ``waiting``: one that still runs, in another process, is waited for, unless that is cancelled.
    """
    if not is_unsettled(prefix):
        return
    from xconda_core.transaction.recover import recover, wait_for_others
    from xconda_core.transaction.shortcuts import bring_shortcuts

    found = recover(prefix)
    if found:
        report(Noticed("warning", str(found)))
        if found.action == "finished":
            bring_shortcuts(prefix, environ, report)
    elif waiting is not None and is_unsettled(prefix):
        wait_for_others(prefix, report, waiting, LOCK_WAIT_SECONDS)
