"""The process in which a notebook's wishes are carried out: ``python -m xconda_core.worker``.

Layer: worker (a rim, like the command line). It reads one JSON object on standard input and answers
in JSON lines on standard output, nothing else:

* first a greeting, ``{"protocol", "version", "home", "prefix", "why_prefix", "verbosity", "quiet",
  "job", "folder"}``;
* for a change nothing more: the client follows the job's folder (``engine.jobs_store``), confirms
  and cancels there by leaving a mark;
* for a query (all other verbs) lines as in ``events.jsonl``, then ``{"result"}``;
* ``{"error": {code, what, why, fix, facts}}`` where it could not even begin, or a query failed.

The request's fields are those of ``cli.notebook_wish.Wish``. SIGTERM, SIGHUP and SIGINT cancel. The
client keeps standard input open for as long as it lives: when it dies before confirming, the job
ends unchanged; when it dies later, the job goes on to its end, as was confirmed.
"""

import json
import logging
import os
import select
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

from xconda_core import __version__, api
from xconda_core.cancel import CancelToken
from xconda_core.cli import notebook_options
from xconda_core.cli.completions import completions
from xconda_core.cli.machine_failures import as_known_failure
from xconda_core.cli.notebook_answers import Question, answer
from xconda_core.cli.notebook_wish import (
    CHANGES,
    COMMAND,
    DOCUMENTS,
    KERNELS,
    PROTOCOL,
    QUICK,
    Wish,
    wish_from_json,
)
from xconda_core.cli.opening import refuse_strange_solver
from xconda_core.cli.request_options import ALL_CHANNELS
from xconda_core.cli.revision_text import revision_documents
from xconda_core.cli.signals import stop_on_signals
from xconda_core.cli.unexpected import report_unexpected
from xconda_core.config.environ import environment
from xconda_core.config.log import logging_to
from xconda_core.config.redaction import redacted
from xconda_core.config.settings_log import log_settings
from xconda_core.engine import questions
from xconda_core.engine.job import EventLog, PlansAndExecutes, run_job, wait_for_mark
from xconda_core.engine.job_folder import JobFolder
from xconda_core.engine.jobs_store import JobsStore, Owner
from xconda_core.engine.requests import ChangeRequest
from xconda_core.environment.places import is_environment
from xconda_core.errors import Json, XcondaError, as_json
from xconda_core.events import silent
from xconda_core.files.atomic import write_all
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.result import PlanOutdated

_log: Final = logging.getLogger("xconda_core.worker")  # __name__ is __main__ when it runs

_WHOLE: Final = frozenset({"clone", "rename", "remove environment"})
_MAKES_NEW: Final = frozenset({"create", "clone", "rename", "env create"})
_IS_PLACED: Final = frozenset({"clone", "rename", "env create", "env update"})
_TELLS_NOTICES: Final = frozenset({"create", "install", "update"})  # CEP 6
_SECONDS_FOR_FILES: Final = 1.0  # somebody waits for what can be said of a missing module

Say = Callable[[Mapping[str, Json]], None]


def main() -> int:
    """Serve the one request on standard input; return the exit code."""
    environ = environment()
    say = _speaker(_own_standard_output())
    cancel = CancelToken()
    try:
        with stop_on_signals(cancel):
            _serve(wish_from_json(_read_line(0)), environ, say, cancel)
    except XcondaError as error:
        say({"error": as_json(error.to_json())})
        return error.exit_code
    except (Exception, KeyboardInterrupt) as failure:
        explained = _explain(failure, environ)
        say({"error": as_json(explained.to_json())})
        return explained.exit_code
    return 0


def _serve(wish: Wish, environ: Mapping[str, str], say: Say, cancel: CancelToken) -> None:
    settings_given = notebook_options.SETTINGS & wish.options.keys()
    overrides = {name: wish.options[name] for name in settings_given}
    if wish.options.get("all_channels"):
        overrides["channel_priority"] = ALL_CHANNELS
    if wish.verb == "search" and not wish.options.get("outdated"):  # no solve: all is shown
        overrides.setdefault("channel_priority", ALL_CHANNELS)
    if wish.verb in QUICK:  # quick or nothing
        overrides |= {"offline": True, "use_index_cache": True}
    overrides["verbosity"] = wish.verbosity
    general = api.open_engine(prefix=None, overrides=overrides, environ=environ)
    with _hinted(general):
        _serve_with(general, overrides, wish, environ, say, cancel)


