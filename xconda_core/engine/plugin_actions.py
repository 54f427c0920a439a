"""What plugins do within a transaction, before and after the packages. Layer: engine.

Imported only where a plugin has such an action; see docs/decisions/0173-plugins-in-transactions.md.
"""

import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from pathlib import Path, PurePath, PurePosixPath
from typing import Final

from xconda_core import plugins
from xconda_core.cancel import CancelToken
from xconda_core.config.redaction import redacted
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.events import Noticed, Reporter
from xconda_core.transaction.companions import Companions, Writer
from xconda_core.transaction.plan import Plan
from xconda_core.values import Slotted, dataclass, field

_Offer = Offer[plugins.PluginPreTransactionAction] | Offer[plugins.PluginPostTransactionAction]
_VERBS: Final = ("verify", "execute", "reverse", "cleanup")
_log: Final = logging.getLogger(__name__)


class _Files:
    """What one action wants to be written; nothing is, until it has ended well."""

    def __init__(self, prefix: PurePath) -> None:
        self._prefix = prefix
        self.wanted: dict[str, bytes] = {}

    def write(self, path: str, content: bytes) -> None:
        """Note one file.

        Raises:
            ValueError: it is none of the environment, or one of xconda's own.
        """
        pure = PurePosixPath(path)
        if pure.is_absolute() or not pure.parts or ".." in pure.parts or "\0" in path:
            raise ValueError(f"{path!r} is no path in the environment")
        if pure.parts[0] == "conda-meta":
            raise ValueError(f"{path!r} is among what only xconda writes")
        folder = Path(self._prefix, pure.parent)
        if not folder.resolve().is_relative_to(Path(self._prefix).resolve()):
            raise ValueError(f"{path!r} leads out of the environment by a link")
        self.wanted[str(pure)] = bytes(content)


@dataclass(slots=True)
class _Step(Slotted):
    """One action of one plugin, made for one plan."""

    offer: _Offer
    action: plugins.TransactionAction
    prefix: PurePath
    report: Reporter
    has_begun: bool = False

    def verify(self) -> None:
        self.offer.call(self.action.verify)

    def execute(self, writer: Writer) -> None:
        """Do it; where it breaks, what it did is taken back, and the change goes on without it."""
        files = self.offer.call(self._executed)
        if files is None:
            self.reverse()
            return
        for path, content in files.wanted.items():
            writer.write(path, content)

    def _executed(self) -> _Files:
        self.has_begun = True
        files = _Files(self.prefix)
        self.action.execute(files)
        return files

    def reverse(self) -> None:
        self._at_last(self.action.reverse, "could not take back what it did")

    def cleanup(self) -> None:
        self._at_last(self.action.cleanup, "could not clear up")

    def _at_last(self, function: Callable[[], None], failure: str) -> None:
        """Call what ends it, once and if it was begun, also where its plugin is off by now."""
        if not self.has_begun:
            return
        self.has_begun = False
        try:
            with redirect_stdout(sys.stderr):
                function()
        except (Exception, SystemExit) as error:
            _log.info("the plugin %s %s", self.offer.plugin, failure, exc_info=True)
            why = redacted(f"{type(error).__name__}: {error}".rstrip(": "))
            self.report(Noticed("warning", f"the plugin {self.offer.plugin} {failure} ({why})"))


@dataclass(slots=True)
class PluginCompanions(Slotted):
    """The actions of all plugins, in one transaction."""

    first: tuple[_Step, ...]
    last: tuple[_Step, ...]
    cancel: CancelToken
    begun: list[_Step] = field(default_factory=list)

    def verify(self) -> None:
        """Ask all of them whether they can."""
        for step in (*self.first, *self.last):
            step.verify()

    def before(self, writer: Writer) -> None:
        """Do what comes before the packages."""
        self._do(self.first, writer)

    def after(self, writer: Writer) -> None:
        """Do what comes after them."""
        self._do(self.last, writer)

    def reverse(self) -> None:
        """Take back what was begun, the last of it first."""
        for step in reversed(self.begun):
            step.reverse()

    def cleanup(self) -> None:
        """Clear up."""
        for step in self.begun:
            step.cleanup()

    def _do(self, steps: Iterable[_Step], writer: Writer) -> None:
        for step in steps:
            self.cancel.check()
            self.begun.append(step)
            step.execute(writer)


def companions(
    installed: PluginSet, plan: Plan, report: Reporter, cancel: CancelToken
) -> Companions | None:
    """Return what plugins do while ``plan`` is carried out; None where they do nothing.

    Raises:
        XcondaError: a plugin does not want it.
    """

    def steps(offers: Iterable[_Offer]) -> tuple[_Step, ...]:
        made = ((offer, offer.call(_made, offer.value.action, plan)) for offer in offers)
        return tuple(_Step(offer, action, plan.prefix, report) for offer, action in made if action)

    first = steps(installed.offers(plugins.PluginPreTransactionAction))
    last = steps(installed.offers(plugins.PluginPostTransactionAction))
    return PluginCompanions(first, last, cancel) if first or last else None


def _made(
    make: Callable[[Plan], plugins.TransactionAction], plan: Plan
) -> plugins.TransactionAction:
    action = make(plan)
    missing = [name for name in _VERBS if not callable(getattr(action, name, None))]
    if missing:
        raise TypeError(f"its action has no {', no '.join(missing)}")
    return action
