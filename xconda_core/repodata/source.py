"""From channels to an index of what they offer.

Layer: repodata. Sources: CEP 26 (channels), CEP 42 (channels that a channel wants beside it).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import ClassVar, Final

from xconda_core import __version__
from xconda_core.cancel import CancelToken
from xconda_core.config.settings import ChannelPriority
from xconda_core.digests import sha256
from xconda_core.errors import XcondaError
from xconda_core.events import Event, Noticed, Reporter
from xconda_core.models.channel import Channel
from xconda_core.models.exclude_newer import NO_LIMITS, PublicationLimits
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.workers import Workers, result_of
from xconda_core.repodata.cache import DocumentCache
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords, FolderRecords
from xconda_core.repodata.dependents import DependentsFile
from xconda_core.repodata.forms import ListRules
from xconda_core.repodata.index_store import IndexStore
from xconda_core.repodata.kept_list import KeptList, Terms
from xconda_core.repodata.published import Folder
from xconda_core.repodata.relations import (
    ChannelOrder,
    ChannelRelationsUnusable,
    declared,
    resolved,
)
from xconda_core.repodata.shards import ShardStore
from xconda_core.values import NamedTuple, Protocol, Slotted, dataclass, field

_USUAL: Final = ListRules()
_ByAddress = Mapping[str, Sequence[Channel]]
_Wait = Callable[[CancelToken], FolderRecords | None]


class Brings(Protocol):
    """Brings package lists here that are not at hand; several threads use it."""

    def records(self, folder: Folder, channel: Channel) -> FolderRecords | None:
        """Return what ``folder`` offers, or None where the channel has no such folder."""

    def anew(self, kept: KeptList) -> bytes:
        """Return a list of shards from its server."""

    def is_unlisted(self, records: FolderRecords) -> bool:
        """Whether ``records`` are of packages that are cached, and of no list."""


class Related(NamedTuple):
    """How channels that other channels want beside them are found.

    Attributes:
        find: Returns the channel at an address that a channel wants; None: it may not be used.
        max_depth: ``channel_relations_max_depth``: how long a chain of wishes may be; 0: none is
            heard.
    """

    find: Callable[[Channel, str], Channel | None]
    max_depth: int


class ChannelNotFound(XcondaError):
    """There is no conda channel at an address.

    Attributes:
        channel: Name of the channel, as the user would say it.
        url: Its address, without credentials.
        subdirs: Platforms it was asked for.
    """

    code: ClassVar[str] = "channel-not-found"

    def __init__(self, folders: Sequence[Folder]) -> None:
        super().__init__(folders)
        self.channel, self.url = folders[0].channel, folders[0].channel_url
        self.subdirs = tuple(folder.subdir for folder in folders)
        asked = " or ".join(f"{subdir}/repodata.json" for subdir in self.subdirs)
        self.what = f"{self.channel} is not a conda channel."
        self.why = f"there is no {asked} at {self.url}."
        self.fix = "check its spelling, or give its whole address; `xconda info` lists channels."


def load(
    channels: Sequence[Channel],
    subdirs: Sequence[str],
    fetcher: Fetcher,
    cache_dir: Path,
    *,
    ttl: int,
    offline: bool,
    report: Reporter,
    cancel: CancelToken,
    threads: int,
    priority: ChannelPriority,
    use_only_tar_bz2: bool,
    limits: PublicationLimits = NO_LIMITS,
    related: Related | None = None,
    rules: ListRules = _USUAL,
    clock: Callable[[], float] = time.time,
) -> ChannelIndex:
    """Return the index of what ``channels`` offer for ``subdirs``.

    Args:
        channels: Highest priority first.
        subdirs: Platforms, ``noarch`` among them.
        fetcher: Opens URLs; several threads use it.
        cache_dir: Folder that package lists are kept in; made if it is not there.
        ttl: ``local_repodata_ttl``: 1: obey Cache-Control; 0: always ask; else seconds.
        offline: Use what is in the cache, however old.
        report: Told of progress, one call at a time.
        cancel: Looked at between chunks, and while waiting.
        threads: Connections at a time.
        priority: How channels that have the same name compete.
        use_only_tar_bz2: Ignore ``.conda`` archives.
        limits: How new a package may be.
        related: How to find what channels want beside them; None: they are not asked.
        rules: Which lists are asked for, and what is made of them.
        clock: The time, in seconds since 1970.

    Raises:
        ChannelNotFound, RepodataNotCached: a channel has no list, or none that may be asked for.
        NotRepodata, ChannelRelationsUnusable, NetworkFailed, HttpRefused: nothing of use arrived.
        Cancelled: somebody asked to stop.
    """
    workers = Workers(threads)
    terms = Terms(
        fetcher=fetcher,
        cache=DocumentCache(cache_dir),
        store=ShardStore(fetcher, cache_dir / "shards", workers, cancel, offline),
        place=cache_dir / "index",
        ttl=ttl,
        offline=offline,
        rules=rules,
        only_tar_bz2=use_only_tar_bz2,
        report=_OneAtATime(report, Lock()),
        cancel=cancel,
        clock=clock,
    )
    loading = _Loading(subdirs, terms, workers, related, rules, _bringing(terms))
    loaded = loading.run(channels)
    turned, late = _turned(loaded, priority, rules, terms), rules.ignore_timestamps
    return ChannelIndex(loaded, priority, terms.report, limits, turned, ignore_timestamps=late)


def _bringing(terms: Terms) -> Callable[[], Brings]:
    """Return what gives the one that brings lists: loaded when one is not at hand."""

    @cache
    def bringing() -> Brings:
        from xconda_core.repodata.bringing import Bringing

        return Bringing(terms)

    return bringing


def _turned(
    channels: Sequence[ChannelRecords], priority: ChannelPriority, rules: ListRules, terms: Terms
) -> DependentsFile:
    """Return where it is kept who depends on whom in ``channels``."""
    folders = [folder.folder.url for channel in channels for folder in channel.folders]
    only, without = terms.only_tar_bz2, rules.ignore_timestamps
    said = f"{rules.forms.name} only_tar_bz2={only} ignore_timestamps={without}"
    identity = " ".join((__version__, priority, said, *folders))
    key = sha256(identity.encode()).hexdigest()[:16]
    return DependentsFile(terms.place / f"{key}.dependents", f"dependents {identity}")


@dataclass(frozen=True, slots=True)
class _Loading(Slotted):
    """Channels on their way here, and those that they want beside them."""

    subdirs: Sequence[str]
    terms: Terms
    workers: Workers
    related: Related | None
    rules: ListRules
    bringing: Callable[[], Brings]
    loaded: dict[str, ChannelRecords] = field(default_factory=dict)

    def run(self, channels: Sequence[Channel]) -> Sequence[ChannelRecords]:
        """Return what ``channels`` and those related to them offer, highest priority first."""
        fresh = _by_address(channels)
        for key, coming in self._coming(fresh):
            self.loaded[key] = coming.records(self.terms.cancel)
        order, depth = ChannelOrder(tuple(fresh)), 0
        while fresh and self.related and self.related.max_depth:
            wanted: dict[str, Channel] = {}
            for key, (channel, *_) in fresh.items():
                self._ask(key, channel, order, wanted, self.related)
            if wanted and depth == self.related.max_depth:
                text = f"a chain of channels that want others is longer than {depth}"
                raise ChannelRelationsUnusable(tuple(wanted), text)
            fresh, depth = _by_address(wanted.values()), depth + 1
            self._load_related(fresh)
        return [self.loaded[key] for key in order.resolve() if key in self.loaded]

    def _coming(self, channels: _ByAddress) -> Sequence[tuple[str, "_Coming"]]:
        """Start fetching all platform folders of all ``channels`` at a time."""
        coming, labels = [], _labels([first for first, *_ in channels.values()])
        for (key, same), label in zip(channels.items(), labels, strict=True):
            folders = _folders(same, label, self.subdirs)
            waits = [self._started(folder, same[0]) for folder in folders]
            coming.append((key, _Coming(folders, waits, self.terms, self.rules, self.bringing)))
        return coming

    def _started(self, folder: Folder, channel: Channel) -> "_Wait":
        """Start bringing ``folder`` here, in a thread unless it is at hand; return the wait."""
        address = channel.url_with_credentials(folder.subdir)
        kept = KeptList(folder, address, self.terms, self.rules.forms)
        at_hand = kept.at_hand(lambda: self.bringing().anew(kept))
        if at_hand is not None:
            return lambda _: at_hand
        records = self.bringing().records
        return partial(result_of, self.workers.submit(partial(records, folder, channel)))

    def _ask(
        self,
        key: str,
        channel: Channel,
        order: ChannelOrder,
        wanted: dict[str, Channel],
        related: Related,
    ) -> None:
        """Add to ``order`` and ``wanted`` what one channel wants beside it."""
        if key in self.loaded:
            for relations in declared(each.relations for each in self.loaded[key].folders):
                base, overrides = (
                    self._address(channel, reference, wanted, related) for reference in relations
                )
                order.declare(key, base, overrides)

    def _address(
        self, channel: Channel, reference: str, wanted: dict[str, Channel], related: Related
    ) -> str | None:
        if not reference:
            return None
        try:
            url = resolved(reference, channel.base_url)
        except ValueError as error:
            text = f"{channel} wants {reference!r} beside it, which is passed over: {error}."
            self.terms.report(Noticed("warning", text))
            return None
        if url in self.loaded or url in wanted:
            return url
        found = related.find(channel, url)
        if found is None:
            return None
        if found.base_url not in self.loaded:
            wanted[found.base_url] = found
            text = f"{found} is searched too, because {channel} wants it beside it."
            self.terms.report(Noticed("info", text))
        return found.base_url

    def _load_related(self, wanted: _ByAddress) -> None:
        for key, coming in self._coming(wanted):
            try:
                self.loaded[key] = coming.records(self.terms.cancel)
            except ChannelNotFound as error:
                self.terms.report(
                    Noticed("warning", f"{error.what} It is passed over: {error.why}")
                )


@dataclass(frozen=True, slots=True)
class _Coming(Slotted):
    """One channel on its way here."""

    folders: Sequence[Folder]
    waits: Sequence[_Wait]
    terms: Terms
    rules: ListRules
    bringing: Callable[[], Brings]

    def records(self, cancel: CancelToken) -> ChannelRecords:
        """Wait for it; raises ``ChannelNotFound`` if it has none of the folders."""
        found = [wait(cancel) for wait in self.waits]
        records = tuple(one for one in found if one is not None)
        first = self.folders[0]
        if not records and not self.rules.empty_allowed:
            raise ChannelNotFound(self.folders)
        if not records:
            text = f"there is no package list at {first.channel_url}: nothing comes from there."
            self.terms.report(Noticed("warning", text))
        subdirs = [each.folder.subdir for each in records]
        terms = f"only_tar_bz2={self.terms.only_tar_bz2}"
        if self.rules.forms.instead is not None:
            terms += f" {self.rules.forms.name}"
        if not self.rules.forms.shards:
            terms += " without shards"  # a name has another mark in a list than in a shard
        if self.rules.ignore_timestamps:
            terms += " without timestamps"
        if self.terms.offline and any(map(self.bringing().is_unlisted, records)):
            return ChannelRecords(first.channel, records)  # nothing to be remembered of the channel
        store = IndexStore(self.terms.place, first.channel_url, subdirs, terms)
        return ChannelRecords(first.channel, records, store)


def _by_address(channels: Iterable[Channel]) -> _ByAddress:
    """Return channels by their addresses: one that is named with two platforms is one channel."""
    found: dict[str, list[Channel]] = {}
    for channel in channels:
        found.setdefault(channel.base_url, []).append(channel)
    return found


def _labels(channels: Sequence[Channel]) -> Sequence[str]:
    """Return what to call each channel: as the user does where that means one."""
    common = Counter(str(channel) for channel in channels)
    return [
        str(channel) if common[str(channel)] == 1 else channel.name or channel.base_url
        for channel in channels
    ]


def _folders(same: Sequence[Channel], label: str, subdirs: Sequence[str]) -> Sequence[Folder]:
    """Return the folders of one channel, which may have been named with several platforms."""
    wanted: dict[str, None] = {}
    for channel in same:
        wanted.update(dict.fromkeys((channel.platform, "noarch") if channel.platform else subdirs))
    return [Folder(label, same[0].base_url, subdir) for subdir in wanted]


@dataclass(frozen=True, slots=True)
class _OneAtATime(Slotted):
    """A reporter for several threads, before one that is for one."""

    report: Reporter
    lock: Lock

    def __call__(self, event: Event) -> None:
        with self.lock:
            self.report(event)
