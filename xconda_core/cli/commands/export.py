"""``xconda export``: write down what an environment holds. Layer: cli."""

from argparse import Namespace
from pathlib import Path
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.options import add_output, add_platforms, add_target, chosen_platforms
from xconda_core.cli.parser import CommandParser, UsageError, did_you_mean
from xconda_core.cli.request_options import chosen_channels
from xconda_core.engine.exporting import (
    ExportRequest,
    chosen_format,
    contents,
    known_formats,
)
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.environment.formats.exports import (
    FORMATS,
    EnvironmentContents,
    Export,
    ExportRules,
)
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named

_PACKAGES_ALONE: Final = frozenset({"explicit", "requirements", "conda-lock"})


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``export``."""
    add_target(parser)
    parser.add_argument("-f", "--file", metavar="FILE", help="write to FILE, replacing what it is")
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help=f"what to write where FILE's name does not tell: {', '.join(FORMATS)}, or as a plugin "
        "calls it",
    )
    parser.add_argument(
        "--from-history", action="store_true", help="what was asked for, not what came with it"
    )
    parser.add_argument("--no-builds", action="store_true", help="versions without builds")
    parser.add_argument(
        "--ignore-channels", action="store_true", help="do not say where each package came from"
    )
    parser.add_argument(
        "-c",
        "--channel",
        dest="channels",
        metavar="CHANNEL",
        action="append",
        default=[],
        help="name this channel before the others; may be given again",
    )
    parser.add_argument(
        "-O", "--override-channels", action="store_true", help="name only channels given with -c"
    )
    add_platforms(parser, "write it down for PLATFORM, solved from what was asked for")
    add_output(parser)
    parser.epilog = (
        "examples:\n"
        "  xconda export -n demo > environment.yml\n"
        "  xconda export -n demo --from-history --file environment.yml\n"
        "  xconda export --file conda-lock.yml --platform linux-64 --platform osx-arm64"
    )


def run(invocation: Invocation) -> int:
    """Write it down.

    Raises:
        UsageError: nothing says which format is meant.
        NotExportable: the format cannot say what the environment holds.
    """
    arguments, console = invocation.arguments, invocation.console
    engine, target = open_target(invocation)
    kind, export = _format(arguments, engine.plugins)
    rules = ExportRules(
        from_history=arguments.from_history,
        builds=not arguments.no_builds,
        channels=not arguments.ignore_channels,
    )
    request = ExportRequest(
        prefix=target.prefix,
        platforms=chosen_platforms(arguments, engine.settings.export_platforms),
        channels=chosen_channels(arguments, "xconda export"),
        override_channels=arguments.override_channels,
        ignore_channels=arguments.ignore_channels,
    )
    with console.progress() as view:
        found = contents(request, engine, view.report, invocation.cancel)
    text = export(found, rules)
    left_out = _left_out(found, kind)
    console.warn(*(Text(f"warning: {each}", "warning") for each in left_out))
    if arguments.file is None:
        console.show(text)
        return 0
    path = Path(arguments.file)
    with refusals_named(f"write {path}", path):
        write_bytes(path, text.encode())
    console.remark(f"Written to {path}.")
    console.document(
        {"success": True, "file": str(path), "format": kind, "warnings": list(left_out)}
    )
    return 0


def _format(arguments: Namespace, plugins: PluginSet) -> tuple[str, Export]:
    word, file = arguments.format, arguments.file
    if word is None and file is None:
        word = "environment-json" if vars(arguments).get("json", False) else "environment-yaml"
    name = None if file is None else Path(file).name
    found = chosen_format(word, name, plugins)
    if found is not None:
        return found
    known = known_formats(plugins)
    if word is not None:
        why = f"there is no format {word}: there are {', '.join(known)}."
        raise UsageError("xconda export", why, did_you_mean(word, known))
    why = f"the name {name} does not tell which format is meant."
    raise UsageError("xconda export", why, f"add --format: {', '.join(known)}.")


def _left_out(found: EnvironmentContents, kind: str) -> tuple[str, ...]:
    """Return in a sentence what the environment has and a file of that ``kind`` cannot hold."""
    if kind not in _PACKAGES_ALONE:
        return ()
    words = [f"what {section.installer} installed" for section in found.sections]
    words += [f"packages of pip ({', '.join(found.pip)})"] if found.pip else []
    words += [f"variables ({', '.join(found.variables)})"] if found.variables else []
    return (f"{kind} has no place for {' and '.join(words)}",) if words else ()
