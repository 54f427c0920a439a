"""Where the xconda that runs is installed, what brought it there, and its update. Layer: engine."""

import json
import shlex
import sys
from pathlib import Path
from typing import Final

from xconda_core import __version__
from xconda_core.values import Slotted, dataclass

NAME: Final = "xconda"


@dataclass(frozen=True, slots=True)
class OwnInstallation(Slotted):
    """The xconda that runs.

    Attributes:
        version: Its version.
        prefix: The folder of its Python.
        channel: Address of the channel whose package it is; empty: it is none of conda's.
        installer: What says that it put it there: ``conda``, ``pip``, ``uv``; empty: nobody.
    """

    version: str
    prefix: Path
    channel: str
    installer: str

    @property
    def update_words(self) -> str:
        """How it is updated, as the end of a sentence."""
        place = shlex.quote(str(self.prefix))
        if self.installer == "conda":
            return f"`xconda update -p {place} {NAME}` updates it"
        if self.installer == "pip":
            python = shlex.quote(str(self.prefix / "bin" / "python"))
            return f"`{python} -m pip install --upgrade {NAME}` updates it"
        return f"update it in {place} with {self.installer or 'whatever installed it'}"


def own_installation(prefix: Path | None = None) -> OwnInstallation:
    """Return what is known of the xconda that runs, or would run from ``prefix``."""
    home = prefix or Path(sys.prefix)
    for path in sorted((home / "conda-meta").glob(f"{NAME}-*.json")):
        try:
            record = json.loads(path.read_bytes())
            name, channel = str(record["name"]), str(record.get("channel") or "")
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if name == NAME:
            return OwnInstallation(__version__, home, channel.rstrip("/"), "conda")
    return OwnInstallation(__version__, home, "", _installer())


def _installer() -> str:
    """Return what says in the installed project's files that it installed it."""
    from importlib.metadata import PackageNotFoundError, distribution  # 10 ms, and seldom asked for

    try:
        said = distribution(NAME).read_text("INSTALLER")
    except (PackageNotFoundError, OSError, ValueError):
        return ""
    return (said or "").strip()
