"""What ``info`` tells: this xconda, its places, channels and machine. Layer: engine.

Keys are conda's where conda has the fact (``conda info --json``), so its readers find it; the
others are ours.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core import __version__
from xconda_core.config.redaction import redacted
from xconda_core.config.settings import Settings
from xconda_core.environment.places import Root
from xconda_core.errors import Json
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.system.virtual_packages import CONDA_VERSION


def facts(
    *,
    settings: Settings,
    root: Root,
    target: Path | None,
    environ: Mapping[str, str],
    channels: Mapping[str, Sequence[str]],
    virtual_packages: Sequence[VirtualPackage],
    environments: Sequence[Path],
) -> dict[str, Json]:
    """Return the facts in the order in which a person reads them."""
    active = environ.get("CONDA_PREFIX") or None
    origins = settings.origins
    return {
        "xconda_version": __version__,
        "conda_version": CONDA_VERSION,
        "python_version": platform.python_version(),
        "platform": settings.subdir,
        "active_prefix": active,
        "conda_prefix": sys.prefix,
        "default_prefix": str(target) if target else None,
        "root_prefix": str(settings.root_prefix),
        "root_why": root.why,
        "root_writable": _is_writable(settings.root_prefix),
        "envs_dirs": [str(folder) for folder in settings.envs_dirs],
        "pkgs_dirs": [str(folder) for folder in settings.pkgs_dirs],
        "envs": [str(prefix) for prefix in environments],
        "channel_names": list(channels),
        "channels": [url for urls in channels.values() for url in urls],
        "channels_origin": origins.get("channels", "xconda's default"),
        "channel_priority": settings.channel_priority,
        "offline": settings.offline,
        "virtual_pkgs": [[each.name, each.version, each.build] for each in virtual_packages],
        "config_files": list(settings.config_files),
        "tmp_dir": _temporary_folder(),
        "state_dir": str(settings.state_dir),
        "av_data_dir": str(settings.root_prefix / "etc" / "conda"),
        "av_metadata_url_base": redacted(settings.signing_metadata_url_base or "") or None,
        "sys.executable": sys.executable,
        "sys.prefix": sys.prefix,
    }


def _temporary_folder() -> str | None:
    """Return the folder that TMPDIR, TEMP or TMP name, or the system's; None if none is usable."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return None


def _is_writable(folder: Path) -> bool:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)
