"""Where xconda keeps its own things for a user. Layer: config.

Pure: computed from the environment and home that the caller gives. Source: the XDG Base Directory
specification, and its siblings on macOS and Windows. The places are those that
``platformdirs`` names for an application called ``xconda`` (a test holds the two together).
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

APPLICATION: Final = "xconda"


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
