"""What plugins add to an engine, and an engine without any. Layer: engine.

Every command has one of these, so it knows no plugin and no hook: :mod:`plugin_roster` does, and is
loaded only where a plugin is installed (docs/decisions/0170-plugins.md).
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from xconda_core.config.definition import Definition
from xconda_core.values import Protocol

T = TypeVar("T")
R = TypeVar("R")


class Offer(Protocol, Generic[T]):
    """One thing that a plugin adds.

    Attributes:
        plugin: Name of the plugin.
        value: What it gave, a value of :mod:`xconda_core.plugins`.
    """

    plugin: str
    value: T

    def call(self, function: Callable[..., R], *given: object) -> R | None:
        """Return what ``function``, which is the plugin's, returns.

        None where it breaks, or broke earlier: then the plugin is named and switched off.

        Raises:
            XcondaError: the plugin raised it on purpose.
        """

    def demand(self, function: Callable[..., R], *given: object) -> R:
        """Return what ``function``, which is the plugin's, returns: nothing can stand in for it.

        Raises:
            PluginFailed: it broke.
            XcondaError: the plugin raised it on purpose.
        """

    def refuse(self, why: str) -> None:
        """Switch the plugin off, and say ``why``: the end of a sentence that it begins."""


class PluginSet:
    """The plugins of a process, under one configuration. This one has none."""

    __slots__ = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The settings that plugins declare."""
        return ()

    def offers(self, kind: type[T]) -> tuple[Offer[T], ...]:
        """Return what plugins add of ``kind``, a class of :mod:`xconda_core.plugins`."""
        del kind
        return ()

    def asked(self, kind: type[T], hook: str, **given: object) -> tuple[Offer[T], ...]:
        """Return what a hook gives that is called with ``given`` each time."""
        del kind, hook, given
        return ()

    def under(self, settings: Mapping[str, object]) -> "PluginSet":
        """Return the same plugins with other values of their settings."""
        del settings
        return self

    def __bool__(self) -> bool:
        """Whether there is any."""
        return False
