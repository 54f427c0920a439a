"""``xconda env update``: bring an environment to what a file describes. Layer: cli.

As with conda, one that is not there is made: scripts have this one line for both.
"""

from xconda_core.cli.changing import carry_out
from xconda_core.cli.commands.env_create import use_default_file
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_target, overrides
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.request_options import add_files, add_network, add_solver
from xconda_core.cli.requesting import change_request, file_wish, with_wish
from xconda_core.engine import opening
from xconda_core.engine.engine import Engine
from xconda_core.environment.places import BASE_NAMES, EnvironmentNotFound, is_environment
from xconda_core.values import replace


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env update``."""
    add_files(parser, "./environment.yml unless given")
    add_target(parser, otherwise="what the file proposes, else the active one")
    parser.add_argument(
        "--prune", action="store_true", help="take away what the file does not ask for"
    )
    add_override_frozen(parser)
    add_network(parser)
    add_solver(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda env update\n  xconda env update -n demo --file environment.yml --prune"
    )


def run(invocation: Invocation) -> int:
    """Change it; who wrote the file has said what there is to be, and is not asked again.

    Raises:
        UsageError: there is no file.
    """
    arguments = invocation.arguments
    use_default_file(invocation, "xconda env update")
    vars(arguments)["always_yes"] = True
    general = opening.open_engine(
        overrides=overrides(arguments), environ=invocation.environ, plugins=invocation.plugins
    )
    proposed = file_wish(invocation, general)
    assert proposed is not None  # there is a file
    if arguments.name is None and arguments.prefix is None:
        arguments.name = proposed.name
        arguments.prefix = proposed.prefix if proposed.name is None else None
    is_new = _is_new(invocation, general)
    engine, target = open_target(invocation, changing=True, creating=is_new)
    wish = proposed
    if engine.settings.subdir != general.settings.subdir:  # its own lines count
        wish = file_wish(invocation, engine) or proposed
    pip = replace(wish.pip, upgrades=True) if wish.pip is not None else None
    sections = tuple(replace(each, upgrades=True) for each in wish.sections)
    request = with_wish(
        change_request(invocation, engine, target, "create" if is_new else "install"),
        replace(wish, pip=pip, sections=sections),
        whole=True,
    )
    exact = bool(request.records) and arguments.prune and not is_new
    return carry_out(invocation, engine, replace(request, exact=exact))


def _is_new(invocation: Invocation, general: Engine) -> bool:
    """Whether an environment is named, and there is none."""
    name, prefix = invocation.arguments.name, invocation.arguments.prefix
    if name is None and prefix is None:
        return False
    try:
        meant = opening.target(name, prefix, invocation.environ, general.settings)
    except EnvironmentNotFound:
        return True
    return not is_environment(meant.prefix) and name not in BASE_NAMES
