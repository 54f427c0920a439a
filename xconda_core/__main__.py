"""The program: ``xconda``, and ``python -m xconda_core``. A short life, and no ceremony at its end.

Most of a quick command is starting and stopping. What a start makes lives until the end, so looking
through it for garbage finds none; and when all is said and every stream is flushed, taking the
interpreter apart piece by piece changes nothing. See docs/decisions/0110-what-a-command-loads.md.
"""

import gc
import os
import sys

_OBJECTS_BETWEEN_LOOKS = 200_000  # about 20 MiB; Python's own is 700


def run() -> None:
    """Run the command line of this process, and end it with the command's exit code."""
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 10, 10)
    # Only now, so that all other modules are loaded without being looked through.
    from xconda_core.own_modules import find_own_modules_first

    find_own_modules_first()
    from xconda_core.cli.lean_loading import load_lean

    load_lean("argparse", "urllib.parse", "pathlib")
    from xconda_core.cli.main import main

    _leave(main())


def _leave(code: int) -> None:
    """End the process at once where nothing is left to be done for it."""
    from threading import active_count

    if active_count() > 1 or sys.gettrace() or sys.getprofile():
        sys.exit(code)  # somebody works still, or watches
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)  # a reader has gone: Python knows what to say
    os._exit(code)


if __name__ == "__main__":
    run()