def _serve_with(
    general: api.Engine,
    overrides: dict[str, Json],
    wish: Wish,
    environ: Mapping[str, str],
    say: Say,
    cancel: CancelToken,
) -> None:
    """Serve ``wish``; ``general`` is the engine of no environment, with the same overrides."""
    refuse_strange_solver(str(wish.options.get("solver") or ""), general)
    if wish.verb in _IS_PLACED:
        from xconda_core.cli.wished_places import placed

        wish = placed(wish, general, environ, cancel)
    if isinstance(wish.options.get("source"), str):  # its twin is for the same platform
        source = Path(str(wish.options["source"]))
        platform = api.open_engine(
            prefix=source, environ=environ, plugins=general.plugins
        ).settings.subdir
        overrides.setdefault("subdir", platform)
    find = api.new_target if wish.verb in _MAKES_NEW else api.target
    target = find(wish.name or None, wish.prefix or None, environ, general.settings)
    # An environment that is to be replaced has no say in what replaces it.
    is_old = wish.verb in _MAKES_NEW and is_environment(target.prefix)
    engine = api.open_engine(
        prefix=None if is_old else target.prefix,
        overrides=overrides,
        environ=environ,
        plugins=general.plugins,
    )
    settings = engine.settings
    greeting: dict[str, Json] = {
        "protocol": PROTOCOL,
        "version": __version__,
        "home": sys.prefix,
        "prefix": str(target.prefix),
        "why_prefix": target.why,
        "verbosity": settings.verbosity,
        "quiet": settings.quiet,
        "job": None,
        "folder": None,
    }
    if wish.verb not in CHANGES:
        say(greeting)
        with _logging(wish, target, settings, None):
            say({"result": _answer(wish, engine, target, say, cancel)})
        return
    doer, request = _change_request(wish, target, engine, cancel)
    store = JobsStore(settings.state_dir / "jobs")
    kept = request.to_json() | {"verb": wish.verb}
    folder = store.create(kept, Owner.this_process(wish.owner))
    store.prune()
    say(greeting | {"job": folder.id, "folder": str(folder.path)})
    _send_standard_error_to(folder.log_path)
    with _logging(wish, target, settings, settings.state_dir):
        _run_change(wish, _speaking(doer, wish, engine, request), request, folder, environ, cancel)


def _hinted(engine: api.Engine) -> AbstractContextManager[None]:
    """Return what adds the hints of plugins to errors; nothing is loaded where there are none."""
    if not engine.plugins:
        return nullcontext()
    from xconda_core.cli.around_changes import hinted

    return hinted(engine.plugins)


def _speaking(
    doer: PlansAndExecutes, wish: Wish, engine: api.Engine, request: ChangeRequest
) -> PlansAndExecutes:
    """Return ``doer`` with what is said around its work, where somebody reads it."""
    is_heard = wish.tells_news and not wish.dry_run and request.verb in _TELLS_NOTICES
    if not (engine.plugins or is_heard):
        return doer
    from xconda_core.cli.around_changes import Hinting, TellingNews

    hinting = Hinting(doer, engine.plugins) if engine.plugins else doer
    return TellingNews(hinting, engine, request) if is_heard else hinting


@contextmanager
def _logging(
    wish: Wish, target: api.Target, settings: api.Settings, state_dir: Path | None
) -> Iterator[None]:
    """Log to standard error, and to the log of the last operation in ``state_dir``."""
    with logging_to(sys.stderr, settings.verbosity, state_dir):
        _log.info("xconda %s, for a %s: %s", __version__, wish.owner, wish.command)
        log_settings(settings)
        _log.info("environment %s (%s)", target.prefix, target.why)
        yield


def _change_request(
    wish: Wish, target: api.Target, engine: api.Engine, cancel: CancelToken
) -> tuple[PlansAndExecutes, ChangeRequest]:
    """Return who carries the wish out, and what is asked of it."""
    request = ChangeRequest(
        verb=CHANGES[wish.verb],
        prefix=target.prefix,
        why_prefix=target.why,
        specs=wish.specs,
        update_all=wish.update_all,
        prune=wish.options.get("prune") is True,
        default_packages=wish.options.get("default_packages") is not False,
        revision=wish.revision,
        channels=wish.channels,
        override_channels=wish.override_channels,
        dry_run=wish.dry_run,
        prove=wish.prove,
        may_replace=CHANGES[wish.verb] == "create" and wish.options.get("may_replace") is True,
        command=redacted(wish.command),
    )
    from xconda_core.cli.wished_changes import of_whole_environment, updated_by_files, with_files

    if wish.verb in _WHOLE:
        source = Path(str(wish.options.get("source") or target.prefix))
        return of_whole_environment(wish.verb, request, source, engine)
    if wish.verb == "env update":
        return engine, updated_by_files(request, wish.options, engine, cancel)
    whole = wish.verb == "env create"
    return engine, with_files(request, wish.options, engine, cancel, whole=whole)


