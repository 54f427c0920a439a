"""The ports of an engine, put together from its settings when first used. Layer: engine.

One of the two places where a first-party import may stand inside a function: ``requests`` alone
costs 65 ms, and a command that lists packages needs no network.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.merge import LOCAL
from xconda_core.config.settings import Settings
from xconda_core.engine.permissions import (
    NoLocalChannel,
    RelatedChannels,
    channel_naming,
    chosen_channels,
    publication_limits,
    refuse_channels,
)
from xconda_core.engine.plugin_ports import PluginPorts
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.events import Reporter
from xconda_core.models.channel import Channel, InvalidChannel, expand_channels
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.package_trust import Trust
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.net.fetcher import DeferredFetcher, Fetcher
from xconda_core.package_cache.cache import PackageCache
from xconda_core.repodata.forms import ListForms, ListRules, Patcher
from xconda_core.repodata.index import Candidates, TurnableIndex
from xconda_core.solver.newness import Newness
from xconda_core.solver.package_table import PackageTable
from xconda_core.solver.problem import Solution, SolveProblem, Solver
from xconda_core.solver.request import Request

_log: Final = logging.getLogger(__name__)


class Wiring:
    """What an engine reaches the network, the machine and the package cache by.

    Tests may hand an engine one with a method replaced.
    """

    def __init__(
        self, settings: Settings, environ: Mapping[str, str], plugins: PluginSet | None = None
    ) -> None:
        """Keep the values; nothing is opened yet.

        Args:
            settings: The configuration.
            environ: The process's environment variables.
            plugins: What plugins add; nothing unless given.
        """
        self._settings = settings
        self.plugins = PluginPorts(plugins or PluginSet())
        self._environ = environ
        self._fetcher: Fetcher | None = None
        self._used: dict[str, Channel] = {}
        self._keep_indexes: list[Callable[[], None]] = []
        self._candidates_here: list[Callable[[str], Candidates | None]] = []
        self._tables: dict[str, PackageTable] = {}  # a refusal is followed by smaller solves
        self.cache = PackageCache(
            settings.pkgs_dirs,
            separate_formats=settings.separate_format_cache,
            by_sha256=settings.extra_safety_checks and bool(settings.signing_metadata_url_base),
            uses_locks=not settings.no_lock,
        )

    def channels(self, names: Sequence[str]) -> tuple[Channel, ...]:
        """Return the channels that ``names`` mean under the configuration.

        Raises:
            InvalidChannel: one of them names no channel; it says where the configuration has it.
        """
        try:
            return expand_channels(names, channel_naming(self._settings, self._environ))
        except InvalidChannel as error:
            from xconda_core.config.written import placed

            raise placed(error, self._settings.config_files, self._environ) from None

    def chosen_channels(self, given: Sequence[str], override: bool) -> tuple[str, ...]:
        """Return the names to look in: those ``given``, then the configured ones.

        Raises:
            OverrideNotAllowed, NoChannelLeft: there is none that may be used.
        """
        return chosen_channels(self._settings, given, override=override)

    def allowed_channels(self, names: Sequence[str]) -> tuple[Channel, ...]:
        """Return the channels that ``names`` mean, each of which may be used.

        Raises:
            InvalidChannel: one of them names no channel.
            ChannelNotAllowed: one of them may not be used.
            NoLocalChannel: they are ``local`` alone, and there is none.
        """
        channels = self.channels(names)
        if not channels and LOCAL in names:
            raise NoLocalChannel
        refuse_channels(
            channels,
            allowed=self.channels(self._settings.allowlist_channels),
            denied=self.channels(self._settings.denylist_channels),
        )
        return channels

    def use_channels(self, names: Sequence[str], cancel: CancelToken) -> None:
        """Let archives come from ``names``, with the credentials that stand in them.

        Raises:
            InvalidChannel: one of them names no channel.
            ChannelNotAllowed: one of them may not be used.
        """
        configured = self.channels(self._settings.channels)
        channels = self.allowed_channels(names)
        with_secrets = [each for each in channels if each.auth or each.token]
        self._fetcher = self.open_fetcher([*channels, *configured, *with_secrets], cancel)

    def fetcher(self, cancel: CancelToken) -> Fetcher:
        """Return what opens addresses, with the credentials of the configured channels."""
        if self._fetcher is None:
            self._fetcher = self.open_fetcher(self.channels(self._settings.channels), cancel)
        return self._fetcher

    def open_fetcher(self, channels: Sequence[Channel], cancel: CancelToken) -> Fetcher:
        """Return what brings things from ``channels``, and from all that were used before."""
        self._used |= {each.base_url: each for each in channels}
        credentials = {
            each.base_url: each.url_with_credentials("").rstrip("/")
            for each in self._used.values()
            if each.auth or each.token
        }
        return DeferredFetcher(lambda: self._make_fetcher(credentials, cancel))

    def index(
        self,
        names: Sequence[str],
        report: Reporter,
        cancel: CancelToken,
        wanted: Sequence[str] = (),
        repodata_fn: str = "repodata.json",
        *,
        whole: bool = False,
    ) -> TurnableIndex:
        """Return what the channels ``names`` offer for the configured platform.

        Args:
            names: Channel names and addresses, highest priority first.
            report: Told of progress.
            cancel: Looked at while waiting.
            wanted: Package names that will be asked for first, to be brought ahead.
            repodata_fn: Which list is read of each folder that has it.
            whole: All of it will be asked for: one document is brought instead of a shard for each
                name, where there is a network.

        Raises:
            XcondaError: a channel cannot be read.
        """
        from xconda_core.repodata.source import Related, load

        settings = self._settings
        channels = self.allowed_channels(names)
        for channel in channels:
            _log.info("channel %s at %s", channel, channel.base_url)
        subdirs = ", ".join(settings.subdirs)
        _log.info("platforms %s; priority %s", subdirs, settings.channel_priority)
        related = RelatedChannels(self.allowed_channels, report)
        self._fetcher = self.open_fetcher(channels, cancel)
        index = load(
            channels,
            settings.subdirs,
            self._fetcher,
            self.cache.writable_dir() / "cache",
            ttl=settings.local_repodata_ttl,
            offline=settings.offline,
            report=report,
            cancel=cancel,
            threads=settings.repodata_threads,
            priority=settings.channel_priority,
            use_only_tar_bz2=settings.use_only_tar_bz2,
            limits=publication_limits(self._settings),
            related=Related(related.find, settings.channel_relations_max_depth),
            rules=self._list_rules(channels, repodata_fn, whole=whole),
        )
        if any(each.auth or each.token for each in related.found):
            self._fetcher = self.open_fetcher(related.found, cancel)
        index.prefetch(wanted)
        self._keep_indexes.append(index.keep)
        self._candidates_here.append(index.candidates_here)
        return index

    def trust(self, records: Sequence[PackageRecord], cancel: CancelToken) -> Trust | None:
        """Return whether ``records`` are signed; None where nobody wants to know.

        Raises:
            PackagesNotTrusted: they are not as the configuration says that they have to be.
            MetadataRefused: a document about keys is not what it should be.
            CryptographyMissing: nothing can be checked.
            Cancelled: somebody asked to stop.
        """
        if not self._settings.extra_safety_checks or not records:
            return None
        from xconda_core.engine.trusting import trust_of

        home, folder = home_folder(self._environ), self.cache.writable_dir() / "cache"
        return trust_of(records, self._settings, home, self.fetcher(cancel), folder, cancel)

    def _list_rules(
        self, channels: Sequence[Channel], repodata_fn: str, *, whole: bool
    ) -> ListRules:
        settings = self._settings
        as_kept = settings.as_kept
        is_near = all(channel.base_url.startswith("file:") for channel in channels)
        shards = settings.repodata_use_shards and (is_near or as_kept or not whole)
        return ListRules(
            ListForms(repodata_fn, shards, settings.repodata_use_zst),
            as_kept=settings.use_index_cache,
            empty_allowed=settings.allow_non_channel_urls,
            ignore_timestamps=settings.solver_ignore_timestamps,
            packages=self._cached_records,
            patcher=_patcher() if "jlap" in settings.experimental else None,
        )

    def _cached_records(self) -> Iterable[bytes]:
        from xconda_core.package_cache.cached_records import cached_records

        return cached_records(self._settings.pkgs_dirs)

    def candidates_here(self, name: str) -> tuple[Candidates, ...]:
        """Return what the channels read so far have of ``name``, as far as no server is asked."""
        found = (candidates(name) for candidates in self._candidates_here)
        return tuple(each for each in found if each is not None)

    def keep_indexes(self) -> None:
        """Have what was put in order of the channels ready for the processes that follow."""
        for keep in self._keep_indexes:
            keep()

    def solve(self, problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
        """Return a solution of ``problem``.

        Raises:
            Unsatisfiable, PackagesNotFound: there is none.
            PycosatMissing: the solver ``sat`` needs it.
            Cancelled: somebody asked to stop.
        """
        from xconda_core.solver.problem_log import log_problem
        from xconda_core.solver.refused import Refused

        log_problem(problem)
        started = time.monotonic()
        try:
            return self._solver()(problem, report, cancel)
        except Refused as refusal:
            from xconda_core.solver.sat import confirmed

            raise confirmed(refusal, cancel) from None
        finally:
            _log.info("the solver took %.2f s", time.monotonic() - started)
            if not cancel.is_cancelled:
                self.keep_indexes()

    def _solver(self) -> Solver:
        name = self._settings.solver
        offered = self.plugins.solver(name)
        if offered is not None:
            return offered
        if name == "sat":
            from xconda_core.solver.exact import solve

            return solve
        from xconda_core.solver.search import solve as search

        return partial(search, tables=self._tables)

    def newness(
        self, request: Request, records: Mapping[str, PackageRecord], cancel: CancelToken
    ) -> tuple[Newness, ...]:
        """Return for each package named whether it could be newer than in ``records``.

        Raises:
            PycosatMissing: nothing can be proven without it.
            Cancelled: somebody asked to stop.
        """
        from xconda_core.solver.prove import newness

        return newness(request, records, cancel)

    def virtual_packages(self) -> tuple[VirtualPackage, ...]:
        """Return the facts of this machine that packages can depend on."""
        from xconda_core.system.virtual_packages import detect

        overrides = self._settings.override_virtual_packages
        found = detect(
            self._settings.subdir,
            overrides,
            library_path=self._environ.get("LD_LIBRARY_PATH", "").split(":"),
        )
        return self.plugins.facts(found, overrides)

    def fetch(
        self,
        records: Sequence[PackageRecord],
        report: Reporter,
        cancel: CancelToken,
        *,
        repair: bool = False,
    ) -> Mapping[str, Path]:
        """Bring packages into the cache, verified; return their folders by package name.

        ``repair``: what the cache has of them is damaged.

        Raises:
            XcondaError: one of them cannot be had.
        """
        from xconda_core.transaction.fetch import fetch_packages

        return fetch_packages(
            records,
            self.cache,
            self.fetcher(cancel),
            threads=self._settings.fetch_threads,
            report=report,
            cancel=cancel,
            repair=repair,
            extractors=self.plugins.extractors(),
        )

    def _make_fetcher(self, credentials: Mapping[str, str], cancel: CancelToken) -> Fetcher:
        from xconda_core.engine.fetchers import make_fetcher, stored_tokens
        from xconda_core.net.stored_logins import rattler_files

        mirrored, home = self._settings.mirrored_channels.items(), home_folder(self._environ)
        mirrors = {self.channels((name,))[0].base_url: urls for name, urls in mirrored if urls}
        if self._settings.add_anaconda_token:
            tokens = stored_tokens(self._used.values(), self._environ, home)
            credentials = {**tokens, **credentials}
        files, more = rattler_files(self._environ, home), self.plugins.headers()
        logins = self.plugins.logins(self._settings.channel_logins, self.channels)
        return make_fetcher(self._settings, credentials, mirrors, files, cancel, more, logins)


def _patcher() -> Patcher:
    """Return what brings package lists up to date by patches, which few ask for."""
    from xconda_core.repodata.patching import newest

    return newest
