"""What the configured channels offer, name by name. Layer: repodata.

Nothing is decoded, and nothing but an index of names fetched, before a name is asked for. What a
name depends on is then fetched ahead in the background, for it will be asked for next.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from threading import Lock
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import ChannelPriority
from xconda_core.digests import sha256
from xconda_core.events import Noticed, Reporter
from xconda_core.models.exclude_newer import NO_LIMITS, PublicationLimits
from xconda_core.repodata.candidates import SortedCandidates, arrange
from xconda_core.repodata.dependents import (
    DependentsFile,
    Everything,
    dependents_among,
    sayings,
)
from xconda_core.repodata.index import Candidates, Dependent, Saying, WhyWithheld, Withheld
from xconda_core.repodata.index_store import IndexStore
from xconda_core.repodata.listing import Dropped, records_left_out
from xconda_core.repodata.published import Folder
from xconda_core.repodata.relations import Relations
from xconda_core.repodata.rows import Rows
from xconda_core.repodata.store_candidates import LeftOut, Place, StoredCandidates
from xconda_core.values import Protocol, Slotted, dataclass

_log: Final = logging.getLogger(__name__)


class FolderRecords(Protocol):
    """The records of one platform folder, whatever they are read from."""

    @property
    def folder(self) -> Folder:
        """Which folder it is."""

    @property
    def relations(self) -> Relations:
        """Which channels its channel wants beside it, as declared here."""

    @property
    def archives_url(self) -> str:
        """Where its archives are, with a slash at its end."""

    def __contains__(self, name: object) -> bool: ...

    def __len__(self) -> int: ...  # how many names there are

    def mark(self, name: str) -> bytes:
        """Return 32 bytes that change when what is said of ``name`` does.

        They are ``store_file.ABSENT`` where nothing is; none at all where it cannot be told.
        """

    def names(self) -> Iterable[str]:
        """Return every package name in it."""

    @property
    def whole_mark(self) -> bytes:
        """32 bytes that change when anything in it does; none where that cannot be told."""

    def is_here(self, name: str) -> bool:
        """Whether something is said of ``name`` that can be read without asking a server."""

    def prefetch(self, name: str, arrived: Callable[[Iterable[str]], None]) -> None:
        """Start bringing here what is said of ``name``, and tell of the names it depends on."""

    def rows(self, name: str, dropped: Dropped) -> Rows:
        """Return the good records of ``name``."""

    def is_out_of_reach(self, name: str) -> bool:
        """Whether ``name`` is listed, and what is said of it was asked for in vain: offline."""

    def others(self, name: str) -> Sequence[str]:
        """Return the archives of ``name`` in formats that xconda cannot install."""

    def keep(self) -> None:
        """Have what was asked for at hand for the runs that follow."""


@dataclass(frozen=True, slots=True)
class ChannelRecords(Slotted):
    """One channel.

    Attributes:
        name: As the user would say it.
        folders: Its platform folders.
        store: Where candidates are kept between runs; None: nowhere.
    """

    name: str
    folders: tuple[FolderRecords, ...]
    store: IndexStore | None = None

    def mark(self, name: str) -> bytes:
        """Return 32 bytes that change when what is said of ``name`` does; none if unknown."""
        marks = [folder.mark(name) for folder in self.folders]
        return sha256(b"".join(marks)).digest() if all(marks) else b""

    def places(self, name: str) -> Sequence[str]:
        """Return where records of ``name`` may be left out: folders, and last their order."""
        return (*(str(folder.folder) for folder in self.folders), name)

    def has_stored(self, name: str) -> bool:
        """Whether the candidates of ``name`` are kept, as they are now."""
        return self.store is not None and self.store.has(name, self.mark(name))

    def stored(self, name: str, anew: Callable[[], Candidates]) -> StoredCandidates | None:
        """Return the candidates of ``name`` if they are kept as they are now.

        ``anew`` makes them anew, should their records turn out to be damaged.
        """
        mark = self.mark(name)
        if self.store is None or not mark:
            return None
        return self.store.get(name, mark, self._archives(), anew)

    def store_now(
        self, name: str, candidates: SortedCandidates, left_out: Sequence[LeftOut]
    ) -> StoredCandidates | None:
        """Return candidates made of everything that is said of ``name`` as they will be kept."""
        mark = self.mark(name)
        if self.store is None or not mark:
            return None
        return self.store.add(name, mark, candidates, left_out, self._archives())

    def _archives(self) -> Sequence[Place]:
        return [(folder.folder, folder.archives_url) for folder in self.folders]


SayLeftOut = Callable[[Sequence[str], Sequence[LeftOut]], None]


class ChannelIndex:
    """The ``Index`` of channels."""

    def __init__(
        self,
        channels: Sequence[ChannelRecords],
        priority: ChannelPriority,
        report: Reporter,
        limits: PublicationLimits = NO_LIMITS,
        turned: DependentsFile | None = None,
        *,
        ignore_timestamps: bool = False,
    ) -> None:
        """Keep the values.

        Args:
            channels: Highest priority first.
            priority: How channels that have the same name compete.
            report: Told of records left out.
            limits: How new a package may be; what is newer still hides lower channels.
            turned: Where it is kept who depends on whom; None: nowhere.
            ignore_timestamps: Of builds that are else the same, the later is not preferred.
        """
        self._ignore_timestamps = ignore_timestamps
        self._channels = tuple(channels)
        self._limits, self._turned = limits, turned
        self._priority: ChannelPriority = priority
        self._report = report
        self._candidates: dict[str, SortedCandidates | StoredCandidates | None] = {}
        self._found_kept: dict[str, list[str]] = {}  # address of a channel -> names
        self._wanted: set[str] = set()
        # Nothing is fetched ahead as long as everything is found as it was kept.
        self._is_incomplete = False
        self._found: list[SortedCandidates | StoredCandidates] = []
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

    def candidates(self, name: str) -> SortedCandidates | StoredCandidates | None:
        """Return the candidates of ``name``, or None where no channel has it.

        Raises:
            NetworkFailed, HttpRefused, DownloadDamaged, NotRepodata: what is said of it cannot be
                had.
            Cancelled: somebody asked to stop.
        """
        if name not in self._candidates:
            found = self._stored(name) or self._arranged(name)
            self._candidates[name] = found
            if found is not None:
                self._found.append(found)
                if self._is_incomplete:
                    self._fetch_ahead()
        return self._candidates[name]

    def candidates_here(self, name: str) -> SortedCandidates | StoredCandidates | None:
        """Return the candidates of ``name`` if no server need be asked for them, else None."""
        if name in self._candidates:
            return self._candidates[name]
        having = self._channels_with(name)
        if not all(folder.is_here(name) for _, folders in having for folder in folders):
            return None
        return self._put_in_order(name, lambda _, __: None)[0]

    def withheld(self, name: str) -> Sequence[Withheld]:
        """Return what channels have of ``name`` that priority or ``exclude_newer`` hides.

        Offline, a channel that lists it and says the rest elsewhere has one version of no name.

        Raises:
            XcondaError: what is said of it cannot be had.
        """
        found: dict[Withheld, None] = {}
        having = self._channels_with(name)
        for number, (channel, folders) in enumerate(having):
            if any(folder.is_out_of_reach(name) for folder in folders):
                found[Withheld(channel.name, "", "", "offline")] = None
            limit = self._limits.limit(name, folders[0].folder.channel_url)
            is_hidden = number > 0 and self._priority == "strict"
            if limit is None and not is_hidden:
                continue
            for listing in Rows.joined(folder.rows(name, _unheard) for folder in folders).listings:
                is_late = limit is not None and listing.published > limit
                if is_late or is_hidden:
                    why: WhyWithheld = "exclude_newer" if is_late else "priority"
                    behind = "" if is_late else having[0][0].name
                    build = (channel.name, listing.version, listing.build)
                    found[Withheld(*build, why, behind)] = None
        return tuple(found)

    def prefetch(self, names: Iterable[str]) -> None:
        """Start bringing here what is said of ``names`` and of what they may depend on."""
        with self._lock:
            fresh = [name for name in names if name not in self._wanted]
            self._wanted.update(fresh)
        for name in fresh:
            channel = self._only_channel(name)
            if channel is not None and channel.has_stored(name):
                continue
            having = self._channels_with(name)
            # A channel that has a name hides it in the channels below, as a rule.
            for _, folders in having[:1] if self._priority == "strict" else having:
                for folder in folders:
                    folder.prefetch(name, self.prefetch)

    def dependents(self, name: str, cancel: CancelToken) -> Sequence[Dependent]:
        """Return every package of which a candidate depends on ``name``, in order of names.

        Raises:
            as :meth:`candidates` does.
        """
        if self._turned is None or self._limits != NO_LIMITS:
            said = ((package, self._says(package)) for package in self.names())
            return dependents_among(name, said)
        marks = [folder.whole_mark for channel in self._channels for folder in channel.folders]
        mark = sha256(b"".join(marks)).digest() if all(marks) else b""
        everything = Everything(mark, self.names, self._mark, self._says, self._tell_reading)
        return self._turned.dependents(name, everything, cancel)

    def _mark(self, name: str) -> bytes:
        marks = [channel.mark(name) for channel in self._channels]
        return sha256(b"".join(marks)).digest() if all(marks) else b""

    def _tell_reading(self, count: int) -> None:
        text = f"reading what each of {count} packages needs; later only what changes is read."
        self._report(Noticed("info", text))

    def _says(self, name: str) -> tuple[Saying, ...]:
        """Return what a package says, without keeping it in memory or telling what is left out."""
        found = self._candidates.get(name) or self._put_in_order(name, lambda _, __: None)[0]
        return () if found is None else sayings(found)

    def keep(self) -> None:
        """Write what was put in order, for the runs that follow."""
        for url, names in self._found_kept.items():  # one message: there may be hundreds
            _log.debug("from the cache: %s: %s", url, " ".join(names))
        self._found_kept.clear()
        for channel in self._channels:
            if channel.store is not None:
                channel.store.keep(channel.mark)
            for folder in channel.folders:
                folder.keep()

    def _channels_with(self, name: str) -> Sequence[tuple[ChannelRecords, Sequence[FolderRecords]]]:
        """Return the channels that have ``name``, and the folders of each that do."""
        found = []
        for channel in self._channels:
            folders = [folder for folder in channel.folders if name in folder]
            if folders:
                found.append((channel, folders))
        return found

    def _only_channel(self, name: str) -> ChannelRecords | None:
        """Return the channel all of whose records of ``name`` are candidates, and no others."""
        having = self._channels_with(name)
        if not having or (len(having) > 1 and self._priority != "strict"):
            return None
        channel, (folder, *_) = having[0]
        limit = self._limits.limit(name, folder.folder.channel_url)
        return channel if limit is None else None

    def _stored(self, name: str) -> StoredCandidates | None:
        channel = self._only_channel(name)
        found = channel.stored(name, partial(self._anew, name)) if channel else None
        if channel is not None and found is not None:
            self._found_kept.setdefault(channel.folders[0].folder.channel_url, []).append(name)
            if left_out := found.left_out:
                self._say_left_out(channel.places(name), left_out)
        return found

    def _anew(self, name: str) -> Candidates:
        """Return candidates of which something damaged was kept; it is kept anew as well."""
        found = self._arranged(name)
        assert found is not None  # its mark is that of what was kept
        return found

    def _arranged(self, name: str) -> SortedCandidates | StoredCandidates | None:
        if not self._channels_with(name):
            return None
        self._is_incomplete = True
        self.prefetch((name,))
        self._fetch_ahead()
        found, left_out, only = self._put_in_order(name, self._say_left_out)
        if found is not None and only is not None:
            return only.store_now(name, found, left_out) or found
        return found

    def _fetch_ahead(self) -> None:
        """Start bringing here what those depend on that were found since this was done last."""
        while self._found:
            self.prefetch(self._found.pop().needed_names)

    def _put_in_order(
        self, name: str, say: SayLeftOut
    ) -> tuple[SortedCandidates | None, list[LeftOut], ChannelRecords | None]:
        """Return the candidates, the records left out, and the channel that both are all of."""
        channels: list[Rows] = []
        left_out: list[LeftOut] = []
        for channel, folders in self._channels_with(name):
            left_out.clear()
            rows = Rows.joined(
                folder.rows(name, partial(_note, left_out, channel.folders.index(folder)))
                for folder in folders
            )
            say(channel.places(name), left_out)
            channels.append(self._published_in_time(name, folders[0].folder, rows))
            has_others_only = not rows and self._has_others(name, folders)
            if self._priority == "strict" and not has_others_only:
                break
        unordered: list[LeftOut] = []
        dropped = partial(_note, unordered, 0)
        found = arrange(
            name, channels, self._priority, dropped, ignore_timestamps=self._ignore_timestamps
        )
        say((name,), unordered)
        only = self._only_channel(name) if len(channels) == 1 else None
        if only is not None:
            last = len(only.folders)
            left_out += (LeftOut(last, each.fn, each.why) for each in unordered)
        return found, left_out, only

    def _say_left_out(self, places: Sequence[str], left_out: Sequence[LeftOut]) -> None:
        """Tell of records left out, those of one place in one sentence."""
        for number, of_place in groupby(left_out, lambda each: each.place):
            with records_left_out(self._report, places[number]) as dropped:
                for each in of_place:
                    dropped(each.fn, each.why)

    def _published_in_time(self, name: str, folder: Folder, rows: Rows) -> Rows:
        limit = self._limits.limit(name, folder.channel_url)
        if limit is None:
            return rows
        kept = [at for at, listing in enumerate(rows.listings) if listing.published <= limit]
        if rows and not kept:
            first = min(rows.listings, key=lambda listing: listing.published)
            when = f"the first of them was published on {first.day}"
            text = f"every {name} there is newer than exclude_newer allows; {when}."
            self._report(Noticed("warning", f"{folder.channel}: {text}"))
        return rows.chosen(kept)

    def _has_others(self, name: str, folders: Iterable[FolderRecords]) -> bool:
        """Tell of a name that is there in formats that xconda cannot install, if it is."""
        for folder in folders:
            others = folder.others(name)
            if others:
                text = f"{folder.folder}: {name} is there only as {others[0]}"
                self._report(Noticed("warning", f"{text}, which xconda cannot install yet."))
                return True
        return False


def _unheard(fn: str, why: str) -> None:
    """Say nothing of a record that is left out: it was said before."""
    del fn, why


def _note(left_out: list[LeftOut], place: int, fn: str, why: str) -> None:
    left_out.append(LeftOut(place, fn, why))
