"""The jupyter_server extension: environments, packages and jobs as resources under ``/xconda``."""

from typing import Any

from xconda_jupyter import __version__
from xconda_jupyter.server.app import XcondaApp

__all__ = ["XcondaApp", "__version__"]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell jupyter_server what to load (its extension convention)."""
    return [{"module": "xconda_jupyter.server", "app": XcondaApp}]
