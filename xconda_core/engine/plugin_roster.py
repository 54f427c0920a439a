"""Plugins loaded with pluggy, each on its own: one that breaks is named and switched off.

Layer: engine. Imported only where a plugin is installed.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import partial
from importlib import import_module
from typing import Any, ClassVar, Final, Generic, TypeVar, cast

from pluggy import HookImpl, PluginManager, PluginValidationError

from xconda_core import plugins
from xconda_core.config.definition import Definition
from xconda_core.config.redaction import redacted
from xconda_core.config.value_types import ValueType
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.errors import XcondaError
from xconda_core.models.nearest import nearest_words
from xconda_core.plugins.hookspecs import GROUP, Hooks
from xconda_core.system.entry_points import FoundPlugin

T = TypeVar("T")
R = TypeVar("R")
_log: Final = logging.getLogger(__name__)
_PREFIX: Final = f"{GROUP}_"
_ON_THE_WAY: Final = frozenset({"importlib", "pluggy", "xconda_core"})  # to a plugin's own lines

HOOKS: Final[Mapping[type, str]] = {
    plugins.PluginSolver: "xconda_solvers",
    plugins.PluginSubcommand: "xconda_subcommands",
    plugins.PluginVirtualPackage: "xconda_virtual_packages",
    plugins.PluginPreCommand: "xconda_pre_commands",
    plugins.PluginPostCommand: "xconda_post_commands",
    plugins.PluginPreSolve: "xconda_pre_solves",
    plugins.PluginPostSolve: "xconda_post_solves",
    plugins.PluginPreTransactionAction: "xconda_pre_transaction_actions",
    plugins.PluginPostTransactionAction: "xconda_post_transaction_actions",
    plugins.PluginAuth: "xconda_auth_handlers",
    plugins.PluginSetting: "xconda_settings",
    plugins.PluginReporterBackend: "xconda_reporter_backends",
    plugins.PluginHealthCheck: "xconda_health_checks",
    plugins.PluginPrefixDataLoader: "xconda_prefix_data_loaders",
    plugins.PluginEnvironmentSpecifier: "xconda_environment_specifiers",
    plugins.PluginEnvironmentExporter: "xconda_environment_exporters",
    plugins.PluginSectionInstaller: "xconda_section_installers",
    plugins.PluginPackageExtractor: "xconda_package_extractors",
    plugins.PluginExceptionObserver: "xconda_exception_observers",
}


def _told(error: BaseException) -> str:
    """Return what broke, and in which line of whose file, for the author of a plugin."""
    text = " ".join(f"{type(error).__name__}: {error}".rstrip(": ").split())
    place, step = "", error.__traceback__
    while step is not None:
        if step.tb_frame.f_globals.get("__name__", "").partition(".")[0] not in _ON_THE_WAY:
            file = step.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
            place = f", in {file}, line {step.tb_lineno}"
        step = step.tb_next
    return redacted(text + place)


class PluginFailed(XcondaError):
    """A plugin broke while it did what nothing else can do in its place."""

    code: ClassVar[str] = "plugin-failed"

    def __init__(self, plugin: str, error: Exception) -> None:
        super().__init__(plugin, error)
        self.plugin, self.kind = plugin, type(error).__name__
        self.what = f"The plugin {plugin} broke."
        self.why = f"{_told(error)}."
        self.fix = f"tell the authors of {plugin}, or do without: --no-plugins."


class PluginRefused(XcondaError):
    """A plugin does not want what was asked, and says why in a few words only."""

    code: ClassVar[str] = "plugin-refused"

    def __init__(self, plugin: str, words: str) -> None:
        super().__init__(plugin, words)
        self.plugin = plugin
        self.what = f"The plugin {plugin} does not want this."
        self.why = redacted(words) or "it does not say why."
        self.fix = "`xconda plugins list` shows what the plugin is; --no-plugins does without."


class Roster:
    """The plugins of a process, and which of them are switched off.

    Attributes:
        found: The plugins, in name order.
        faults: Name of a plugin that is off to why, as a sentence.
    """

    def __init__(self, found: Sequence[FoundPlugin], warn: Callable[[str], None]) -> None:
        """Load what was found.

        Args:
            found: Plugins of our group.
            warn: Told of those that break.
        """
        self.found = tuple(found)
        self.faults: dict[str, str] = {}
        self._warn = warn
        self._pluggy = PluginManager(GROUP)
        self._pluggy.add_hookspecs(Hooks)
        for each in found:
            self._load(each)
        self._name_strangers()

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """Return the hooks that a plugin implements, in alphabetical order."""
        plugin = self._pluggy.get_plugin(name)
        callers = (self._pluggy.get_hookcallers(plugin) or []) if plugin is not None else []
        return tuple(sorted(caller.name for caller in callers))

    def switch_off(self, name: str, why: str) -> None:
        """Let a plugin count no more, and say why: ``why`` ends the sentence."""
        if name not in self.faults:
            self.faults[name] = f"the plugin {name} {why}"
            self._warn(f"{self.faults[name]}; it is switched off")

    def attempt(self, name: str, function: Callable[[], R], otherwise: R) -> R:
        """Return what ``function``, the plugin's, returns; what it prints goes to standard error.

        Where it breaks, the plugin is switched off, and ``otherwise`` is returned.

        Raises:
            XcondaError: the plugin raised it on purpose.
        """
        try:
            with redirect_stdout(sys.stderr):
                return function()
        except XcondaError as error:
            raise _in_three_parts(name, error) from error.__cause__
        except (Exception, SystemExit) as error:
            _log.info("the plugin %s broke", name, exc_info=True)
            self.switch_off(name, f"broke ({_told(error)})")
            return otherwise

    def call_hook(self, kind: type[T], hook: str, given: Mapping[str, object]) -> list[Offer[T]]:
        """Return what the plugins give that implement ``hook``, checked."""
        offers: list[Offer[T]] = []
        for each in getattr(self._pluggy.hook, hook).get_hookimpls():
            name = each.plugin_name
            if name not in self.faults:
                none: list[T] = []
                values = self.attempt(name, partial(_values, each, kind, hook, given), none)
                offers += [PluginOffer(self, name, value) for value in values]
        return offers

    def _load(self, found: FoundPlugin) -> None:
        name = found.name
        if name != name.lower():
            self.switch_off(name, "has a name that is not lower-case")
            return
        other = next((each for each in self.found if each.name == name), found)
        if other is not found:
            text = f"{other.place.name} and {found.place.name} both have a plugin {name}"
            self._warn(f"{text}: the second one does not count")
            return
        self.attempt(name, partial(self._register, found), None)

    def _register(self, found: FoundPlugin) -> None:
        module, _, path = found.target.partition(":")
        plugin: Any = import_module(module)
        for part in path.split(".") if path else ():
            plugin = getattr(plugin, part)
        try:
            self._pluggy.register(plugin, found.name)
        except (PluginValidationError, ValueError):
            self._pluggy.unregister(name=found.name)
            raise
        if any(each.wrapper or each.hookwrapper for each in self._implementations(plugin)):
            raise TypeError("wrappers of hooks are not supported")

    def _implementations(self, plugin: object) -> Iterator[HookImpl]:
        for caller in self._pluggy.get_hookcallers(plugin) or ():
            yield from (each for each in caller.get_hookimpls() if each.plugin is plugin)

    def _name_strangers(self) -> None:
        """Say which functions are marked as hooks that there are not: a slip, or a newer xconda."""
        known = [name for name in dir(Hooks) if name.startswith(_PREFIX)]
        for each in self.found:
            strange = [hook for hook in self.hooks_of(each.name) if hook not in known]
            for hook in strange:
                near = nearest_words(hook, known, count=1, cutoff=0.6)
                hint = f"; did its author mean {near[0]}?" if near else ""
                self._warn(f"the plugin {each.name} has {hook}, which is no hook{hint}")


def _in_three_parts(plugin: str, error: XcondaError) -> XcondaError:
    """Return ``error``, or where its author left words out, one that has them all."""
    if all(isinstance(getattr(error, name, None), str) for name in ("what", "why", "fix")):
        return error
    return PluginRefused(plugin, " ".join(map(str, error.args)))


def _values(
    implementation: HookImpl, kind: type[T], hook: str, given: Mapping[str, object]
) -> list[T]:
    """Return what one plugin gives; one wrong value, and none counts."""
    words = [given[name] for name in implementation.argnames]
    values: list[T] = []
    for value in cast("Iterable[object] | None", implementation.function(*words)) or ():
        if not isinstance(value, kind):
            text = f"{hook} gave a {type(value).__name__}, which is no {kind.__name__}"
            raise TypeError(text)
        values.append(value)
    return values


class PluginOffer(Generic[T]):
    """One thing that a plugin adds."""

    __slots__ = ("_roster", "plugin", "value")

    def __init__(self, roster: Roster, plugin: str, value: T) -> None:
        self._roster = roster
        self.plugin = plugin
        self.value = value

    def call(self, function: Callable[..., R], *given: object) -> R | None:
        """Return what ``function`` returns, None where it breaks or its plugin is off."""
        if self.plugin in self._roster.faults:
            return None
        return self._roster.attempt(self.plugin, partial(function, *given), None)

    def demand(self, function: Callable[..., R], *given: object) -> R:
        """Return what ``function`` returns.

        Raises:
            PluginFailed: it broke.
        """
        try:
            return function(*given)
        except BrokenPipeError:
            raise
        except XcondaError as error:
            raise _in_three_parts(self.plugin, error) from error.__cause__
        except Exception as error:
            _log.info("the plugin %s broke", self.plugin, exc_info=True)
            raise PluginFailed(self.plugin, error) from error

    def refuse(self, why: str) -> None:
        """Switch the plugin off."""
        self._roster.switch_off(self.plugin, why)


class LoadedPlugins(PluginSet):
    """Plugins that are there, under one configuration."""

    __slots__ = ("_definitions", "_offers", "_settings", "roster")

    def __init__(
        self,
        roster: Roster,
        settings: Mapping[str, object] | None = None,
        definitions: tuple[Definition, ...] | None = None,
    ) -> None:
        """Ask nothing yet but for settings.

        Args:
            roster: The plugins.
            settings: The values of their settings.
            definitions: Their settings, where they were asked before.
        """
        self.roster = roster
        self._settings = dict(settings or {})
        self._offers: dict[type, tuple[Offer[Any], ...]] = {}
        self._definitions = _definitions(self) if definitions is None else definitions

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The settings that plugins declare, named ``plugins.NAME``."""
        return self._definitions

    @property
    def defaults(self) -> dict[str, object]:
        """The settings' values where nobody says anything."""
        named = ((each.name.partition(".")[2], each) for each in self._definitions)
        return {name: each.default for name, each in named}

    def offers(self, kind: type[T]) -> tuple[Offer[T], ...]:
        """Return what plugins add of ``kind``: of two with one name, the first; both are named."""
        if kind not in self._offers:
            given = {"settings": self._settings}
            self._offers[kind] = _unique(self.roster.call_hook(kind, HOOKS[kind], given))
        known = cast("tuple[Offer[T], ...]", self._offers[kind])
        return tuple(each for each in known if each.plugin not in self.roster.faults)

    def asked(self, kind: type[T], hook: str, **given: object) -> tuple[Offer[T], ...]:
        """Return what ``hook`` gives when it is called with ``given`` now."""
        return tuple(self.roster.call_hook(kind, hook, {**given, "settings": self._settings}))

    def under(self, settings: Mapping[str, object]) -> "LoadedPlugins":
        """Return the same plugins with other values of their settings."""
        if settings == self._settings:
            return self
        return LoadedPlugins(self.roster, settings, self._definitions)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return True


