"""Where plugins take part in the work of an engine; without plugins all of it is nothing.

Layer: engine. One of the places where a first-party import may stand inside a function: what
plugins need is loaded where there is one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from xconda_core.config.solver_names import OWN
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.models.channel import Channel
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.net.fetcher import Sign
from xconda_core.solver.problem import Solver


class PluginPorts:
    """What an engine asks of plugins while it works."""

    def __init__(self, plugins: PluginSet) -> None:
        """Ask nothing yet.

        Args:
            plugins: What plugins add.
        """
        self.plugins = plugins

    def facts(
        self, found: tuple[VirtualPackage, ...], overrides: Mapping[str, str]
    ) -> tuple[VirtualPackage, ...]:
        """Return the facts of this machine that were ``found``, and those of plugins.

        Raises:
            InvalidOverride: an override is no value that the package can have.
        """
        if not self.plugins:
            return found
        from xconda_core.engine.plugin_solving import with_facts

        return with_facts(found, self.plugins, overrides)

    def look_at_request(
        self, texts: Iterable[str], read: Callable[[str], MatchSpec], *, removes: bool
    ) -> None:
        """Show plugins what is asked for, or to be removed.

        Raises:
            XcondaError: a plugin does not want it.
        """
        if not self.plugins:
            return
        from xconda_core.engine.plugin_solving import look_at_request

        specs = [read(text) for text in texts]
        look_at_request(self.plugins, *(([], specs) if removes else (specs, [])))

    def look_at_answer(
        self,
        repodata_fn: str,
        unlink: Iterable[PackageRecord],
        link: Iterable[PackageRecord],
    ) -> None:
        """Show plugins what would go and what would come, and the list that it was chosen from.

        Raises:
            XcondaError: a plugin does not want it.
        """
        if not self.plugins:
            return
        from xconda_core.engine.plugin_solving import look_at_answer

        look_at_answer(self.plugins, repodata_fn, unlink, link)

    def solver(self, name: str) -> Solver | None:
        """Return the solver ``name`` where a plugin offers it."""
        if not self.plugins or name in OWN:
            return None
        from xconda_core.engine.plugin_solving import find_solver

        return find_solver(self.plugins, name)

    def headers(self) -> Callable[[str, str], Mapping[str, str]] | None:
        """Return what says which headers a request to a host, for a path, has besides."""
        if not self.plugins:
            return None
        from xconda_core.engine.plugin_headers import PluginHeaders

        return PluginHeaders(self.plugins)

    def found_besides(self, state: EnvironmentState) -> tuple[PackageRecord, ...]:
        """Return what plugins find in an environment that neither conda nor pip installed.

        Raises:
            XcondaError: a plugin raised it on purpose.
        """
        if not self.plugins:
            return ()
        from xconda_core.engine.plugin_loading import found_besides

        found = found_besides(self.plugins, state)
        return tuple(record for records in found.values() for record in records)

    def logins(
        self,
        chosen: Sequence[tuple[str, str]],
        channels: Callable[[Sequence[str]], Sequence[Channel]],
    ) -> Callable[[str], Sign | None] | None:
        """Return what says which login of a plugin an address has; None where none has one.

        Args:
            chosen: Channel, or pattern of addresses, and the name of a login; later ones win.
            channels: What names of channels mean.
        """
        if not self.plugins or not chosen:
            return None
        from xconda_core.engine.plugin_logins import PluginLogins

        return PluginLogins(self.plugins, chosen, channels)

    def strange_logins(self, chosen: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Return what is to be said about logins that are chosen and that nobody offers."""
        names: frozenset[str] = frozenset()
        if self.plugins and chosen:
            from xconda_core.engine.plugin_logins import login_names

            names = login_names(self.plugins)
        return tuple(
            f"no plugin offers the login {name}, so {channel} is asked without it"
            for channel, name in chosen
            if name not in names
        )

    def archive_endings(self) -> tuple[str, ...]:
        """Return the ends of names of archives that plugins unpack."""
        return tuple(self.extractors())

    def extractors(self) -> Mapping[str, Callable[[Path, Path], None]]:
        """Return what unpacks archives, by the ends of their names."""
        if not self.plugins:
            return {}
        from xconda_core.engine.plugin_extractors import extractors

        return extractors(self.plugins)
