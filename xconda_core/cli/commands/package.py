"""``xconda package``: files of an environment that no package owns, and who owns a file.

Layer: cli.
"""

from pathlib import Path

from xconda_core.cli.changing import Declined
from xconda_core.cli.console import Text
from xconda_core.cli.count_argument import a_number
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_flow, add_output, add_override_frozen, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.config.redaction import redacted
from xconda_core.engine import questions
from xconda_core.engine.engine import Engine
from xconda_core.engine.untracked import (
    Untracked,
    find_untracked,
    package_untracked,
    remove_untracked,
)
from xconda_core.environment.places import is_environment
from xconda_core.errors import Json
from xconda_core.models.package_name import normalise_name
from xconda_core.models.version import Version


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``package``."""
    what = parser.add_argument_group("what (a package of the untracked files unless told)")
    either = what.add_mutually_exclusive_group()
    either.add_argument(
        "-w", "--which", nargs="+", metavar="PATH", help="name the package that owns each file"
    )
    either.add_argument(
        "-u", "--untracked", action="store_true", help="list the files that no package owns"
    )
    either.add_argument(
        "-r", "--reset", action="store_true", help="remove the files that no package owns"
    )
    made = parser.add_argument_group("the package")
    made.add_argument("--pkg-name", metavar="NAME", default="unknown", help="its name (unknown)")
    made.add_argument("--pkg-version", metavar="VERSION", default="0.0", help="its version (0.0)")
    made.add_argument(
        "--pkg-build", metavar="NUMBER", type=a_number, default=0, help="its build number (0)"
    )
    add_target(parser)
    add_override_frozen(parser)
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda package --which bin/python\n"
        "  xconda package -n demo --untracked\n"
        "  xconda package -n demo --pkg-name mine --pkg-version 1.0"
    )


def run(invocation: Invocation) -> int:
    """Name, list, remove, or make a package.

    Raises:
        NothingProvides: no package owns the file of ``--which``.
        Declined: the user said no.
        InvalidPackageName, InvalidVersion: the package to be made cannot be called that.
        XcondaError: it could not be done.
    """
    arguments, console = invocation.arguments, invocation.console
    engine, target = open_target(invocation, changing=arguments.reset)
    if arguments.which:
        return _name_owners(invocation, engine, target.prefix)
    found = find_untracked(target.prefix, engine, console.notice)
    if arguments.untracked:
        console.say(f"# prefix: {found.prefix}", f"# untracked files: {len(found.files)}")
        console.say(*found.files)
        console.document({"prefix": str(found.prefix), "untracked": list(found.files)})
        return 0
    if arguments.reset:
        return _reset(invocation, engine, found)
    return _make(invocation, engine, found)


def _name_owners(invocation: Invocation, engine: Engine, prefix: Path) -> int:
    owners: dict[str, Json] = {}
    for text in invocation.arguments.which:
        path = Path(text).absolute()
        around = next((each for each in path.parents if is_environment(each)), None)
        owner = questions.owner(engine, around or prefix, str(path) if around else text)
        owners[text] = f"{owner.name}-{owner.version}-{owner.build}"
    console = invocation.console
    console.say(*(f"{path:<50}  {owner}" for path, owner in owners.items()))
    console.document(owners)
    return 0


def _reset(invocation: Invocation, engine: Engine, found: Untracked) -> int:
    console, dry_run = invocation.console, engine.settings.dry_run
    count = len(found.files)
    console.say(f"Environment: {found.prefix}", f"Files in it and in no package: {count}")
    console.say(*(Text(f"  {path}", "danger") for path in found.files))
    if found.of_pip:
        pip = f"{len(found.of_pip)} of them belong to Python packages that pip installed."
        console.say(Text(pip, "warning"))
    removed = 0
    if dry_run:
        console.remark("Dry run: nothing was changed.")
    elif found.files:
        if not console.confirm(
            "Remove these files", invocation.cancel, default=console.manners.json
        ):
            raise Declined
        command = redacted(invocation.command_line)
        removed = remove_untracked(found, engine, invocation.cancel, command)
        console.remark(Text(f"Done: {removed} of them removed.", "good"))
    document: dict[str, Json] = {"success": True, "prefix": str(found.prefix)}
    console.document({**document, "dry_run": dry_run, "untracked": list(found.files)})
    return 0


def _make(invocation: Invocation, engine: Engine, found: Untracked) -> int:
    arguments, console = invocation.arguments, invocation.console
    console.say(f"# prefix: {found.prefix}", f"# files: {len(found.files)}")
    path = package_untracked(
        found,
        engine,
        Path.cwd(),
        name=normalise_name(arguments.pkg_name),
        version=str(Version.parse(arguments.pkg_version)).replace("-", "_"),  # a name has two
        build_number=arguments.pkg_build,
    )
    console.say(path.name)
    console.document({"success": True, "package": str(path)})
    return 0
