"""Solve for platforms, this machine's or others', into what a lock file fixes. Layer: engine.

A lock is for machines that are not known yet. So every platform, this one too, is solved for with
the same modest virtual packages, unless the user overrides them: the same input gives the same lock
everywhere. See docs/decisions/0137-locks-for-machines-that-are-not-here.md.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import Final

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.planning import solved
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.requests import ChangeRequest, FileWish
from xconda_core.engine.source_problems import AlreadyFixed
from xconda_core.engine.sources import read_wish
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.formats.described import LockedEnvironment
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.models.channel_url import without_credentials
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.link_order import link_order
from xconda_core.values import Slotted, dataclass, replace

# What the systems that packages of today are built for have at least.
_MACHINES: Final[Mapping[str, Mapping[str, str]]] = {
    "linux": {"__linux": "4.18", "__glibc": "2.28"},
    "osx": {"__osx": "13.0"},
    "win": {"__win": "10.0"},
}
_NO_DRIVER: Final = {"__cuda": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRequest(Slotted):
    """What is to be locked.

    Attributes:
        files: Environment files, by path or address.
        words: Specs beside them.
        format: What the files are, None where that is clear.
        platforms: Platforms to solve for; empty: those that the files name.
        default_platforms: Where the files name none; empty: the platform of the configuration.
        channels: Channels that go before those of the files.
        override_channels: Use ``channels`` alone.
    """

    files: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    format: str | None = None
    platforms: tuple[str, ...] = ()
    default_platforms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    override_channels: bool = False


def settings_for(settings: Settings, platform: str) -> Settings:
    """Return ``settings`` for a machine of ``platform`` that is not known yet."""
    known = {**_MACHINES.get(platform.partition("-")[0], {}), **_NO_DRIVER}
    return replace(
        settings,
        subdir=platform,
        subdirs=(platform, "noarch"),
        override_virtual_packages={**known, **settings.override_virtual_packages},
    )


def locked(
    request: LockRequest,
    settings: Settings,
    environ: Mapping[str, str],
    plugins: PluginSet,
    report: Reporter,
    cancel: CancelToken,
) -> LockedEnvironment:
    """Return what is to be installed on each platform for ``request``.

    Raises:
        AlreadyFixed: one of the files lists archives: there is nothing to solve.
        XcondaError: a file or a channel cannot be read, or a platform has no solution.
        Cancelled: somebody asked to stop.
    """
    read = partial(_wish, request, settings, environ, plugins, cancel)
    first = read(settings.subdir)
    platforms = request.platforms or first.platforms or request.default_platforms
    packages: dict[str, tuple[PackageRecord, ...]] = {}
    requested: dict[str, None] = {}
    channels: dict[str, None] = {}
    for notice in first.notices:
        report(Noticed("warning", notice))
    if first.pip is not None:
        text = f"{len(first.pip.lines)} lines for pip are not locked: only conda's packages are"
        report(Noticed("warning", text))
    for each in first.sections:
        text = f"{len(each.lines)} lines for {each.installer} are not locked"
        report(Noticed("warning", text))
    for platform in dict.fromkeys(platforms or (settings.subdir,)):
        report(Noticed("info", f"For {platform}:"))
        wish = first if platform == settings.subdir else read(platform)
        wiring = Wiring(settings_for(settings, platform), environ, plugins)
        change = _change(request, wish)
        packages[platform] = solve_for(change, settings, environ, platform, plugins, report, cancel)
        requested |= dict.fromkeys(str(MatchSpec.parse(spec)) for spec in wish.specs)
        names = wiring.chosen_channels(change.channels, change.override_channels)
        channels |= dict.fromkeys(str(channel) for channel in wiring.channels(names))
    return LockedEnvironment(
        channels=tuple(map(without_credentials, channels)),
        packages=packages,
        requested=tuple(requested),
        sources=request.files,
    )


def solve_for(
    change: ChangeRequest,
    settings: Settings,
    environ: Mapping[str, str],
    platform: str,
    plugins: PluginSet,
    report: Reporter,
    cancel: CancelToken,
) -> tuple[PackageRecord, ...]:
    """Return what an environment for ``platform`` would hold, dependencies first.

    Raises:
        XcondaError: a channel cannot be read, or there is no solution.
        Cancelled: somebody asked to stop.
    """
    mine = settings_for(settings, platform)
    wiring, empty = Wiring(mine, environ, plugins), EnvironmentState(prefix=change.prefix)
    try:
        found = solved(change, empty, mine, wiring, report, cancel).records
    except Cancelled:
        raise
    except XcondaError as error:
        error.what = f"For {platform}: {error.what}"  # one of several may be the one without
        raise
    return tuple(found[name] for name in link_order(found))


def _wish(
    request: LockRequest,
    settings: Settings,
    environ: Mapping[str, str],
    plugins: PluginSet,
    cancel: CancelToken,
    platform: str,
) -> FileWish:
    mine = settings_for(settings, platform)
    fetcher = Wiring(mine, environ, plugins).fetcher(cancel)
    words, files = request.words, request.files
    wish = read_wish(files, words, request.format, mine, environ, fetcher, cancel, plugins)
    if wish.records:
        raise AlreadyFixed(files)
    return wish


def _change(request: LockRequest, wish: FileWish) -> ChangeRequest:
    override = request.override_channels or wish.override_channels
    channels = (
        request.channels if request.override_channels else (*request.channels, *wish.channels)
    )
    return new_environment(wish.specs, channels, override_channels=override)


def new_environment(
    specs: Sequence[str], channels: Sequence[str], *, override_channels: bool
) -> ChangeRequest:
    """Return the wish for a new environment of ``specs``."""
    return ChangeRequest(
        verb="create",
        prefix=PurePath("/lock"),
        specs=tuple(specs),
        default_packages=False,
        channels=tuple(channels),
        override_channels=override_channels,
    )