def _run_change(
    wish: Wish,
    doer: PlansAndExecutes,
    request: ChangeRequest,
    folder: JobFolder,
    environ: Mapping[str, str],
    cancel: CancelToken,
) -> None:
    is_shown = False

    def confirm(plan: Plan, cancel: CancelToken) -> bool:
        nonlocal is_shown
        if is_shown and wish.confirm != "yes":  # the mark was for another plan
            raise PlanOutdated(str(plan.prefix))
        is_shown = True
        return wish.confirm == "yes" or wait_for_mark(folder, cancel, _is_client_there)

    def explain(failure: Exception) -> XcondaError:
        return _explain(failure, environ)

    run_job(doer, request, folder, silent, cancel, confirm, explain)


def _answer(
    wish: Wish, engine: api.Engine, target: api.Target, say: Say, cancel: CancelToken
) -> Json:
    """Return what was asked for; progress is said in the meantime."""
    log = EventLog(lambda line: say(json.loads(line)), silent)
    if wish.verb == "info":
        return {**engine.facts(target.prefix), "default_prefix_why": target.why}
    if wish.verb == "doctor":
        from xconda_core.engine import examining

        found = examining.diagnose(engine, target.prefix, wish.specs, log, cancel)
        is_repair = wish.options.get("fix") and found.fixable
        healed = examining.heal(engine, found, log, cancel).to_json() if is_repair else {}
        return {**found.to_json(), **healed}
    if wish.verb == "history":
        return {"revisions": revision_documents(engine.history(target.prefix, log))}
    if wish.verb == "diff":
        numbers = (wish.revision, wish.to_revision)
        return questions.difference(engine, target.prefix, *numbers, report=log).to_json()
    if wish.verb == "list":
        return {"packages": engine.packages(target.prefix, wish.specs, log)}
    if wish.verb in QUICK:
        return _quick_answer(wish, engine, target, cancel)
    if wish.verb == COMMAND:
        return _command_answer(wish, engine, target, log, cancel)
    asked = Question(
        verb=wish.verb,
        specs=wish.specs,
        options=wish.options,
        channels=wish.channels,
        override_channels=wish.override_channels,
        engine=engine,
        prefix=target.prefix,
        is_prefix_named=wish.is_prefix_named,
        report=log,
        cancel=cancel,
    )
    return _rare_answer(asked) if wish.verb in DOCUMENTS | KERNELS else answer(asked)


def _rare_answer(asked: Question) -> Json:
    """Answer what loads modules that no other question needs."""
    if asked.verb in KERNELS:
        from xconda_core.cli.kernel_answers import kernel_answer

        return kernel_answer(asked, asked.engine.environ)
    from xconda_core.cli.server_answers import server_answer

    return server_answer(asked)


def _command_answer(
    wish: Wish, engine: api.Engine, target: api.Target, log: EventLog, cancel: CancelToken
) -> Json:
    """Answer with a command of the command line, for which the client's environment is active."""
    from xconda_core.cli.as_told import tell  # all commands, and what finds them

    environ = {**engine.environ, "CONDA_PREFIX": str(target.prefix)}
    return tell(wish.specs, environ, log, cancel)


def _quick_answer(wish: Wish, engine: api.Engine, target: api.Target, cancel: CancelToken) -> Json:
    """Answer from what is kept on this machine; somebody waits at the keyboard."""
    if wish.verb == "complete":
        return {"words": completions(engine, target.prefix, wish.specs, cancel)}
    from xconda_core.engine.missing_modules import find_missing  # only who asks for it loads it

    settings = {"offline": wish.options.get("offline"), "use_index_cache": True}
    trying = api.open_engine(
        prefix=target.prefix, overrides=settings, environ=engine.environ, plugins=engine.plugins
    )
    seconds = _SECONDS_FOR_FILES
    return find_missing(engine, target.prefix, wish.specs, cancel, seconds, trying).to_json()


def _explain(failure: BaseException, environ: Mapping[str, str]) -> XcondaError:
    known = as_known_failure(failure)
    return known or report_unexpected(failure, ["(worker)"], environ)


def _own_standard_output() -> int:
    """Keep standard output for the protocol: what anything else prints goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return own


def _send_standard_error_to(path: Path) -> None:
    """Let the job's record hold what would otherwise be lost with the client."""
    try:
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError:
        return
    os.dup2(log, 2)
    os.dup2(log, 1)
    os.close(log)


def _speaker(descriptor: int) -> Say:
    def say(document: Mapping[str, Json]) -> None:
        with suppress(BrokenPipeError):  # nobody listens any more; the job goes on
            write_all(descriptor, json.dumps(document).encode() + b"\n")

    return say


def _read_line(descriptor: int) -> bytes:
    """Read up to the first newline, unbuffered: the stream stays open to tell of its other end."""
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(descriptor, 65536)
        if not more:
            break
        line += more
    return line


def _is_client_there() -> bool:
    """Whether the other end of standard input is still open."""
    readable, _, _ = select.select([0], [], [], 0)
    return not readable or bool(os.read(0, 65536))


if __name__ == "__main__":
    sys.exit(main())
