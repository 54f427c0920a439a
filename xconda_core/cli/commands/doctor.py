"""``xconda doctor``: examine an environment, repair what packages can repair. Layer: cli."""

from argparse import SUPPRESS

from xconda_core.cli.doctor_text import diagnosis_lines, healing_lines
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_flow, add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_network
from xconda_core.cli.table import aligned
from xconda_core.engine import examining
from xconda_core.engine.diagnosis import Diagnosis
from xconda_core.engine.doctor import chosen_checks
from xconda_core.engine.engine import Engine


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``doctor``."""
    parser.add_argument(
        "checks", nargs="*", metavar="CHECK", help="run these checks only (see --list)"
    )
    parser.add_argument("--list", action="store_true", help="say which checks there are")
    parser.add_argument(
        "--fix",
        "--heal",
        dest="fix",
        action="store_true",
        help="bring missing and altered files again from their packages, and register it",
    )
    parser.add_argument(
        "--override-frozen",
        dest="protect_frozen_envs",
        action="store_false",
        default=SUPPRESS,
        help="repair a frozen environment as well",
    )
    add_target(parser)
    add_network(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda doctor\n"
        "  xconda doctor missing-files altered-files -n demo --fix\n"
        "  xconda doctor --list"
    )


def run(invocation: Invocation) -> int:
    """Examine, and repair if that is wanted; 1 where something is left that does not work.

    Raises:
        CheckUnknown: there is no check of a name that was given.
    """
    arguments, console = invocation.arguments, invocation.console
    if arguments.list:
        checks = examining.checks(open_engine(invocation))
        console.say(*aligned([(check.name, check.summary) for check in checks]))
        console.document([{"name": check.name, "summary": check.summary} for check in checks])
        return 0
    engine, target = open_target(invocation, changing=arguments.fix)
    chosen_checks(arguments.checks, examining.checks(engine))
    found = examining.diagnose(
        engine, target.prefix, arguments.checks, console.notice, invocation.cancel
    )
    console.say(*diagnosis_lines(found, target.why, whole=engine.settings.verbosity > 0))
    if arguments.fix and found.fixable:
        return _heal(invocation, engine, found)
    console.document(lambda: {"success": found.is_healthy, **found.to_json()})
    return 0 if found.is_healthy else 1


def _heal(invocation: Invocation, engine: Engine, found: Diagnosis) -> int:
    console = invocation.console
    count = len(found.fixable)
    if engine.settings.dry_run:
        console.remark(f"Dry run: {count} of these would be repaired.")
        console.document({"success": found.is_healthy, "dry_run": True, **found.to_json()})
        return 0 if found.is_healthy else 1
    if not console.confirm(f"Repair {count} of these", invocation.cancel):
        console.remark("Nothing was changed.")
        return 1
    with console.progress() as view:
        healed = examining.heal(engine, found, view.report, invocation.cancel)
    console.say(*healing_lines(healed))
    console.document({"success": healed.is_healthy, **found.to_json(), **healed.to_json()})
    return 0 if healed.is_healthy else 1
