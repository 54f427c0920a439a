"""What the configured channels offer, name by name. Layer: repodata.

Nothing is decoded, and nothing but an index of names fetched, before a name is asked for. What a
name depends on is then fetched ahead in the background, for it will be asked for next.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from xconda_core.config.settings import ChannelPriority
from xconda_core.events import Noticed, Reporter
from xconda_core.models.exclude_newer import NO_LIMITS, PublicationLimits
from xconda_core.repodata.candidates import SortedCandidates, arrange
from xconda_core.repodata.listing import Dropped, Row, dependency_name, records_left_out
from xconda_core.repodata.published import Folder
from xconda_core.repodata.relations import Relations


class FolderRecords(Protocol):
    """The records of one platform folder, whatever they are read from."""

    @property
    def folder(self) -> Folder:
        """Which folder it is."""
        ...

    @property
    def relations(self) -> Relations:
        """Which channels its channel wants beside it, as declared here."""
        ...

    def __contains__(self, name: object) -> bool: ...

    def names(self) -> Iterable[str]:
        """Return every package name in it."""
        ...

    def prefetch(self, name: str, arrived: Callable[[Iterable[str]], None]) -> None:
        """Start bringing here what is said of ``name``, and tell of the names it depends on."""
        ...

    def rows(self, name: str, dropped: Dropped) -> Sequence[Row]:
        """Return the good records of ``name``."""
        ...

    def others(self, name: str) -> Sequence[str]:
        """Return the archives of ``name`` in formats that xconda cannot install."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelRecords:
    """One channel: its name, as the user would say it, and its platform folders."""

    name: str
    folders: tuple[FolderRecords, ...]


class ChannelIndex:
    """The ``Index`` of channels."""

    def __init__(
        self,
        channels: Sequence[ChannelRecords],
        priority: ChannelPriority,
        report: Reporter,
        limits: PublicationLimits = NO_LIMITS,
    ) -> None:
        """Keep the values.

        Args:
            channels: Highest priority first.
            priority: How channels that have the same name compete.
            report: Told of records left out.
            limits: How new a package may be; what is newer still hides lower channels.
        """
        self._channels = tuple(channels)
        self._limits = limits
        self._priority: ChannelPriority = priority
        self._report = report
        self._candidates: dict[str, SortedCandidates | None] = {}
        self._wanted: set[str] = set()
        self._lock = Lock()

    @property
    def channels(self) -> Sequence[str]:
        """Names of the channels, highest priority first."""
        return tuple(channel.name for channel in self._channels)

    def names(self) -> Iterable[str]:
        """Return every package name that a channel has, in alphabetical order.

        Those that turned out to have nothing that may be used are not among them.
        """
        folders = (folder for channel in self._channels for folder in channel.folders)
        empty = {name for name, found in self._candidates.items() if found is None}
        return sorted({name for folder in folders for name in folder.names()} - empty)

    def candidates(self, name: str) -> SortedCandidates | None:
        """Return the candidates of ``name``, or None where no channel has it.

        Raises:
            NetworkFailed, HttpRefused, DownloadDamaged, NotRepodata: what is said of it cannot be
                had.
            Cancelled: somebody asked to stop.
        """
        if name not in self._candidates:
            self.prefetch((name,))
            found = self._candidates[name] = self._arranged(name)
            if found is not None:
                self.prefetch({dependency_name(text) for text, _ in found.depends})
        return self._candidates[name]

    def prefetch(self, names: Iterable[str]) -> None:
        """Start bringing here what is said of ``names`` and of what they may depend on."""
        with self._lock:
            fresh = [name for name in names if name not in self._wanted]
            self._wanted.update(fresh)
        for name in fresh:
            having = self._folders_with(name)
            # A channel that has a name hides it in the channels below, as a rule.
            for folders in having[:1] if self._priority == "strict" else having:
                for folder in folders:
                    folder.prefetch(name, self.prefetch)

    def _folders_with(self, name: str) -> Sequence[Sequence[FolderRecords]]:
        """Return the folders that have ``name``, by channel."""
        found = [
            [folder for folder in channel.folders if name in folder] for channel in self._channels
        ]
        return [folders for folders in found if folders]

    def _arranged(self, name: str) -> SortedCandidates | None:
        channels = []
        for folders in self._folders_with(name):
            rows: list[Row] = []
            for folder in folders:
                with records_left_out(self._report, str(folder.folder)) as dropped:
                    rows += folder.rows(name, dropped)
            channels.append(self._published_in_time(name, folders[0].folder, rows))
            has_others_only = not rows and self._has_others(name, folders)
            if self._priority == "strict" and not has_others_only:
                break
        with records_left_out(self._report, name) as dropped:
            return arrange(name, channels, self._priority, dropped)

    def _published_in_time(self, name: str, folder: Folder, rows: list[Row]) -> list[Row]:
        limit = self._limits.limit(name, folder.channel_url)
        if limit is None:
            return rows
        kept = [row for row in rows if row.listing.published <= limit]
        if rows and not kept:
            first = min(rows, key=lambda row: row.listing.published)
            when = f"the first of them was published on {first.listing.day}"
            text = f"every {name} there is newer than exclude_newer allows; {when}."
            self._report(Noticed("warning", f"{folder.channel}: {text}"))
        return kept

    def _has_others(self, name: str, folders: Iterable[FolderRecords]) -> bool:
        """Tell of a name that is there in formats that xconda cannot install, if it is."""
        for folder in folders:
            others = folder.others(name)
            if others:
                text = f"{folder.folder}: {name} is there only as {others[0]}"
                self._report(Noticed("warning", f"{text}, which xconda cannot install yet."))
                return True
        return False
