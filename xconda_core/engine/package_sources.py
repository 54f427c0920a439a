"""Where packages are, each to be asked the same four ways: channels, caches, environments.

Layer: engine. ``query``, ``iter_records`` and ``reload`` are conda's words (``conda.api``). Answers
are records; what was read is kept until ``reload``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from xconda_core.engine import questions
from xconda_core.engine.opening import open_engine
from xconda_core.engine.search import NothingFound, search
from xconda_core.environment.prefix import read_existing_state
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import InvalidRecord, PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.package_cache.cached_records import cached_records

Wanted = str | MatchSpec | PackageRecord
"""A MatchSpec, as text or read, or a record: that very archive."""


def _tester(wanted: Wanted) -> Callable[[PackageRecord], bool]:
    """Return what tells whether a record is meant.

    Raises:
        InvalidMatchSpec: the text is none.
    """
    if isinstance(wanted, PackageRecord):
        same = wanted

        def is_same(record: PackageRecord) -> bool:
            return record.dist_name == same.dist_name and record.sha256 == same.sha256

        return is_same
    spec = wanted if isinstance(wanted, MatchSpec) else MatchSpec.parse(wanted)
    return spec.matches


class ChannelPackages:
    """What channels offer for one platform and ``noarch``.

    ``query`` asks for names; ``iter_records`` reads all there is, which can be much.
    """

    def __init__(
        self,
        *channels: str,
        subdir: str | None = None,
        overrides: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Name the channels; nothing is read yet.

        Args:
            channels: Names and addresses; the configured ones if there are none.
            subdir: Platform; the configured one unless given.
            overrides: Setting name to value, for example ``{"offline": True}``.
            environ: Environment variables; those of this process unless given.
        """
        self._channels, self._environ = channels, environ
        self._overrides = {**(overrides or {}), **({"subdir": subdir} if subdir else {})}
        self._engine = open_engine(overrides=self._overrides, environ=environ)

    def query(self, wanted: Wanted) -> tuple[PackageRecord, ...]:
        """Return what fits, names in order, best last within a name; nothing is no error.

        Raises:
            InvalidMatchSpec: ``wanted`` is none.
            XcondaError: a channel cannot be read.
        """
        is_meant = _tester(wanted)
        name = wanted.name if isinstance(wanted, PackageRecord) else str(wanted)
        with suppress(NothingFound):
            found = questions.search(
                self._engine, search, name, self._channels, bool(self._channels), flexible=False
            )
            return tuple(record for record in found if is_meant(record))
        return ()

    def iter_records(self) -> Iterator[PackageRecord]:
        """Yield everything there is; raises what :meth:`query` does."""
        yield from self.query("*")

    def reload(self) -> "ChannelPackages":
        """Ask the servers again, whatever the age of what is here, and return this."""
        overrides = {**self._overrides, "local_repodata_ttl": 0}
        self._engine = open_engine(overrides=overrides, environ=self._environ)
        return self


class CachedPackages:
    """What package caches hold, unpacked or not."""

    def __init__(self, *folders: Path, environ: Mapping[str, str] | None = None) -> None:
        """Name the caches, the configured ones if there are none; nothing is read yet."""
        self.folders: Sequence[Path] = folders or open_engine(environ=environ).settings.pkgs_dirs
        self._records: tuple[PackageRecord, ...] | None = None

    def query(self, wanted: Wanted) -> tuple[PackageRecord, ...]:
        """Return what fits; nothing is no error.

        Raises:
            InvalidMatchSpec: ``wanted`` is none.
        """
        return tuple(filter(_tester(wanted), self.iter_records()))

    def iter_records(self) -> Iterator[PackageRecord]:
        """Yield every package of the caches; what cannot be read is passed over."""
        if self._records is None:
            self._records = tuple(_read(self.folders))
        yield from self._records

    def reload(self) -> "CachedPackages":
        """Read again when asked next, and return this."""
        self._records = None
        return self


def _read(folders: Sequence[Path]) -> Iterator[PackageRecord]:
    for content in cached_records(folders):
        with suppress(InvalidRecord, msgspec.DecodeError, TypeError):
            yield PackageRecord.from_json(msgspec.json.decode(content))


class InstalledPackages:
    """What an environment holds."""

    def __init__(self, prefix: Path | str) -> None:
        """Name the environment; nothing is read yet."""
        self.prefix = Path(prefix)
        self._installed: Mapping[str, PrefixRecord] | None = None

    def get(self, name: str) -> PrefixRecord | None:
        """Return the package of that name, None where there is none; raises as ``query``."""
        return self._by_name().get(name)

    def query(self, wanted: Wanted) -> tuple[PrefixRecord, ...]:
        """Return what fits, in order of names; nothing is no error.

        Raises:
            InvalidMatchSpec: ``wanted`` is none.
            NotAnEnvironment: there is none.
            PrefixDamaged: a file of its ``conda-meta`` is not what it should be.
        """
        is_meant = _tester(wanted)
        return tuple(each for each in self.iter_records() if is_meant(each.record))

    def iter_records(self) -> Iterator[PrefixRecord]:
        """Yield every package in order of names; raises as :meth:`query`."""
        installed = self._by_name()
        yield from (installed[name] for name in sorted(installed))

    def reload(self) -> "InstalledPackages":
        """Read again when asked next, and return this."""
        self._installed = None
        return self

    def _by_name(self) -> Mapping[str, PrefixRecord]:
        if self._installed is None:
            self._installed = read_existing_state(self.prefix).installed
        return self._installed


def query_all(
    wanted: Wanted,
    sources: Sequence[ChannelPackages | CachedPackages],
) -> tuple[PackageRecord, ...]:
    """Return what fits in several places, in their order, each archive once.

    Raises:
        InvalidMatchSpec: ``wanted`` is none.
        XcondaError: a channel cannot be read.
    """
    found = (record for source in sources for record in source.query(wanted))
    return tuple({(record.url or record.dist_name): record for record in found}.values())
