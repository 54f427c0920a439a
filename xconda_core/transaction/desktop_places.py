"""Where a Linux desktop looks for what environments have in its menus. Layer: transaction.

Source: the XDG base directory specification. Every file is named after its environment, so the name
alone says what may be removed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xconda_core.config.environ import home_folder
from xconda_core.digests import sha256

APPLICATIONS: Final = "data/applications"
MIME: Final = "data/mime"
DIRECTORIES: Final = "data/desktop-directories"
MENUS: Final = "config/menus/applications-merged"
_FOLDERS: Final = (APPLICATIONS, f"{MIME}/packages", DIRECTORIES, MENUS)
_NAME_START: Final = "xconda-"


def file_start(prefix: str) -> str:
    """Return how the names of all files begin that the environment ``prefix`` has in menus."""
    return f"{_NAME_START}{sha256(prefix.encode(errors='surrogateescape')).hexdigest()[:12]}-"


def desktop_folders(environ: Mapping[str, str]) -> dict[str, Path]:
    """Return where each folder is for this user."""
    home = home_folder(environ)
    roots = {
        "data": _xdg(environ, "XDG_DATA_HOME", home / ".local" / "share"),
        "config": _xdg(environ, "XDG_CONFIG_HOME", home / ".config"),
    }
    split = {folder: folder.partition("/") for folder in _FOLDERS}
    return {folder: roots[root] / rest for folder, (root, _, rest) in split.items()}


def shortcut_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the files that environments of this user have in menus, whichever those are."""
    folders = desktop_folders(environ).values()
    return tuple(path for folder in folders for path in folder.glob(f"{_NAME_START}*"))


def _xdg(environ: Mapping[str, str], variable: str, usual: Path) -> Path:
    named = Path(environ.get(variable, ""))
    return named if named.is_absolute() else usual
