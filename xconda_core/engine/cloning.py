"""An environment like another one: the same archives, and the files that no archive brought.

Layer: engine. Nothing is solved, and nothing is fetched that the package cache has.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.unowned_files import loose_files
from xconda_core.environment.places import Target
from xconda_core.environment.prefix import HISTORY, read_state
from xconda_core.environment.revisions import FOLDER as REVISIONS
from xconda_core.environment.variables import read_variables
from xconda_core.events import Noticed, Reporter
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named
from xconda_core.files.removal import remove_tree
from xconda_core.models.environment_state import EnvironmentState

_PINS: Final = "conda-meta/pinned"
_MOST_TEXT: Final = 64 << 20  # files longer than this are copied as they are


def clone_request(
    state: EnvironmentState, target: Target, command: str, *, dry_run: bool
) -> ChangeRequest:
    """Return the wish for an environment at ``target`` that is like the one of ``state``."""
    source = Path(state.prefix)
    return ChangeRequest(
        verb="create",
        prefix=target.prefix,
        why_prefix=target.why,
        specs=tuple(state.requested.values()) or tuple(state.installed),
        records=tuple(each.record for each in state.installed.values()),
        default_packages=False,
        variables=read_variables(source),
        clone_of=source,
        dry_run=dry_run,
        command=command,
    )


def copy_unowned(source: Path, prefix: Path, report: Reporter, cancel: CancelToken) -> None:
    """Copy what no package brought to ``source`` into its new clone at ``prefix``.

    Texts that name ``source`` name the clone. Where it cannot be done the clone is removed.

    Raises:
        XcondaError: a file cannot be read or written.
        Cancelled: somebody asked to stop.
    """
    try:
        with refusals_named(f"copy the files of {source}", prefix):
            paths = loose_files(source, read_state(source))
            _copy_all(paths, source, prefix, cancel)
            if (source / _PINS).exists():
                shutil.copy2(source / _PINS, prefix / _PINS)
    except BaseException:
        remove_tree(prefix)
        raise
    if paths:
        report(Noticed("info", f"files that no package owns were copied: {len(paths)}"))


def take_history(source: Path, prefix: Path) -> None:
    """Give the clone at ``prefix`` the history of ``source``, which it takes the place of."""
    with refusals_named(f"copy the history of {source}", prefix):
        write_bytes(prefix / HISTORY, (source / HISTORY).read_bytes())
        remove_tree(prefix / REVISIONS)
        if (source / REVISIONS).is_dir():
            shutil.copytree(source / REVISIONS, prefix / REVISIONS, symlinks=True)


def _copy_all(paths: Sequence[str], source: Path, prefix: Path, cancel: CancelToken) -> None:
    old, new = os.fsencode(source), os.fsencode(prefix)
    for path in paths:
        cancel.check()
        destination = prefix / path
        if os.path.lexists(destination):  # a package of the clone has it
            continue
        destination.parent.mkdir(parents=True, exist_ok=True)
        _copy(source / path, destination, old, new)


def _copy(path: Path, destination: Path, old: bytes, new: bytes) -> None:
    if path.is_symlink():
        link = os.fsencode(os.readlink(path))  # noqa: PTH115 (bytes)
        inside = link == old or link.startswith(old + b"/")
        destination.symlink_to(os.fsdecode(new + link[len(old) :] if inside else link))
        return
    if not path.is_file():  # a socket or a pipe of a program that ran there
        return
    shutil.copy2(path, destination)
    if path.stat().st_size > _MOST_TEXT:
        return
    content = path.read_bytes()
    if old in content and b"\0" not in content:
        destination.write_bytes(content.replace(old, new))
