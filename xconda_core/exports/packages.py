"""Packages of channels, caches and environments, by the names of ``conda.exports``.

Layer: exports.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from xconda_core.engine.opening import open_engine
from xconda_core.engine.package_sources import CachedPackages, ChannelPackages, InstalledPackages
from xconda_core.environment.prefix import read_state
from xconda_core.exports.files import rm_rf
from xconda_core.models.archive_name import ENDINGS, ArchiveName
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Dist(Slotted):
    """Names one archive of one channel: a key of the mappings below.

    Attributes:
        channel: Name of the channel, empty where nobody knows it.
        subdir: Platform folder.
        name: Package name.
        version: Version literal.
        build: Build string.
    """

    channel: str
    subdir: str
    name: str
    version: str
    build: str

    @classmethod
    def of(cls, record: PackageRecord) -> "Dist":
        """Return that of a record."""
        return cls(record.channel_name, record.subdir, record.name, record.version, record.build)

    @classmethod
    def parse(cls, text: str) -> "Dist":
        """Read ``[channel[/subdir]::]name-version-build``, with an archive's ending or without.

        Raises:
            InvalidArchiveName: it is none.
        """
        place, _, dist_name = text.rpartition("::")
        fn = dist_name if dist_name.endswith(ENDINGS) else f"{dist_name}.conda"
        parts = ArchiveName.parse(fn)
        channel, _, subdir = place.rpartition("/")
        return cls(
            channel or subdir, subdir if channel else "", parts.name, parts.version, parts.build
        )

    @property
    def dist_name(self) -> str:
        """``name-version-build``."""
        return f"{self.name}-{self.version}-{self.build}"

    def __str__(self) -> str:
        place = "/".join(filter(None, (self.channel, self.subdir)))
        return f"{place}::{self.dist_name}" if place else self.dist_name


def get_index(
    channel_urls: Sequence[str] = (),
    prepend: bool = True,
    platform: str | None = None,
    use_local: bool = False,
    use_cache: bool = False,
    unknown: bool | None = None,
    prefix: str | Path | None = None,
) -> dict[Dist, PackageRecord]:
    """Return everything that channels offer: all of it is read, which can be much.

    Args:
        channel_urls: Channels that go before the configured ones.
        prepend: The configured ones count, too.
        platform: Such as ``linux-64``; the configured one unless given.
        use_local: What conda-build made goes before all.
        use_cache: Ask no server for lists.
        unknown: What package caches hold counts, too.
        prefix: What is installed there counts, too.

    Raises:
        XcondaError: a channel cannot be read.
    """
    # Whoever asks for the index chooses from it: what a higher channel hides is part of it.
    overrides: dict[str, object] = {"channel_priority": "disabled"}
    if use_cache:
        overrides["use_index_cache"] = True
    local = ["local"] if use_local else []
    names = [*local, *channel_urls, *(open_engine().settings.channels if prepend else ())]
    channels = ChannelPackages(*names, subdir=platform, overrides=overrides)
    records = [*channels.iter_records()] if names else []
    if unknown:
        records += CachedPackages().iter_records()
    if prefix:
        records += (each.record for each in InstalledPackages(prefix).iter_records())
    return {Dist.of(record): record for record in records}


def dist_str_in_index(index: Mapping[Dist, PackageRecord], dist_str: str) -> bool:
    """Whether ``index`` has an archive of that name, of any channel where none is named."""
    wanted = Dist.parse(dist_str)
    return any(
        dist.dist_name == wanted.dist_name and wanted.channel in {"", dist.channel}
        for dist in index
    )


class _Cache:
    """The package cache that new packages go to, as a mapping of what it holds."""

    def __init__(self) -> None:
        self._folder = open_engine().wiring.cache.writable_dir()

    def __contains__(self, dist: object) -> bool:
        return any(str(dist) in {str(each), each.dist_name} for each in self)

    def __iter__(self) -> Iterator[Dist]:
        yield from map(Dist.of, CachedPackages(self._folder).iter_records())

    def keys(self) -> Iterator[Dist]:
        """Yield what is there."""
        return iter(self)

    def __delitem__(self, dist: Dist | str) -> None:
        name = (dist if isinstance(dist, Dist) else Dist.parse(dist)).dist_name
        for path in (self._folder / name, *(self._folder / f"{name}{end}" for end in ENDINGS)):
            rm_rf(path)


def package_cache() -> _Cache:
    """Return the package cache that new packages go to: ``in``, ``keys()`` and ``del`` work.

    Raises:
        NoWritableCache: there is none.
    """
    return _Cache()


def linked_data(prefix: str | Path, ignore_channels: bool = False) -> dict[Dist, PrefixRecord]:
    """Return what is installed; nothing where there is no environment.

    ``ignore_channels`` has no effect, as in conda.

    Raises:
        PrefixDamaged: a file of its ``conda-meta`` is not what it should be.
    """
    del ignore_channels
    installed = read_state(Path(prefix)).installed.values()
    return {Dist.of(each.record): each for each in installed}


def linked(prefix: str | Path, ignore_channels: bool = False) -> set[Dist]:
    """Return the names of what is installed; raises as :func:`linked_data`."""
    return {*linked_data(prefix, ignore_channels)}


def is_linked(prefix: str | Path, dist: Dist | str) -> PrefixRecord | None:
    """Return the record of an installed package, None where it is not installed.

    ``dist`` may be a MatchSpec's text, too.

    Raises:
        InvalidMatchSpec: it is neither.
        PrefixDamaged: a file of its ``conda-meta`` is not what it should be.
    """
    installed = read_state(Path(prefix)).installed
    if isinstance(dist, Dist):
        found = installed.get(dist.name)
        return found if found and found.record.dist_name == dist.dist_name else None
    spec = MatchSpec.parse(dist)
    found = installed.get(spec.name)
    return found if found and spec.matches(found.record) else None
