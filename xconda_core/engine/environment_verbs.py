"""What an engine does with one environment and no solver: read, tell its history.

Layer: engine. One of the places where a first-party import may stand inside a function: what only
one verb needs is loaded when that verb is first used.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.history import Revision
from xconda_core.environment.places import NotAnEnvironment, Root, is_environment
from xconda_core.environment.prefix import read_existing_state, read_history
from xconda_core.errors import Json
from xconda_core.events import Noticed, Reporter, silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.transaction.unsettled import LOCK_WAIT_SECONDS, is_unsettled


class EnvironmentVerbs:
    """Opens environments for those who look at them.

    Attributes:
        settings: The configuration it obeys.
        root: The base environment, and why it is where it is.
        environ: The process's environment variables.
        wiring: Its ports to the outside.
        plugins: What plugins add.
    """

    def __init__(
        self,
        settings: Settings,
        root: Root,
        environ: Mapping[str, str],
        wiring: Wiring | None = None,
        plugins: PluginSet | None = None,
    ) -> None:
        """Keep the values; nothing is read or opened yet.

        Args:
            settings: The configuration to obey.
            root: The base environment.
            environ: The process's environment variables.
            wiring: Ports to the outside; the real ones unless given.
            plugins: What plugins add; nothing unless given.
        """
        self.settings = settings
        self.root = root
        self.environ = environ
        self.plugins = plugins or PluginSet()
        self.wiring = wiring or Wiring(settings, environ, self.plugins)

    def require(self, prefix: Path, report: Reporter = silent) -> None:
        """Return if there is an environment at ``prefix``; what a crash left in it is settled.

        Raises:
            NotAnEnvironment: there is none.
        """
        settle(prefix, self.environ, report)
        if not is_environment(prefix):
            raise NotAnEnvironment(prefix)

    def state(self, prefix: Path, report: Reporter = silent) -> EnvironmentState:
        """Return what the environment at ``prefix`` holds; what a crash left in it is settled.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        settle(prefix, self.environ, report)
        return read_existing_state(prefix)

    def packages(
        self, prefix: Path, texts: Sequence[str] = (), report: Reporter = silent
    ) -> list[Json]:
        """Return what notebooks show of an environment's packages, in name order.

        Args:
            prefix: The environment; what a crash left in it is settled.
            texts: Only of packages with one of them in their names; none: of all.
            report: Told of what was settled.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        from xconda_core.engine.listing import package_documents

        state = self.state(prefix, report)
        return package_documents(state, texts, self.wiring.plugins.found_besides(state))

    def history(self, prefix: Path, report: Reporter = silent) -> tuple[Revision, ...]:
        """Return the revisions of the environment at ``prefix``, the first one first.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        self.require(prefix, report)
        return read_history(prefix)

    def conda_facts(self) -> dict[str, Json]:
        """Return what ``conda info --json`` tells besides ``facts``, for programs that read it."""
        from xconda_core.engine.conda_facts import conda_facts

        return conda_facts(self.settings, self.environ)


def settle(
    prefix: Path,
    environ: Mapping[str, str],
    report: Reporter,
    waiting: CancelToken | None = None,
) -> None:
    """Finish or undo what a killed transaction left in ``prefix``, and say so.

    ``waiting``: one that still runs, in another process, is waited for, unless that is cancelled.
    """
    if not is_unsettled(prefix):
        return
    from xconda_core.transaction.recover import recover, wait_for_others
    from xconda_core.transaction.shortcuts import bring_shortcuts

    found = recover(prefix)
    if found:
        report(Noticed("warning", str(found)))
        if found.action == "finished":
            bring_shortcuts(prefix, environ, report)
    elif waiting is not None and is_unsettled(prefix):
        wait_for_others(prefix, report, waiting, LOCK_WAIT_SECONDS)
