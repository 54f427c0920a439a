"""``xconda env create``: make the environment that a file describes. Layer: cli."""

from pathlib import Path
from typing import Final

from xconda_core.cli.changing import carry_out
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening_new import open_new
from xconda_core.cli.options import add_flow, add_output, add_platform, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_files, add_network, add_solver, add_use_index_cache
from xconda_core.cli.requesting import change_request, with_wish
from xconda_core.values import replace

DEFAULT_FILES: Final = (
    "environment.yml", "environment.yaml", "environment.json", "requirements.txt",
)  # fmt: skip


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``env create``."""
    add_files(parser, "./environment.yml unless given")
    add_target(parser, otherwise="what the file proposes unless given")
    add_platform(parser, "for another platform, such as osx-arm64; the environment remembers it")
    parser.add_argument(
        "--no-default-packages",
        dest="default_packages",
        action="store_false",
        help="without the packages of create_default_packages",
    )
    add_network(parser)
    add_use_index_cache(parser)
    add_solver(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda env create\n"
        "  xconda env create -n demo -f environment.yml -f more.yml\n"
        "  xconda env create -p ./env -f https://example.org/environment.yml"
    )


def run(invocation: Invocation) -> int:
    """Make it; who wrote the file has said what there is to be, and is not asked again.

    Raises:
        UsageError: there is no file.
    """
    use_default_file(invocation, "xconda env create")
    arguments = vars(invocation.arguments)
    may_replace = bool(arguments.get("always_yes"))  # only who says so: nothing is asked below
    arguments["always_yes"] = True
    engine, target, wish = open_new(invocation)
    request = change_request(invocation, engine, target, "create")
    assert wish is not None  # there is a file
    request = replace(with_wish(request, wish, whole=True), may_replace=may_replace)
    return carry_out(invocation, engine, request)


def use_default_file(invocation: Invocation, command: str) -> None:
    """Name the file that the working directory has, where the user has named none.

    Raises:
        UsageError: it has none.
    """
    arguments = invocation.arguments
    arguments.files = arguments.files or default_files(command)


def default_files(command: str) -> list[str]:
    """Return the file of the working directory that ``command`` means where none is named.

    Raises:
        UsageError: it has none.
    """
    found = [file for file in DEFAULT_FILES if Path(file).exists()][:1]
    if not found:
        raise UsageError(
            command,
            "there is no environment.yml here, and no other file is named.",
            f"name one: `{command} --file FILE`.",
        )
    return found
