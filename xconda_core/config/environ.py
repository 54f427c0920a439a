"""The one place that reads the process's environment variables. Layer: config.

Everything else is handed a plain mapping, so a test passes its own and nothing has to be reset.
"""

import os
from collections.abc import Mapping
from pathlib import Path


def environment() -> Mapping[str, str]:
    """Return a snapshot of the environment variables of this process."""
    return dict(os.environ)


def home_folder(environ: Mapping[str, str]) -> Path:
    """Return the user's home: ``HOME`` (``USERPROFILE`` on Windows), else what the system says."""
    named = environ.get("USERPROFILE" if os.name == "nt" else "HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home()
