"""What Tab offers after ``%xconda``: verbs, options, and names, quickly or not at all."""

from __future__ import annotations

import os
import sys
from threading import Timer
from typing import Any, Dict, List, Sequence, Tuple

from xconda_jupyter.kernel.engine_commands import command_names
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.verbs import options_of, verb_of, verbs
from xconda_jupyter.kernel.worker_process import Worker

MAGICS = ("%xconda", "%%xconda")
SECONDS = 1.0
"""How long somebody who pressed Tab waits for names that only the engine knows."""

_OF_INSTALLED = frozenset({"remove", "update", "why", "tree", "list"})
_OF_CHANNELS = frozenset(
    {"install", "search", "repoquery depends", "repoquery whoneeds", "repoquery search"}
)


def complete(shell: Any, event: Any) -> List[str]:
    """Return what the word at the cursor may become; IPython's ``complete_command`` hook."""
    del shell
    words, start = str(event.line).split()[1:], str(event.symbol)
    before = words[:-1] if start and words and words[-1].endswith(start) else words
    return sorted({word for word in _offered(before, start) if word.startswith(start)})


def _offered(before: List[str], start: str) -> Sequence[str]:
    verb, rest = verb_of(before)
    known = [*verbs(), *command_names()]
    further = [word for name in known for word in _next_word(name, before)]
    if further and not start.startswith("-"):
        return further
    if start.startswith("-"):
        return options_of(verb)
    if rest and rest[-1] in {"-n", "--name"}:
        return _asked("environment", start, rest[:-1])
    if verb == "switch":
        return _asked("environment", start, [])
    if verb in _OF_INSTALLED:
        name, prefix = _named(rest)
        found = [] if name else installed_names(os.path.expanduser(prefix) or sys.prefix)
        return found or _asked("installed", start, rest)
    return _asked("package", start, rest) if verb in _OF_CHANNELS and start else []


def _next_word(verb: str, before: List[str]) -> List[str]:
    words = verb.split()
    return words[len(before) : len(before) + 1] if words[: len(before)] == before else []


def installed_names(prefix: str) -> List[str]:
    """Return the packages of an environment as the names of their records tell; none: unknown."""
    try:
        names = os.listdir(os.path.join(prefix, "conda-meta"))
    except OSError:
        return []
    return [name[:-5].rsplit("-", 2)[0] for name in names if name.endswith(".json")]


def _asked(kind: str, start: str, rest: Sequence[str]) -> List[str]:
    """Ask the engine; whoever does not answer in time has nothing to offer."""
    name, prefix = _named(rest)
    request: Dict[str, Any] = {
        "verb": "complete",
        "prefix": prefix if name or prefix else sys.prefix,
        "name": name,
        "specs": [kind, start],
    }
    try:
        with Worker(request) as worker:
            timer = Timer(SECONDS, worker.stop)
            timer.start()
            try:
                found = [each["result"]["words"] for each in worker.documents() if "result" in each]
            finally:
                timer.cancel()
    except (XcondaFailed, OSError, ValueError):
        return []
    return list(found[0]) if found else []


def _named(rest: Sequence[str]) -> Tuple[str, str]:
    values = {"-n": "", "--name": "", "-p": "", "--prefix": ""}
    for number, option in enumerate(rest[:-1]):
        if option in values:
            values[option] = rest[number + 1]
    return values["-n"] or values["--name"], values["-p"] or values["--prefix"]
