"""What ``info --system`` tells: which Python runs xconda, and what steers it from outside.

Layer: engine. Keys are those of ``conda info --json``. Proxies are told to be set, not what they
are, for they often hold a password; credentials in other values are taken out.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xconda_core.config.environ import home_folder
from xconda_core.config.redaction import redacted
from xconda_core.errors import Json

_ALWAYS: Final = (
    "CURL_CA_BUNDLE", "LD_PRELOAD", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE",
)  # fmt: skip
_BEGINNINGS: Final = ("CONDA", "XCONDA", "PYTHON", "SUDO", "_CE_")


def system_facts(environ: Mapping[str, str]) -> dict[str, Json]:
    """Return the facts."""
    base = Path(environ.get("PYTHONUSERBASE") or home_folder(environ) / ".local")
    site_dirs = sorted((base / "lib").glob("python*/site-packages"))
    return {
        "sys.version": sys.version,
        "sys.prefix": sys.prefix,
        "sys.executable": sys.executable,
        "conda_location": str(Path(__file__).parents[1]),
        "site_dirs": [str(folder) for folder in site_dirs],
        "env_vars": {name: _told(name, environ.get(name)) for name in _names(environ)},
    }


def _names(environ: Mapping[str, str]) -> list[str]:
    found = {
        name
        for name in environ
        if name.upper().startswith(_BEGINNINGS) or name.upper().endswith(("PATH", "PROXY"))
    }
    return sorted({*_ALWAYS, *found})


def _told(name: str, value: str | None) -> str:
    if value is None:
        return "<not set>"
    is_secret = name.upper().endswith("PROXY") or "TOKEN" in name.upper()
    return "<set>" if is_secret else redacted(value)
