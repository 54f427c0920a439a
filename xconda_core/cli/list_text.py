"""The packages of an environment as columns, requirements or names. Layer: cli. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.cli.table import aligned, headed
from xconda_core.engine.job_state import size_words
from xconda_core.models.channel import Channel
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.values import Slotted, dataclass

_TITLES: Final[Mapping[str, str]] = {  # conda's fields and titles
    "arch": "Arch",
    "build": "Build",
    "build_number": "Build number",
    "channel": "Channel URL",
    "channel_name": "Channel",
    "constrains": "Constraints",
    "depends": "Dependencies",
    "dist_str": "Dist",
    "features": "Features",
    "fn": "Filename",
    "license": "License",
    "license_family": "License family",
    "md5": "MD5",
    "name": "Package",
    "noarch": "Noarch",
    "package_type": "Package type",
    "requested_spec": "Requested",
    "requested_specs": "Requested",
    "sha256": "SHA256",
    "size": "Size",
    "subdir": "Subdir",
    "timestamp": "Timestamp",
    "track_features": "Track features",
    "url": "URL",
    "version": "Version",
}
FIELDS: Final = tuple(_TITLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Slotted):
    """What is listed, and how.

    Attributes:
        records: In the order in which they are shown.
        state: The environment.
        fields: Columns, as conda names them.
        show_channel_urls: Channels by address (True), by name (None), or not (False).
        sizes: Name to bytes on disk; empty unless a column shows them.
        channels: Those that the configuration knows, by address.
    """

    records: Sequence[PackageRecord]
    state: EnvironmentState
    fields: Sequence[str]
    show_channel_urls: bool | None = None
    sizes: Mapping[str, int]
    channels: Mapping[str, Channel]


def listing_lines(listing: Listing) -> list[Text | str]:
    """Return a line per package under the titles of its columns."""
    if not listing.records:
        return ["no packages"]
    hides = listing.show_channel_urls is False
    fields = [each for each in listing.fields if not (hides and each == "channel_name")]
    rows = [headed([_TITLES[field] for field in fields])]
    rows += [tuple(_cell(record, field, listing) for field in fields) for record in listing.records]
    heading, *lines = aligned(rows, last_right=fields[-1:] == ["size"])
    return [Text(heading, "faint"), *lines]


def export_lines(records: Sequence[PackageRecord], subdir: str, version: str) -> list[str]:
    """Return ``name=version=build`` per package, as ``conda create --file`` reads it."""
    heading = [
        "# This file may be used to create an environment using:",
        "# $ xconda create --name <env> --file <this file>",
        f"# platform: {subdir}",
        f"# created-by: xconda {version}",
    ]
    return heading + [f"{each.name}={each.version}={each.build}" for each in records]


def canonical_lines(records: Sequence[PackageRecord], channels: Mapping[str, Channel]) -> list[str]:
    """Return ``channel/subdir::name-version-build`` per package."""
    return [_canonical(record, channels.get(record.channel)) for record in records]


def _canonical(record: PackageRecord, channel: Channel | None) -> str:
    return f"{channel or record.channel_name}/{record.subdir}::{record.dist_name}"


def _cell(record: PackageRecord, field: str, listing: Listing) -> str:
    special = _SPECIAL.get(field)
    value = special(record, listing) if special else getattr(record, field, None)
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _channel_name(record: PackageRecord, listing: Listing) -> str:
    known = listing.channels.get(record.channel)
    if listing.show_channel_urls:
        return record.channel
    return known.name if known else record.channel_name


def _requested(record: PackageRecord, listing: Listing) -> str:
    return listing.state.requested.get(record.name, "")


def _size(record: PackageRecord, listing: Listing) -> str:
    return size_words(listing.sizes.get(record.name, 0))


_SPECIAL: Final[Mapping[str, Callable[[PackageRecord, Listing], object]]] = {
    "arch": lambda record, _: record.extra.get("arch"),
    "channel_name": _channel_name,
    "dist_str": lambda record, listing: _canonical(record, listing.channels.get(record.channel)),
    "package_type": lambda record, _: record.extra.get("package_type"),
    "requested_spec": _requested,
    "requested_specs": _requested,
    "size": _size,
}
