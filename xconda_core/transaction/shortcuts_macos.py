"""Make and remove the application bundles of an environment on macOS. Layer: transaction.

All bundles of an environment lie in folders of its own, so their names alone say what may be
removed. See docs/decisions/0150-shortcuts-in-menus.md.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core.events import Noticed, Reporter
from xconda_core.files.removal import remove_tree
from xconda_core.transaction.desktop_places import file_start
from xconda_core.transaction.menu import BadMenu, MenuItem
from xconda_core.transaction.menu_macos import BundleFile, left_out, macos_bundles


def bring_bundles(
    items: Sequence[MenuItem],
    prefix: str,
    applications: Path,
    launcher: Sequence[str],
    report: Reporter,
) -> None:
    """Make the bundles in ``applications`` what ``items``, all of the environment, say.

    What goes wrong is said and no failure: the environment itself is whole.
    """
    for item in items:
        for key in left_out(item):
            report(Noticed("warning", f"{item.name} wants {key}, which xconda does not do"))
    try:
        files = macos_bundles(items, prefix, str(applications), launcher)
        for old in applications.glob(f"{file_start(prefix)}*"):
            remove_tree(old)
        _write(files, applications)
    except (OSError, BadMenu) as error:
        report(Noticed("warning", f"your applications are not up to date: {error}"))


def _write(files: Mapping[str, BundleFile], applications: Path) -> None:
    for name, file in files.items():
        path = applications / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.link_target is not None:
            path.symlink_to(file.link_target)
        elif file.copy_of is not None:
            shutil.copyfile(file.copy_of, path)
        else:
            path.write_bytes(file.content)
            path.chmod(0o755 if file.executable else 0o644)
