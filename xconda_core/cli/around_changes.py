"""What is said around a change in a notebook: hints of plugins, and news. Layer: cli."""

from collections.abc import Iterator
from contextlib import contextmanager

from xconda_core.cancel import CancelToken
from xconda_core.cli import plugin_commands
from xconda_core.cli.telling_news import newer_version, unread_notices
from xconda_core.engine.engine import Engine
from xconda_core.engine.job import PlansAndExecutes
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.result import TransactionResult


@contextmanager
def hinted(plugins: PluginSet) -> Iterator[None]:
    """Add to an error what plugins have to say of it.

    Raises:
        XcondaError: the block did, with the notes.
    """
    try:
        yield
    except XcondaError as error:
        for hint in plugin_commands.hints(plugins, error):
            if hint.text not in getattr(error, "__notes__", ()):
                error.add_note(hint.text)
        raise


class Hinting:
    """Plans and executes as another does; errors carry the hints of plugins."""

    def __init__(self, doer: PlansAndExecutes, plugins: PluginSet) -> None:
        self._doer, self._plugins = doer, plugins

    def plan(self, request: ChangeRequest, report: Reporter, cancel: CancelToken) -> Plan:
        """Plan.

        Raises:
            XcondaError: it cannot be.
        """
        with hinted(self._plugins):
            return self._doer.plan(request, report, cancel)

    def execute(self, plan: Plan, report: Reporter, cancel: CancelToken) -> TransactionResult:
        """Carry out.

        Raises:
            XcondaError: it cannot be.
        """
        with hinted(self._plugins):
            return self._doer.execute(plan, report, cancel)


class TellingNews:
    """Plans and executes as another does; then it tells what the channels have to say."""

    def __init__(self, doer: PlansAndExecutes, engine: Engine, request: ChangeRequest) -> None:
        self._doer, self._engine, self._request = doer, engine, request

    def plan(self, request: ChangeRequest, report: Reporter, cancel: CancelToken) -> Plan:
        """Plan.

        Raises:
            XcondaError: it cannot be.
        """
        return self._doer.plan(request, report, cancel)

    def execute(self, plan: Plan, report: Reporter, cancel: CancelToken) -> TransactionResult:
        """Carry out, and tell; whatever goes wrong with news breaks nothing.

        Raises:
            XcondaError: it cannot be carried out.
        """
        done = self._doer.execute(plan, report, cancel)
        lines = unread_notices(self._engine, self._request, cancel)
        told = "\n".join(line if isinstance(line, str) else line.text for line in lines)
        for text in (told, newer_version(self._engine)):
            if text:
                report(Noticed("info", text))
        return done