def load_plugins(found: Sequence[FoundPlugin], warn: Callable[[str], None]) -> LoadedPlugins:
    """Import the plugins that were ``found``.

    Args:
        found: Plugins of our group.
        warn: Told of those that break, in a sentence.
    """
    return LoadedPlugins(Roster(found, warn))


def _unique(offers: Iterable[Offer[Any]]) -> tuple[Offer[Any], ...]:
    """Return ``offers`` without those of plugins that take a name which is taken."""
    taken: dict[str, Offer[Any]] = {}
    kept: list[Offer[Any]] = []
    for each in offers:
        names = (each.value.name, *getattr(each.value, "aliases", ()))
        name = next((name for name in names if name in taken), None)
        if name is not None:
            other = taken[name]
            kind = type(each.value).__name__
            each.refuse(f"has a {kind} called {name}, as the plugin {other.plugin} has")
            continue
        taken |= dict.fromkeys(names, each)
        kept.append(each)
    return tuple(kept)


def _definitions(loaded: LoadedPlugins) -> tuple[Definition, ...]:
    """Return the settings that plugins declare, as the configuration reads settings."""
    found = []
    for offer in loaded.offers(plugins.PluginSetting):
        value = offer.value
        names = (value.name, *value.aliases)
        if not all(name.replace("_", "").isalnum() for name in names):
            offer.refuse(f"has a setting {value.name}, which is no name for one")
        elif not _is_typed(value.type) or value.shape not in {"one", "list", "map"}:
            offer.refuse(f"has a setting {value.name} of no type that there is")
        else:
            found.append(
                Definition(
                    f"plugins.{value.name}",
                    value.type,
                    value.default,
                    value.description,
                    value.shape,
                    tuple(f"plugins.{alias}" for alias in value.aliases),
                )
            )
    return tuple(found)


def _is_typed(given: object) -> bool:
    """Whether a plugin's author, whom no type checker held, gave a type of values."""
    return isinstance(given, ValueType)
