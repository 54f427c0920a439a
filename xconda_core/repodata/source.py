"""From channels to an index of what they offer. Layer: repodata. Source: CEP 26 (channels)."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import ClassVar

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import ChannelPriority
from xconda_core.errors import XcondaError
from xconda_core.events import Event, Reporter
from xconda_core.models.channel import Channel
from xconda_core.models.exclude_newer import NO_LIMITS, PublicationLimits
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.workers import Workers, result_of
from xconda_core.repodata.cache import DocumentCache
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.repodata.folder_source import FolderSource, Terms
from xconda_core.repodata.published import Folder
from xconda_core.repodata.shards import ShardStore


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
    clock: Callable[[], float] = time.time,
) -> ChannelIndex:
    """Return the index of what ``channels`` offer for ``subdirs``.

    Args:
        channels: Highest priority first.
        subdirs: Platforms, ``noarch`` among them.
        fetcher: Opens URLs; several threads use it.
        cache_dir: Folder that package lists are kept in; made if it is not there.
        ttl: ``local_repodata_ttl``: 1: obey the server's Cache-Control; 0: always ask; else the
            seconds for which a list is good.
        offline: Use what is in the cache, however old.
        report: Told of progress, one call at a time.
        cancel: Looked at between chunks, and while waiting.
        threads: Connections at a time.
        priority: How channels that have the same name compete.
        use_only_tar_bz2: Ignore ``.conda`` archives.
        limits: How new a package may be.
        clock: The time, in seconds since 1970.

    Raises:
        ChannelNotFound: a channel has none of the platform folders.
        RepodataNotCached: offline, and a channel was never seen.
        NotRepodata: an address leads to something else.
        NetworkFailed, HttpRefused: a list did not arrive.
        Cancelled: somebody asked to stop.
    """
    workers = Workers(threads)
    terms = Terms(
        fetcher=fetcher,
        cache=DocumentCache(cache_dir),
        store=ShardStore(fetcher, cache_dir / "shards", workers, cancel, offline),
        ttl=ttl,
        offline=offline,
        only_tar_bz2=use_only_tar_bz2,
        report=_OneAtATime(report, Lock()),
        cancel=cancel,
        clock=clock,
    )
    loaded = _loaded(channels, subdirs, terms, workers)
    return ChannelIndex(loaded, priority, terms.report, limits)


def _loaded(
    channels: Sequence[Channel], subdirs: Sequence[str], terms: Terms, workers: Workers
) -> Sequence[ChannelRecords]:
    """Return what each channel offers, all platform folders of all channels fetched at a time."""
    coming = []
    for channel, label in zip(channels, _labels(channels), strict=True):
        folders = _folders(channel, label, subdirs)
        sources = [
            FolderSource(folder, channel.url_with_credentials(folder.subdir), terms)
            for folder in folders
        ]
        coming.append((folders, [workers.submit(source.records) for source in sources]))
    loaded = []
    for folders, futures in coming:
        found = [result_of(future, terms.cancel) for future in futures]
        records = tuple(one for one in found if one is not None)
        if not records:
            raise ChannelNotFound(folders)
        loaded.append(ChannelRecords(folders[0].channel, records))
    return loaded


def _labels(channels: Sequence[Channel]) -> Sequence[str]:
    """Return what to call each channel: as the user does where that means one."""
    common = Counter(str(channel) for channel in channels)
    return [
        str(channel) if common[str(channel)] == 1 else channel.name or channel.base_url
        for channel in channels
    ]


def _folders(channel: Channel, label: str, subdirs: Sequence[str]) -> Sequence[Folder]:
    wanted = (channel.platform, "noarch") if channel.platform else subdirs
    return [Folder(label, channel.base_url, subdir) for subdir in dict.fromkeys(wanted)]


@dataclass(frozen=True, slots=True)
class _OneAtATime:
    """A reporter for several threads, before one that is for one."""

    report: Reporter
    lock: Lock

    def __call__(self, event: Event) -> None:
        with self.lock:
            self.report(event)
