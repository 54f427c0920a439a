"""``%xconda switch``: what a change of environment would lose, and the way to the new kernel."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, Dict, List, Mapping, Optional, Tuple

from xconda_jupyter.kernel.engine_commands import did_you_mean
from xconda_jupyter.kernel.environments import Environments
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.jupyter_session import NoAnswer, Session, session_of
from xconda_jupyter.kernel.screen import can_redraw, show, show_redrawable
from xconda_jupyter.kernel.tables import Table, count_words, size_words

_SECONDS_TO_END_THE_CELL = 0.5
_OF_THE_KERNEL = ("ipykernel", "IPython", "zmq", "tornado", "jupyter_client", "debugpy", "_pydevd")
_SHOWN = 30


@dataclass(frozen=True)
class State:
    """What ends with a kernel.

    Attributes:
        variables: Name, type and size in bytes (None: not known) of each variable, largest first.
        definitions: Names of functions and classes that cells defined.
        threads: Names of threads that the notebook started and that run.
    """

    variables: Tuple[Tuple[str, str, Optional[int]], ...] = ()
    definitions: Tuple[str, ...] = ()
    threads: Tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.variables or self.definitions or self.threads)


def state_of(variables: Mapping[str, Any], hidden: Mapping[str, Any]) -> State:
    """Return what would be lost of a notebook's kernel. Imports are not: they are run again.

    Args:
        variables: The notebook's names.
        hidden: Those that IPython put there itself.
    """
    kept: List[Tuple[str, str, Optional[int]]] = []
    definitions = []
    for name, value in list(variables.items()):
        if name.startswith("_") or name in hidden or isinstance(value, ModuleType):
            continue
        if not isinstance(value, (FunctionType, type)):
            kept.append((name, type(value).__name__, size_of(value)))
        elif value.__module__ == "__main__":
            definitions.append(name)
    kept.sort(key=lambda each: (-(each[2] or 0), each[0]))
    return State(tuple(kept), tuple(sorted(definitions)), tuple(_threads()))


def size_of(value: Any) -> Optional[int]:
    """Return about how many bytes a value takes; of containers without what is in them."""
    try:
        if isinstance(getattr(value, "nbytes", None), int):
            return int(value.nbytes)
        usage = getattr(value, "memory_usage", None)
        if callable(usage):
            found = usage()
            return int(found.sum() if hasattr(found, "sum") else found)
        return sys.getsizeof(value)
    except Exception:
        return None


def _threads() -> List[str]:
    found = []
    for thread in threading.enumerate():
        target = getattr(thread, "_target", None)
        homes = (type(thread).__module__, str(getattr(target, "__module__", "")))
        is_own = any(home.startswith(_OF_THE_KERNEL) for home in homes)
        if thread is not threading.main_thread() and not is_own:
            found.append(thread.name)
    return found


class Switch:
    """What ``switch`` found or did; shown as a few lines.

    Attributes:
        prefix: The environment that is switched to.
        lost: What ends with this kernel.
        words: What was done, or what to do.
        is_under_way: The server was asked to give the notebook its new kernel.
    """

    def __init__(self, prefix: str, lost: State, words: str, *, is_under_way: bool = False) -> None:
        self.prefix = prefix
        self.lost = lost
        self.words = words
        self.is_under_way = is_under_way
        rows = [(name, kind, size_words(size)) for name, kind, size in lost.variables[:_SHOWN]]
        caption = "With this kernel {} would be lost".format(
            count_words(len(lost.variables), "variable")
        )
        if len(lost.variables) > _SHOWN:
            caption += "; the largest {}".format(_SHOWN)
        self._table = Table(caption + ":", ("Variable", "Type", "Size"), tuple(rows))

    @property
    def _more(self) -> List[str]:
        lines = []
        if self.lost.definitions:
            lines.append("functions and classes: " + ", ".join(self.lost.definitions))
        if self.lost.threads:
            lines.append("running threads: " + ", ".join(self.lost.threads))
        return lines

    def to_json(self) -> Dict[str, Any]:
        """Return it as ``--json`` carries it."""
        return {
            "success": True,
            "prefix": self.prefix,
            "switching": self.is_under_way,
            "words": self.words,
            "lost": {
                "variables": [
                    {"name": name, "type": kind, "size": size}
                    for name, kind, size in self.lost.variables
                ],
                "definitions": list(self.lost.definitions),
                "threads": list(self.lost.threads),
            },
        }

    def __repr__(self) -> str:
        table = [self._table.text()] if self.lost.variables else []
        return "\n".join([*table, *self._more, self.words])

    def _ipython_display_(self) -> None:
        """Show it, except where the switch itself has been announced already."""
        if not self.is_under_way:
            show({"text/plain": repr(self)})


def switch(found: Environments, word: str, shell: Any, *, yes: bool) -> Switch:
    """Give this notebook a kernel in another environment, or say what that would mean.

    Args:
        found: The environments there are.
        word: Name or path of the one that is wanted.
        shell: IPython.
        yes: Do it also where something would be lost.

    Raises:
        XcondaFailed: there is no such environment, or it has no kernel.
    """
    wanted = _wanted(found, word)
    called, prefix = wanted["name"] or wanted["prefix"], wanted["prefix"]
    lost = state_of(shell.user_ns, shell.user_ns_hidden)
    if wanted is found.current:
        return Switch(prefix, State(), "This kernel runs in {} already.".format(called))
    if not can_redraw():
        words = "IPython in a terminal stays where it is; `xconda run {} ipython` starts one there."
        return Switch(prefix, lost, words.format(_where(wanted)))
    session, kernel, why = _place(shell, wanted)
    if session is None:
        words = "{} Choose the kernel {} in the notebook's menu of kernels."
        return Switch(prefix, lost, words.format(why, wanted["kernels"][0]["display_name"]))
    if lost and not yes:
        words = "`%xconda switch {} --yes` switches; save first what is to be kept.".format(called)
        return Switch(prefix, lost, words)
    words = "Switching to {}: this notebook gets a new kernel ({}).".format(called, kernel)
    handle = show_redrawable({"text/plain": words})
    threading.Thread(
        target=_switch_when_the_cell_is_over, args=(session, kernel, handle), daemon=True
    ).start()
    return Switch(prefix, lost, words, is_under_way=True)


def _wanted(found: Environments, word: str) -> Dict[str, Any]:
    wanted = found.called(word)
    if wanted is None:
        fix = did_you_mean(word, found.names()) or "`%xconda env` lists all."
        raise _failed("environment-not-found", "there is no environment {}.".format(word), fix)
    if not wanted["kernels"]:
        why = "no kernel is installed in {}.".format(wanted["name"] or wanted["prefix"])
        raise _failed("no-kernel", why, "`%{}` installs Python's.".format(wanted["offer"]))
    return wanted


def _failed(code: str, why: str, fix: str) -> XcondaFailed:
    what = "The notebook's environment was not switched."
    return XcondaFailed({"code": code, "what": what, "why": why, "fix": fix})


def _where(environment: Mapping[str, Any]) -> str:
    if environment["name"]:
        return "-n {}".format(environment["name"])
    return "-p {}".format(environment["prefix"])


def _place(shell: Any, wanted: Mapping[str, Any]) -> Tuple[Optional[Session], str, str]:
    """Return session and kernel name; without a session why it cannot be done from here."""
    app = getattr(shell.kernel, "parent", None)
    session = session_of(str(getattr(app, "abs_connection_file", "")))
    if session is None:
        return None, "", "No Jupyter server was found that could switch this kernel."
    try:
        kernel = session.kernel_for(wanted)
    except NoAnswer as refused:
        return None, "", "Nothing was switched: {}.".format(refused)
    if not kernel:
        add = "`%xconda kernel add {}` lets this Jupyter know of it.".format(_where(wanted))
        return None, "", add
    return session, kernel, ""


def _switch_when_the_cell_is_over(session: Session, kernel: str, handle: Any) -> None:
    """Ask the server; a kernel whose cell has ended is shut down in order, not killed."""
    time.sleep(_SECONDS_TO_END_THE_CELL)
    try:
        session.switch(kernel)
    except NoAnswer as refused:
        words = "Nothing was switched: {}.".format(refused)
        handle.update({"text/plain": words}, raw=True)
