"""What a search found, as lines for people. Layer: cli. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core.cli.console import Text
from xconda_core.cli.table import aligned, headed
from xconda_core.engine.answers import Outdated, Provider
from xconda_core.engine.job_state import size_words
from xconda_core.engine.query_answer import QueryAnswer
from xconda_core.environment.places import Target
from xconda_core.models.package_record import PackageRecord, name_of_channel
from xconda_core.repodata.store_candidates import Offer


def record_table(offers: Sequence[Offer | PackageRecord], screen: int | None) -> list[Text | str]:
    """Return a line per package under a heading."""
    channels = {address: name_of_channel(address) for address in {each.channel for each in offers}}
    rows = [
        (
            each.name,
            each.version,
            each.build,
            channels[each.channel],
            each.subdir,
            "" if each.size is None else size_words(each.size),
        )
        for each in offers
    ]
    titles = ("Package", "Version", "Build", "Channel", "Platform", "Size")
    return _table((titles, *rows), screen, last_right=True)


def environment_table(
    found: Mapping[Path, Sequence[PackageRecord]], screen: int | None
) -> list[Text | str]:
    """Return a line per package and environment."""
    rows = [
        (each.name, each.version, each.build, each.channel_name, str(prefix))
        for prefix, records in found.items()
        for each in records
    ]
    return _table((("Package", "Version", "Build", "Channel", "Environment"), *rows), screen)


def outdated_table(
    found: Sequence[Outdated], target: Target, screen: int | None
) -> list[Text | str]:
    """Return a line per package that is newer in the channels."""
    heading = Text(f"# Environment: {target.prefix} ({target.why})", "heading")
    if not found:
        return [heading, Text("The channels have nothing newer.")]
    rows = [
        (each.newest.name, each.installed.version, each.newest.version, each.newest.channel_name)
        for each in found
    ]
    return [heading, *_table((("Package", "Now", "Newest", "Channel"), *rows), screen)]


def provider_table(found: Sequence[Provider], screen: int | None) -> list[Text | str]:
    """Return a line per package that brings what was looked for."""
    rows = [(each.name, each.version, each.paths[0], _more(each), _place(each)) for each in found]
    return _table((("Package", "Version", "Path", "", "Where"), *rows), screen)


def query_table(answer: QueryAnswer, screen: int | None) -> list[Text | str]:
    """Return a line per package that something depends on, or that depends on something."""
    rows = [
        (each.name, each.version or _no_version(each.name), each.build, each.wants)
        for each in answer.packages
    ]
    heading = "Wanted as" if answer.kind == "depends" else "Needs"
    return _table((("Package", "Version", "Build", heading), *rows), screen)


def _no_version(name: str) -> str:
    return "(the machine)" if name.startswith("__") else "(nothing fits)"


def _table(
    rows: Sequence[Sequence[str]], screen: int | None, *, last_right: bool = False
) -> list[Text | str]:
    titles, *found = rows
    heading, *lines = aligned((headed(titles), *found), last_right=last_right, screen=screen)
    return [Text(heading, "faint"), *lines]


def size_text(count: int | None) -> str:
    """Return a size for people; nothing where it is not known."""
    return "" if count is None else size_words(count)


def _more(provider: Provider) -> str:
    more = len(provider.paths) - 1
    return f"and {more} more" if more else ""


def _place(provider: Provider) -> str:
    return f"{'installed in' if provider.is_installed else 'cached in'} {provider.place}"
