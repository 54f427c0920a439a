"""After ``sudo`` nothing of root's is left in the home of the user who typed it. Layer: engine."""

import os
from collections.abc import Mapping
from pathlib import Path

from xconda_core.config.environ import home_folder, user_data_folder, user_state_folder
from xconda_core.files.ownership import hand_over
from xconda_core.transaction.desktop_places import shortcut_files


def hand_back(environ: Mapping[str, str], *places: Path) -> None:
    """Give the user behind ``sudo`` what root made in the home they share.

    Looked at are xconda's and conda's own folders and files there, and those of ``places`` that are
    in it. Nothing happens without ``sudo``, or where root has a home of its own.
    """
    user, group = environ.get("SUDO_UID", ""), environ.get("SUDO_GID", "")
    if not user.isdecimal() or os.geteuid() != 0:
        return
    home = home_folder(environ)
    if int(user) == 0 or not home.is_dir() or home.stat().st_uid != int(user):
        return
    own = (
        home / ".conda",
        home / ".condarc",
        user_state_folder(environ, home),
        *shortcut_files(environ),
    )
    inside = {
        each for each in (*own, user_data_folder(environ, home), *places) if home in each.parents
    }
    hand_over(_with_parents(inside, home), int(user), int(group) if group.isdecimal() else -1)


def _with_parents(places: set[Path], home: Path) -> list[Path]:
    """Return the first folder below ``home`` on the way to each place that root made, each once."""
    found = set()
    for place in places:
        way = [place, *(each for each in place.parents if home in each.parents)]
        rooted = [each for each in way if os.path.lexists(each) and each.lstat().st_uid == 0]
        found.add(rooted[-1] if rooted else place)
    return sorted(each for each in found if not found.intersection(each.parents))
