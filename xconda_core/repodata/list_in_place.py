"""The package list of a platform folder of this machine, which is read where it is.

Layer: repodata. Which of its forms counts, and what its contents are called, is asked of the file
system in every run: no list of a folder is ever believed to be fresh.
"""

import time
from os import stat_result
from pathlib import Path
from typing import Final

from xconda_core.repodata.forms import ListForms
from xconda_core.values import NamedTuple

_TICK_SECONDS: Final = 2  # of the coarsest file system, FAT


class ListInPlace(NamedTuple):
    """A list in the form that counts.

    Attributes:
        form: What it is called there.
        path: Where it is.
        name: What no other contents of it are called; empty: nothing is certain.
    """

    form: str
    path: Path
    name: str


def list_in_place(folder: Path, forms: ListForms) -> ListInPlace | None:
    """Return the best form of the list in ``folder``; None where it has none of them.

    One that is older than the plain one is a forgotten one.

    Raises:
        OSError: the folder cannot be looked into.
    """
    paths = {form: folder / form for form in forms.files}
    found = {form: path.stat() for form, path in paths.items() if path.exists()}
    plain = found.get(forms.name)
    for form, status in found.items():
        if plain is None or status.st_mtime_ns >= plain.st_mtime_ns:
            return ListInPlace(form, paths[form], _name(status))
    return None


def _name(status: stat_result) -> str:
    """Return what no other contents of a file are called; nothing where that is not certain.

    A file may be written twice within one tick of its time stamp, so it has to be older than that.
    Programs that copy may set that time to any other, but not the time of the last change (which
    Windows has not).
    """
    if time.time() - status.st_mtime < _TICK_SECONDS:
        return ""
    times = f"{status.st_mtime_ns}-{status.st_ctime_ns}"
    return f"{status.st_dev}-{status.st_ino}-{status.st_size}-{times}"
