"""``xconda try``: solve several ways to ask, compare them, change nothing. Layer: cli."""

from argparse import ZERO_OR_MORE
from collections.abc import Sequence

from xconda_core.cli.console import Text
from xconda_core.cli.documents import plan_document, records_of
from xconda_core.cli.error_document import error_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.opening_new import open_new
from xconda_core.cli.options import add_output, add_platform, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.plan_text import change_words
from xconda_core.cli.request_options import add_channels, add_reach
from xconda_core.cli.requesting import change_request
from xconda_core.engine.listing import channels_of
from xconda_core.engine.trying import Attempt, attempts
from xconda_core.engine.wiring import Wiring
from xconda_core.errors import Json
from xconda_core.values import replace


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``try``."""
    parser.usage = "xconda try PACKAGE ... --or PACKAGE ... [--or ...] [options]"
    parser.add_argument("specs", nargs=ZERO_OR_MORE, metavar="PACKAGE", help="the first way to ask")
    parser.add_argument(
        "--or",
        dest="others",
        nargs="+",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="another way to ask; may be given again",
    )
    parser.add_argument(
        "--new",
        action="store_true",
        help="as for a new environment, whatever is installed in any other",
    )
    add_target(parser)
    add_platform(parser, "for another platform, such as osx-arm64")
    add_channels(parser)
    add_reach(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        '  xconda try -n demo "pandas=1" --or "pandas=2" --or "pandas=2" "numpy=2"\n'
        "  xconda try --new python=3.12 pytorch --or python=3.13 pytorch"
    )


def run(invocation: Invocation) -> int:
    """Solve each way and show what it comes to; return 1 where none can be had.

    Raises:
        UsageError: no way was given.
    """
    arguments, console = invocation.arguments, invocation.console
    ways = [tuple(words) for words in (arguments.specs, *arguments.others) if words]
    if not ways:
        why = "it needs packages, such as `xconda try pandas=1 --or pandas=2`."
        raise UsageError("xconda try", why)
    arguments.dry_run = True
    if arguments.new:
        arguments.files = ()
        engine, target, _ = open_new(invocation)
        request = change_request(invocation, engine, target, "create")
    else:
        engine, target = open_target(invocation)
        request = change_request(invocation, engine, target, "install")
        console.say(Text(f"Environment: {target.prefix} ({target.why})", "heading"))
    with console.progress() as view:
        request = replace(request, specs=())
        made = [*attempts(engine, request, ways, view.report, invocation.cancel)]
    for number, attempt in enumerate(made, start=1):
        console.say("", *_lines(number, attempt))
    console.document([_document(each, engine.wiring) for each in made])
    return 0 if any(each.plan is not None for each in made) else 1


def _lines(number: int, attempt: Attempt) -> Sequence[str | Text]:
    heading = Text(f"{number}. {' '.join(attempt.specs)}", "heading")
    if attempt.refusal is not None:
        refusal = attempt.refusal
        words = [refusal.what, refusal.why, f"try: {refusal.fix}" if refusal.fix else ""]
        told = "\n".join(each for each in words if each)
        return [heading, *(Text(f"   {line}", "danger") for line in told.splitlines())]
    assert attempt.plan is not None
    named = ", ".join(f"{each.name} {each.version}" for each in attempt.named)
    return [heading, *([f"   {named}"] if named else []), f"   {change_words(attempt.plan)}"]


def _document(attempt: Attempt, wiring: Wiring) -> Json:
    specs: list[Json] = [*attempt.specs]
    if attempt.refusal is not None:
        return {"specs": specs, **error_document(attempt.refusal)}
    assert attempt.plan is not None
    channels = channels_of(records_of(attempt.plan), wiring)
    return {"specs": specs, **plan_document(attempt.plan, channels, dry_run=True)}
