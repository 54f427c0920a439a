"""``xconda compare``: does an environment have what a file asks for? Layer: cli."""

from collections.abc import Mapping

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_format, add_network
from xconda_core.engine.requests import FileWish
from xconda_core.engine.verifying import differences
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``compare``."""
    parser.add_argument("file", metavar="FILE", help="environment.yml, specs, or a lock file")
    add_format(parser)
    add_target(parser)
    add_network(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda compare environment.yml\n  xconda compare -n demo specs.txt"
    )


def run(invocation: Invocation) -> int:
    """Compare; return 1 where something is missing or does not fit."""
    console, arguments = invocation.console, invocation.arguments
    engine, target = open_target(invocation)
    state = engine.state(target.prefix, console.notice)
    wish = engine.read_files([arguments.file], format=arguments.format, cancel=invocation.cancel)
    installed = {name: each.record for name, each in state.installed.items()}
    installed |= {name: each.record for name, each in state.python_packages.items()}
    problems = _problems(wish, installed)
    console.say(*(Text(problem, "danger") for problem in problems))
    if not problems:
        console.say(f"Success: {target.prefix} has all that {arguments.file} asks for.")
    console.document([*problems] or ["Success"])
    return 1 if problems else 0


def _problems(wish: FileWish, installed: Mapping[str, PackageRecord]) -> list[str]:
    if wish.records:
        found = differences(installed, wish.records)
        changed = (f"{old.dist_name} is not {new.dist_name}" for old, new in found.changed)
        return [*(f"{each.dist_name} is not there" for each in found.missing), *changed]
    problems = []
    for text in wish.specs:
        spec = MatchSpec.parse(text)
        record = installed.get(spec.name)
        if record is None:
            problems.append(f"{text}: {spec.name} is not there")
        elif not spec.matches(record):
            problems.append(f"{text}: {record.dist_name} does not fit")
    return problems
