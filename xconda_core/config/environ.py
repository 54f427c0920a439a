"""The one place that reads the process's environment variables, and what folders they mean.

Layer: config. Everything else is handed a plain mapping, so a test passes its own and nothing has
to be reset. Source of the folders: the XDG Base Directory specification, and its siblings on macOS
and Windows; they are those that ``platformdirs`` names for an application called ``xconda`` (a test
holds the two together).
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

APPLICATION: Final = "xconda"


def environment() -> Mapping[str, str]:
    """Return a snapshot of the environment variables of this process."""
    return dict(os.environ)


def home_folder(environ: Mapping[str, str]) -> Path:
    """Return the user's home: ``HOME`` (``USERPROFILE`` on Windows), else what the system says.

    A container may run as a number that no list of users has; its home is the root folder then, as
    container runtimes set it themselves.
    """
    named = environ.get("USERPROFILE" if os.name == "nt" else "HOME", "")
    if Path(named).is_absolute():
        return Path(named)
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.path.abspath(os.sep))  # noqa: PTH100 (with the drive, on Windows)


def user_data_folder(environ: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Return the folder that becomes the root prefix where no conda installation exists."""
    return _folder("XDG_DATA_HOME", ".local/share", environ, home, platform)


def user_state_folder(environ: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Return the folder of jobs, locks and logs."""
    return _folder("XDG_STATE_HOME", ".local/state", environ, home, platform)


def _folder(
    variable: str, usual: str, environ: Mapping[str, str], home: Path, platform: str
) -> Path:
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else home / "AppData" / "Local") / APPLICATION / APPLICATION
    named = environ.get(variable, "").strip()
    if Path(named).is_absolute():  # the specification: a relative path counts as not set
        return Path(named) / APPLICATION
    if platform == "darwin":
        return home / "Library" / "Application Support" / APPLICATION
    return home / usual / APPLICATION
