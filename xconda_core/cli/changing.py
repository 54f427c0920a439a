"""What the commands that change an environment share: plan, show, ask, carry out. Layer: cli.

One of the places where a first-party import may stand inside a function: a dry run tells no news,
and few commands answer with a document.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.cli.console import Console, Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.lean_loading import load_lean
from xconda_core.cli.plan_text import done_words, plan_lines
from xconda_core.config.settings import Settings
from xconda_core.engine.engine import Engine
from xconda_core.engine.job import JobResult
from xconda_core.engine.recorded_job import run_job
from xconda_core.engine.requests import ChangeRequest
from xconda_core.transaction.plan import Onto, Plan

_QUESTIONS: Final[Mapping[Onto, str]] = {
    "": "Proceed",
    "environment": "Replace this environment",
    "folder": "Make an environment in this folder",
}
_TELLS_NOTICES: Final = frozenset({"create", "install", "update"})  # CEP 6


class Declined(Cancelled):
    """The user looked at the plan and said no."""

    code: ClassVar[str] = "declined"
    exit_code: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was changed."
        self.why = "the answer was no."
        self.fix = "run it again with other words, or with --dry-run to look only."


def carry_out(invocation: Invocation, engine: Engine, request: ChangeRequest) -> int:
    """Show the plan of ``request``, ask, and carry it out; return the exit code.

    Raises:
        Declined: the user said no.
        XcondaError: it could not be done; nothing was changed.
    """
    load_lean("zstandard")
    console, channel_urls = invocation.console, engine.settings.show_channel_urls
    with console.progress() as view:

        def confirm(plan: Plan, cancel: CancelToken) -> bool:
            with view.paused():
                return _is_wanted(console, plan, cancel, channel_urls)

        result = run_job(engine, request, confirm, view.report, invocation.cancel)
    _say_result(console, result, engine, dry_run=request.dry_run)
    done = result.transaction
    if request.verb == "create" and done is not None and not done.only_fetched:
        console.remark(_way_in(Path(request.prefix), engine.settings))
    is_heard = not (console.manners.json or console.manners.quiet)
    if is_heard and request.verb in _TELLS_NOTICES and not request.dry_run:
        from xconda_core.cli.telling_news import newer_version, unread_notices

        if not result.plan.is_empty:
            console.say(*unread_notices(engine, request, invocation.cancel))
        note = newer_version(engine)
        console.remark(*([note] if note else ()))
    return 0


def _way_in(prefix: Path, settings: Settings) -> str:
    from shlex import quote

    is_named = prefix.parent in settings.envs_dirs
    word = quote(prefix.name if is_named else str(prefix))
    return f"To use it: `xconda activate {word}`."


def _say_result(console: Console, result: JobResult, engine: Engine, *, dry_run: bool) -> None:
    plan, done = result.plan, result.transaction
    if dry_run or (plan.is_empty and not console.manners.quiet):
        console.say(*plan_lines(plan, console.screen, engine.settings.show_channel_urls))
    if dry_run:
        console.remark("Dry run: nothing was changed.")
    elif done is not None:
        messages = [message.rstrip() for message in done.messages]
        console.say(*messages)
        if console.manners.json:
            console.warn(*messages)  # as conda does: they are for people, the document is not
    if done is not None and not plan.is_empty and not done.only_fetched:
        words = f"Done: {done_words(plan)} in {result.seconds:.1f} s (revision {done.revision})."
        console.remark(Text(words, "good"))
    revision = done.revision if done is not None else None
    if console.manners.json:
        from xconda_core.cli.documents import plan_document, records_of
        from xconda_core.engine.listing import channels_of

        channels = channels_of(records_of(plan), engine.wiring)
        console.document(plan_document(plan, channels, dry_run=dry_run, revision=revision))


def _is_wanted(
    console: Console, plan: Plan, cancel: CancelToken, channel_urls: bool | None
) -> bool:
    """Show ``plan`` and ask; raises :class:`Declined` where the answer is no."""
    manners = console.manners
    if not (manners.quiet and manners.always_yes):
        console.say(*plan_lines(plan, console.screen, channel_urls))
    elif plan.trust and not plan.trust.is_whole:
        console.warn(*plan.trust.words)  # nobody installs what is not signed without being told
    # Like conda, --json alone asks nothing, and a yes is what is meant.
    default = manners.json or not plan.onto
    if not console.confirm(_QUESTIONS[plan.onto], cancel, default=default):
        raise Declined
    return True
