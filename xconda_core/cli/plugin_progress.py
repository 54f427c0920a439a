"""Progress and questions as a plugin puts them; where it breaks, xconda's own. Layer: cli.

Imported only where a plugin's view was chosen.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Final, TextIO, TypeVar

from xconda_core import plugins
from xconda_core.cli.plain_progress import PlainProgress
from xconda_core.cli.progress import STYLES, Progress
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.errors import XcondaError
from xconda_core.events import Event

R = TypeVar("R")
_Offer = Offer[plugins.PluginReporterBackend]
_VERBS: Final = ("report", "paused", "close")


def view_maker(installed: PluginSet, name: str) -> Callable[[TextIO], Progress] | None:
    """Return what makes the view ``name`` of a plugin; None where none offers it."""
    for offer in _backends(installed):
        if offer.value.name == name:
            return lambda stream: PluginProgress(offer, stream)
    return None


def question_maker(installed: PluginSet, name: str) -> Callable[[str, bool], bool | None] | None:
    """Return what asks in place of xconda where the view is ``name``; None where xconda asks.

    What it returns takes a question and its default answer, and answers None where it broke.
    """
    for offer in _backends(installed):
        ask = offer.value.ask
        if offer.value.name == name and ask is not None:
            return lambda question, default: offer.call(_decided, ask, question, default)
    return None


def view_names(installed: PluginSet) -> tuple[str, ...]:
    """Return the names of the views that plugins offer."""
    return tuple(offer.value.name for offer in _backends(installed))


def _backends(installed: PluginSet) -> Iterator[_Offer]:
    for offer in installed.offers(plugins.PluginReporterBackend):
        if offer.value.name in (*STYLES, "json"):
            offer.refuse(f"has a way to show progress {offer.value.name}, which xconda has")
        else:
            yield offer


class PluginProgress:
    """A plugin's view, told events by one thread at a time."""

    def __init__(self, offer: _Offer, stream: TextIO) -> None:
        """Make the view.

        Args:
            offer: The plugin's.
            stream: Where it is shown.
        """
        self._offer, self._stream = offer, stream
        self._lock = Lock()
        self._plain: PlainProgress | None = None
        self._view = self._asked(_made, offer.value.renderer, stream)

    def report(self, event: Event) -> None:
        """Hand one event on."""
        with self._lock:
            if self._view is not None:
                self._asked(_done, self._view.report, event)
            if self._plain is not None:
                self._plain.report(event)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Have the plugin leave the terminal to others while the block runs."""
        inner: AbstractContextManager[None] | None = None
        with self._lock:
            if self._view is not None:
                inner = self._asked(_entered, self._view.paused)
        try:
            yield
        finally:
            if inner is not None:
                with self._lock:
                    self._asked(_done, inner.__exit__, None, None, None)

    def close(self) -> None:
        """Have the plugin show a last time."""
        with self._lock:
            if self._view is not None:
                self._asked(_done, self._view.close)

    def _asked(self, function: Callable[..., R], *given: object) -> R | None:
        """Return what ``function`` returns; where it breaks, None, and the plain view goes on."""
        answer: R | None = None
        try:
            answer = self._offer.call(function, *given)
        except XcondaError as error:  # on purpose or not: progress is no place for it
            self._offer.refuse(f"broke while it showed progress ({error.what})")
        if answer is None:
            self._view, self._plain = None, PlainProgress(self._stream)
        return answer


def _made(renderer: Callable[[TextIO], plugins.ProgressView], stream: TextIO) -> Progress:
    view = renderer(stream)
    missing = [name for name in _VERBS if not callable(getattr(view, name, None))]
    if missing:
        raise TypeError(f"its view has no {', no '.join(missing)}")
    return view


def _decided(ask: Callable[[str, bool], bool], question: str, default: bool) -> bool:
    answer: object = ask(question, default)
    if not isinstance(answer, bool):
        raise TypeError(f"it answered a question with {answer!r}, neither True nor False")
    return answer


def _done(function: Callable[..., object], *given: object) -> bool:
    function(*given)
    return True


def _entered(pause: Callable[[], AbstractContextManager[None]]) -> AbstractContextManager[None]:
    context = pause()
    context.__enter__()
    return context
