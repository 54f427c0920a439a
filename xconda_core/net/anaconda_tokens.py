"""Tokens that ``anaconda login`` stored, for the servers they are for. Layer: net.

One file per server, ``QUOTED-ADDRESS.token``, in the folder of anaconda-client (``binstar``). A
token is for addresses *under* the one in the file's name, never for another host that merely begins
with the same letters, and is not sent on when a server points elsewhere.
"""

import logging
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote_plus

_log: Final = logging.getLogger(__name__)
_SUFFIX: Final = ".token"
_MEANT: Final = re.compile(r"[\w.~+-]{1,512}")


def token_folder(environ: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """Return the folder in which anaconda-client keeps its tokens."""
    named = environ.get("BINSTAR_CONFIG_DIR", "")
    if named:
        return Path(named) / "data"
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else home / "AppData" / "Local") / "ContinuumIO" / "binstar"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "binstar"
    return Path(environ.get("XDG_CONFIG_HOME", "") or home / ".config") / "binstar"


def read_tokens(folder: Path) -> dict[str, str]:
    """Return the address of each server to the token for it.

    A login at ``https://api.anaconda.org`` holds for ``https://conda.anaconda.org`` too.
    """
    tokens: dict[str, str] = {}
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(_SUFFIX))
    except OSError:
        return tokens
    for path in paths:
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            _log.info("a stored token cannot be read: %s", error)
            continue
        if _MEANT.fullmatch(token):
            address = unquote_plus(path.name.removesuffix(_SUFFIX)).rstrip("/")
            twin = re.sub(r"([./])api([./]|$)", r"\1conda\2", address, count=1)
            tokens |= {address: token, twin: token}
    return tokens


def token_for(url: str, tokens: Mapping[str, str]) -> str | None:
    """Return the token of the nearest server that ``url`` is under, None where there is none."""
    fitting = [each for each in tokens if url == each or url.startswith(f"{each}/")]
    return tokens[max(fitting, key=len)] if fitting else None
