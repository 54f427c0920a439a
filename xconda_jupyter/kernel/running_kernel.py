"""Hold a plan against the kernel that asks for it: does it pull the floor from under us?"""

from __future__ import annotations

import os
import sys
from typing import Dict, Final, Mapping, Sequence, Tuple

from xconda_jupyter.kernel.changes import Change

_KERNEL_PACKAGES: Final[Mapping[str, str]] = {
    "python": "the Python that this kernel runs",
    "ipykernel": "the kernel itself",
}


def is_same_folder(first: str, second: str) -> bool:
    """Whether two paths mean one folder, links followed."""
    return os.path.realpath(first) == os.path.realpath(second)


def touched_foundations(changes: Sequence[Change], prefix: str, home: str) -> Tuple[str, ...]:
    """Return one line for each change that pulls the floor from under this kernel or xconda.

    Args:
        changes: What would change.
        prefix: The environment that would change.
        home: Prefix of the Python that xconda's engine runs in.
    """
    foundations: Dict[str, str] = {}
    if is_same_folder(prefix, home):
        foundations.update(xconda="xconda itself", python="the Python that xconda runs in")
    if is_same_folder(prefix, sys.prefix):
        foundations.update(_KERNEL_PACKAGES)
    return tuple(
        "{}: {} ({})".format(change.name, _from_to(change), foundations[change.name])
        for change in changes
        if change.name in foundations
    )


def _from_to(change: Change) -> str:
    if not change.new:
        return "{} would be removed".format(change.old)
    if not change.old:
        return "{} would be installed".format(change.new)
    return "{} -> {}".format(change.old, change.new)
