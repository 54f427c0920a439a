"""What an environment holds, gathered for a file that makes it again. Layer: engine."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.engine import Engine
from xconda_core.engine.listing import channels_of
from xconda_core.engine.locking import new_environment, solve_for
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.plugin_work import export_of_plugin, exporter_names, sections_found
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.formats.described import LockedEnvironment
from xconda_core.environment.formats.exports import (
    FILE_NAMES,
    FORMATS,
    EnvironmentContents,
    Export,
    ExportFormat,
    export_text,
)
from xconda_core.environment.variables import read_variables
from xconda_core.events import Reporter
from xconda_core.models.channel_url import without_credentials
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.link_order import link_order
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest(Slotted):
    """What is to be written down of an environment.

    Attributes:
        prefix: Where it is.
        platforms: Platforms to write down; empty: its own.
        channels: Channels that go before those that its packages came from.
        override_channels: Name ``channels`` alone.
        ignore_channels: Name the configured channels, not those that the packages came from.
    """

    prefix: Path
    platforms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    override_channels: bool = False
    ignore_channels: bool = False


def contents(
    request: ExportRequest, engine: Engine, report: Reporter, cancel: CancelToken
) -> EnvironmentContents:
    """Return what an environment holds; for other platforms what it would hold there.

    Raises:
        NotAnEnvironment, PrefixDamaged: the environment cannot be read.
        XcondaError: a channel cannot be read, or another platform has no solution.
        Cancelled: somebody asked to stop.
    """
    state = engine.state(request.prefix, report)
    settings, environ, wiring = engine.settings, engine.environ, engine.wiring
    installed = {name: each.record for name, each in state.installed.items()}
    names = _channel_names(installed.values(), wiring)
    channels = _channels(request, names, settings, wiring)
    own = settings.subdir
    records: dict[str, tuple[PackageRecord, ...]] = {}
    for platform in dict.fromkeys(request.platforms or (own,)):
        if platform == own:
            records[own] = tuple(installed[name] for name in link_order(installed))
            continue
        specs = state.requested.values() or installed
        change = new_environment(tuple(specs), channels, override_channels=True)
        records[platform] = solve_for(
            change, settings, environ, platform, engine.plugins, report, cancel
        )
        names |= _channel_names(records[platform], wiring)
    return EnvironmentContents(
        name=_name(request.prefix, settings),
        prefix=str(request.prefix),
        channels=channels,
        requested=tuple(state.requested.values()),
        records=records,
        channel_names=names,
        pip=tuple(f"{each.project}=={each.version}" for each in state.python_packages.values()),
        sections=sections_found(engine.plugins, state),
        variables=read_variables(request.prefix),
    )


def locked_contents(found: EnvironmentContents) -> LockedEnvironment:
    """Return ``found`` as a lock file holds it."""
    return LockedEnvironment(
        channels=found.channels, packages=found.records, requested=found.requested
    )


def _channel_names(records: Iterable[PackageRecord], wiring: Wiring) -> dict[str, str]:
    """Return the channels of ``records``, by address, to what the configuration calls them."""
    channels = channels_of(records, wiring)
    return {address: without_credentials(str(each)) for address, each in channels.items()}


def _channels(
    request: ExportRequest, used: Mapping[str, str], settings: Settings, wiring: Wiring
) -> tuple[str, ...]:
    """Return the channels in the order in which a solver has to look into them again.

    One that is not configured was given when something was installed, before the configured ones.
    """
    if request.override_channels:
        return tuple(map(without_credentials, request.channels))
    found = (each for name in settings.channels for each in wiring.channels((name,)))
    configured = dict.fromkeys(without_credentials(str(each)) for each in found)
    called = () if request.ignore_channels else used.values()
    given = (name for name in called if name not in configured)
    mine = map(without_credentials, request.channels)
    return tuple(dict.fromkeys((*mine, *given, *configured)))


def _name(prefix: Path, settings: Settings) -> str | None:
    if prefix == settings.root_prefix:
        return "base"
    return prefix.name if prefix.parent in settings.envs_dirs else None


def chosen_format(
    word: str | None, file_name: str | None, plugins: PluginSet
) -> tuple[str, Export] | None:
    """Return the format that is meant, and what writes it; None where nothing tells.

    Args:
        word: What it is called, None: the name of the file tells.
        file_name: That name.
        plugins: Have formats of their own.
    """
    own = FORMATS.get(word) if word is not None else _format_by_name(file_name or "")
    told = export_of_plugin(plugins, word, file_name)
    if told is not None and (own is None or word is None):
        return told
    return None if own is None else (own, lambda found, rules: export_text(found, own, rules))


def known_formats(plugins: PluginSet) -> tuple[str, ...]:
    """Return the names of all formats, those of plugins last."""
    return (*FORMATS, *exporter_names(plugins))


def _format_by_name(file_name: str) -> ExportFormat | None:
    found = FILE_NAMES.get(file_name)
    if found is None and file_name.endswith((".yml", ".yaml")):
        return "conda-lock" if "conda-lock" in file_name else "environment-yaml"
    if found is None and file_name.endswith(".json"):
        return "environment-json"
    return found
