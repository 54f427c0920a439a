"""Whether a channel that was read anyway has a newer xconda. Layer: engine.

Nobody is asked: not a package index, not a channel that the command did not read, and no shard is
fetched for it. It is told once a day at most, which ``<state_dir>/newer-version.json`` remembers.
See docs/decisions/0189-xconda-about-itself.md.
"""

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.engine.own_installation import NAME, OwnInstallation, own_installation
from xconda_core.files.atomic import write_json
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.repodata.index import Candidates
from xconda_core.values import Slotted, dataclass

FILE: Final = "newer-version.json"
FORMAT: Final = 1
SECONDS_BETWEEN: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class NewerVersion(Slotted):
    """A newer xconda than the one that runs.

    Attributes:
        version: Its version.
        channel: Address of the channel that has it.
        own: The one that runs.
    """

    version: str
    channel: str
    own: OwnInstallation

    @property
    def words(self) -> str:
        """The note, in one sentence."""
        return (
            f"{NAME} {self.version} is there, in {self.channel}; this is {self.own.version}: "
            f"{self.own.update_words}."
        )


def newest_of(found: Iterable[Candidates], own: OwnInstallation) -> NewerVersion | None:
    """Return the newest xconda among ``found`` that is newer than ``own``.

    One that is a channel's package is compared with what that channel has, and with no other: a
    package of the same name somewhere else need not be the same program.
    """
    best, newest = None, Version.parse(own.version)
    for candidates in found:
        for position, text in enumerate(candidates.versions):
            try:
                version = Version.parse(text)
            except InvalidVersion:
                continue
            if version <= newest:
                continue
            channel = candidates.traits(position).channel.rstrip("/")
            if _is_of(channel, own.channel):
                best, newest = NewerVersion(text, channel, own), version
    return best


def _is_of(channel: str, own: str) -> bool:
    """Whether ``own``, as records say it (an address, with its platform, or a name), is that."""
    return not own or f"{own}/".startswith(f"{channel}/") or channel.endswith(f"/{own}")


class LastTold:
    """When the note was last shown."""

    def __init__(self, state_dir: Path) -> None:
        """Keep where it is written down."""
        self._path = state_dir / FILE

    def is_due(self, now: float) -> bool:
        """Whether a day has passed since then (or the clock was turned back)."""
        try:
            document = json.loads(self._path.read_bytes())
            told = float(document["told"]) if document["format"] == FORMAT else 0.0
        except (OSError, ValueError, KeyError, TypeError):
            return True
        return not 0 <= now - told < SECONDS_BETWEEN

    def remember(self, now: float) -> None:
        """Write down that it is shown now; where that is impossible, it is shown again."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._path, {"format": FORMAT, "told": now}, mode=0o600, durable=False)


def note_of_today(found: Iterable[Candidates], state_dir: Path) -> str:
    """Return what is to be told now, empty for nothing, and write down that it was told."""
    last, now = LastTold(state_dir), time.time()
    newer = newest_of(found, own_installation()) if last.is_due(now) else None
    if newer is None:
        return ""
    last.remember(now)
    return newer.words
