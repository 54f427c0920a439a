"""``xconda clean``: take away what package caches can do without. Layer: cli."""

from pathlib import Path
from typing import Final

from xconda_core.cli.changing import Declined
from xconda_core.cli.console import Console, Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_flow, add_output
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.engine.cleaning import (
    Cleanable,
    Cleaned,
    CleanRequest,
    Kind,
    clean,
    find_cleanable,
)
from xconda_core.engine.job_state import size_words
from xconda_core.errors import Json
from xconda_core.package_cache.leftovers import Leftovers

_WORDS: Final[dict[Kind, str]] = {
    "tarballs": "archives",
    "index_cache": "indexes of channels",
    "packages": "unpacked packages that no environment uses",
    "tempfiles": "temporary files",
    "logfiles": "logs",
    "pkgs_dirs": "whole package caches",
}


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``clean``."""
    group = parser.add_argument_group("what may go (at least one)")
    for options, text in (
        (("-a", "--all"), "everything below but --force-pkgs-dirs"),
        (("-t", "--tarballs"), "archives of packages"),
        (("-i", "--index-cache"), "what is kept of channels"),
        (
            ("-p", "--packages"),
            "unpacked packages that no environment uses, soft links of known ones included",
        ),
        (("-l", "--logfiles"), "logs"),
        (
            ("-f", "--force-pkgs-dirs"),
            "whole package caches; environments that are softly linked to them will not work",
        ),
    ):
        group.add_argument(*options, action="store_true", help=text)
    group.add_argument(
        "-c",
        "--tempfiles",
        nargs="*",
        action="extend",
        metavar="PATH",
        help="files that were in use when they should have gone, below base or these environments",
    )
    add_flow(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda clean --all --dry-run\n  xconda clean --packages --tarballs"
    )


def run(invocation: Invocation) -> int:
    """Show what may go and how much it is, ask, and take it away.

    Raises:
        UsageError: nothing was named.
        Declined: the user said no.
    """
    console = invocation.console
    engine = open_engine(invocation)
    request = _request(invocation, engine.settings.root_prefix)
    if request.is_empty:
        raise UsageError(
            "xconda clean",
            "it needs to know what may go.",
            "for example `xconda clean --all --dry-run`, which only shows it.",
        )
    found = find_cleanable(request, engine.settings, invocation.environ)
    _show(console, found, verbose=engine.settings.verbosity > 0)
    if engine.settings.dry_run or found.is_empty:
        if engine.settings.dry_run:
            console.remark("Dry run: nothing was removed.")
        console.document(_document(found))
        return 0
    if not console.confirm("Remove", invocation.cancel):
        raise Declined
    cleaned = clean(found, invocation.cancel)
    for text in cleaned.warnings:
        console.warn(text)
    console.remark(
        Text(
            f"Removed {cleaned.count} {'item' if cleaned.count == 1 else 'items'}, "
            f"{size_words(cleaned.freed)} are free.",
            "good",
        )
    )
    console.document(_document(found, cleaned))
    return 0


def _request(invocation: Invocation, root_prefix: Path) -> CleanRequest:
    given = invocation.arguments
    temporary = given.tempfiles
    paths = tuple(Path(text).absolute() for text in temporary or ())
    if (given.all or temporary is not None) and not paths:
        paths = (root_prefix,)
    return CleanRequest(
        tarballs=given.tarballs or given.all,
        index_cache=given.index_cache or given.all,
        packages=given.packages or given.all,
        tempfiles=paths,
        logfiles=given.logfiles or given.all,
        pkgs_dirs=given.force_pkgs_dirs,
    )


def _show(console: Console, found: Cleanable, *, verbose: bool) -> None:
    for kind, leftovers in found.kinds.items():
        count, size = len(leftovers.items), size_words(leftovers.size)
        console.say(f"{_WORDS[kind]}: {f'{count}, {size}' if count else 'none'}")
        if verbose:
            console.say(*(f"  {item.path}  {size_words(item.size)}" for item in leftovers.items))
        for text in leftovers.warnings:
            console.warn(text)
    if not found.is_empty:
        for text in found.remarks:
            console.warn(text)


def _document(found: Cleanable, cleaned: Cleaned | None = None) -> dict[str, Json]:
    """Return conda's keys; what xconda knows besides stands under ``removed``."""
    document: dict[str, Json] = {"success": True}
    for kind, leftovers in found.kinds.items():
        paths: list[Json] = [str(item.path) for item in leftovers.items]
        if kind in {"tarballs", "packages"}:
            document[kind] = _sizes(leftovers)
        else:
            document[kind] = {"files": paths} if kind == "index_cache" else paths
    if cleaned is not None:
        document["removed"] = {
            "count": cleaned.count,
            "bytes": cleaned.freed,
            "warnings": list(cleaned.warnings),
        }
    return document


def _sizes(leftovers: Leftovers) -> dict[str, Json]:
    sizes: dict[str, dict[str, Json]] = {}
    for item in leftovers.items:
        sizes.setdefault(str(item.folder), {})[item.name] = item.size
    return {
        "warnings": list(leftovers.warnings),
        "pkg_sizes": {folder: dict(items) for folder, items in sizes.items()},
        "pkgs_dirs": {folder: list(items) for folder, items in sizes.items()},
        "total_size": leftovers.size,
    }
