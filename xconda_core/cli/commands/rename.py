"""``xconda rename``: an environment under another name or path. Layer: cli."""

from argparse import Namespace

from xconda_core.cli.cloning import open_twin
from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_network
from xconda_core.config.redaction import redacted
from xconda_core.engine.cloning import take_history
from xconda_core.engine.environment_removal import plan_removal, remove_environment
from xconda_core.values import replace


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``rename``."""
    parser.add_argument("destination", metavar="NEW", help="its new name, or its new path")
    add_target(parser, required=True)
    add_override_frozen(parser)
    add_network(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda rename -n demo tutorial\n  xconda rename -p ./old ./new"


def run(invocation: Invocation) -> int:
    """Make it anew under its new name, history and all, then remove the old one.

    Nobody is asked, as in conda. What has the new name already is replaced only where ``--yes``
    was typed.

    Raises:
        UsageError: nothing says which environment.
        XcondaError: it cannot be; the old one is as it was.
    """
    arguments, console = invocation.arguments, invocation.console
    given = arguments.name or arguments.prefix
    if given is None:
        why = "it needs the name or the path of an environment."
        raise UsageError("xconda rename", why, "add -n NAME or -p PATH.")
    _aim(arguments)
    engine, twin, source = open_twin(invocation, given)
    removal = plan_removal(source.prefix, engine, console.notice, "renamed")
    command = redacted(invocation.command_line)
    replaces = bool(vars(arguments).get("always_yes")) and source.prefix != twin.prefix
    request = engine.clone_request(source.prefix, twin, command, console.notice)
    request = replace(request, may_replace=replaces)
    console.remark(Text(f"{source.prefix} becomes {twin.prefix}", "heading"))
    with console.progress() as view:
        plan = engine.plan(request, view.report, invocation.cancel)
    if engine.settings.dry_run:
        console.remark("Dry run: nothing was changed.")
    else:
        with console.progress() as view:
            engine.execute(plan, view.report, invocation.cancel)
            take_history(source.prefix, twin.prefix)
            remove_environment(
                removal, engine, view.report, invocation.cancel, keep_foreign=False, command=command
            )
        console.remark(Text("Done: the environment is renamed.", "good"))
    console.document(
        {
            "success": True,
            "dry_run": engine.settings.dry_run,
            "untracked_files": list(removal.foreign),
            "src_prefix": str(source.prefix),
            "dst_prefix": str(twin.prefix),
        }
    )
    return 0


def _aim(arguments: Namespace) -> None:
    """Let ``-n`` and ``-p`` mean the new place: they named the old one."""
    is_path = "/" in arguments.destination or "\\" in arguments.destination
    arguments.name = None if is_path else arguments.destination
    arguments.prefix = arguments.destination if is_path else None
