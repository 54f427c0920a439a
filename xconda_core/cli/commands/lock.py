"""``xconda lock``: fix every package, for one platform or several. Layer: cli."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_output, add_platforms, add_target, chosen_platforms
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.cli.request_options import add_channels, add_format, chosen_channels
from xconda_core.engine.exporting import ExportRequest, contents, locked_contents
from xconda_core.engine.locking import LockRequest, locked
from xconda_core.environment.formats.conda_lock import conda_lock_text
from xconda_core.environment.formats.described import LockedEnvironment
from xconda_core.environment.formats.explicit_lines import explicit_text
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named

_DEFAULT_FILES: Final = ("environment.yml", "environment.yaml")
_FILE_ENDINGS: Final = (".yml", ".yaml", ".json", ".txt", ".lock")
_ONE_FOR_ALL: Final = "conda-lock.yml"
_ONE_EACH: Final = "conda-{platform}.lock"


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``lock``."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FILE_OR_PACKAGE",
        help="environment files, by path or address, and packages; ./environment.yml unless given",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"where to: {_ONE_FOR_ALL} unless given; - is standard output",
    )
    parser.add_argument(
        "--explicit",
        action="store_true",
        help=f"lists of archives instead, one for each platform: {_ONE_EACH}",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit with 1 where the lock is not as it would be written",
    )
    add_platforms(parser, "lock for PLATFORM")
    add_format(parser)
    add_target(parser, otherwise="the installed packages are locked, and nothing is read")
    add_channels(parser)
    add_output(parser)
    parser.usage = f"{parser.prog} [OPTION ...] [FILE_OR_PACKAGE ...]"
    parser.epilog = (
        "examples:\n"
        "  xconda lock --platform linux-64 --platform osx-arm64 --platform win-64\n"
        "  xconda lock python=3.12 numpy -o numpy-lock.yml\n"
        "  xconda lock -n demo --explicit\n"
        "  xconda create -n twin --file conda-lock.yml"
    )


def run(invocation: Invocation) -> int:
    """Lock, and write it down.

    Raises:
        UsageError: nothing says what is to be locked.
    """
    arguments, console = invocation.arguments, invocation.console
    is_environment = arguments.name is not None or arguments.prefix is not None
    found = _of_environment(invocation) if is_environment else _of_words(invocation)
    texts = _texts(found, arguments.output, explicit=arguments.explicit)
    changed = [path for path, text in texts.items() if _is_new(path, text)]
    if arguments.output == "-":
        console.show("".join(texts.values()))
        return 0
    if not arguments.check:
        for path in changed:
            with refusals_named(f"write {path}", path):
                write_bytes(Path(path), texts[path].encode())
    for path in texts:
        console.say(Text(_words(path, is_new=path in changed, check=arguments.check)))
    for platform, records in found.packages.items():
        console.say(f"  {platform}: {len(records)} packages")
    counts = {platform: len(records) for platform, records in found.packages.items()}
    console.document(
        {"success": True, "files": list(texts), "changed": [*changed], "packages": {**counts}}
    )
    return 1 if arguments.check and changed else 0


def _of_environment(invocation: Invocation) -> LockedEnvironment:
    arguments = invocation.arguments
    if arguments.words:
        raise UsageError(
            "xconda lock",
            "an environment and files (or packages) exclude each other.",
            "lock the environment with -n or -p alone, or the files without.",
        )
    engine, target = open_target(invocation)
    request = ExportRequest(
        prefix=target.prefix,
        platforms=chosen_platforms(arguments, engine.settings.export_platforms),
        channels=chosen_channels(arguments, "xconda lock"),
        override_channels=arguments.override_channels,
    )
    with invocation.console.progress() as view:
        return locked_contents(contents(request, engine, view.report, invocation.cancel))


def _of_words(invocation: Invocation) -> LockedEnvironment:
    arguments = invocation.arguments
    words = arguments.words or [name for name in _DEFAULT_FILES if Path(name).exists()][:1]
    if not words:
        raise UsageError(
            "xconda lock",
            "nothing says what is to be locked: there is no environment.yml here.",
            "name a file or packages, or an environment with -n.",
        )
    engine = open_engine(invocation)
    request = LockRequest(
        files=tuple(word for word in words if arguments.format or _is_file(word)),
        words=tuple(word for word in words if not (arguments.format or _is_file(word))),
        format=arguments.format,
        platforms=chosen_platforms(arguments, ()),
        default_platforms=() if arguments.override_platforms else engine.settings.export_platforms,
        channels=chosen_channels(arguments, "xconda lock"),
        override_channels=arguments.override_channels,
    )
    with invocation.console.progress() as view:
        found = locked(
            request, engine.settings, engine.environ, engine.plugins, view.report, invocation.cancel
        )
    folder = Path(arguments.output or _ONE_FOR_ALL).absolute().parent
    return found.with_sources(tuple(_from(folder, file) for file in request.files))


def _is_file(word: str) -> bool:
    return "://" in word or word.endswith(_FILE_ENDINGS) or word.startswith(("./", "../", "/"))


def _from(folder: Path, file: str) -> str:
    """Return ``file`` as the lock in ``folder`` names it."""
    return file if "://" in file else os.path.relpath(file, folder)


def _texts(found: LockedEnvironment, output: str | None, *, explicit: bool) -> Mapping[str, str]:
    """Return what to write, by path."""
    if not explicit:
        return {output or _ONE_FOR_ALL: conda_lock_text(found)}
    pattern = output or _ONE_EACH
    if len(found.packages) > 1 and "{platform}" not in pattern and pattern != "-":
        why = "lists of archives are for one platform each."
        raise UsageError("xconda lock", why, "write {platform} into the name of the file.")
    return {
        pattern.replace("{platform}", platform): explicit_text(records, platform)
        for platform, records in found.packages.items()
    }


def _is_new(path: str, text: str) -> bool:
    try:
        return Path(path).read_text(encoding="utf-8") != text
    except (OSError, UnicodeDecodeError):
        return True


def _words(path: str, *, is_new: bool, check: bool) -> str:
    if not is_new:
        return f"{path} is up to date."
    return f"{path} is out of date." if check else f"{path} is written."
