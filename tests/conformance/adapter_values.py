"""Translate the rows on versions, constraints and specs to our values."""

from typing import Any

from xconda_core.models.channel import Channel, ChannelNaming, InvalidChannel
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.match_spec_merge import merge_specs as merge
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.version_spec import InvalidVersionSpec, VersionSpec


def version_cmp(a: str, b: str) -> int:
    one, other = Version.parse(a), Version.parse(b)
    return (one > other) - (one < other)


def version_valid(text: str) -> bool:
    try:
        Version.parse(text)
    except InvalidVersion:
        return False
    return True


def version_startswith(text: str, prefix: str) -> bool:
    return Version.parse(text).startswith(Version.parse(prefix))


def version_matches(constraint: str, text: str) -> bool:
    return VersionSpec.parse(constraint).matches(Version.parse(text))


def version_spec_valid(constraint: str) -> bool:
    try:
        VersionSpec.parse(constraint)
    except InvalidVersionSpec:
        return False
    return True


def parse_match_spec(text: str) -> dict[str, Any]:
    spec = MatchSpec.parse(text)
    fields = spec.fields
    given = {
        "name": spec.name,
        "version": spec.version,
        "build": spec.build,
        "build_number": spec.build_number,
        "channel": _channel_name(fields.channel),
        "subdir": fields.subdir,
        "md5": fields.md5,
        "sha256": fields.sha256,
        "fn": fields.fn,
        "url": fields.url,
        "license": fields.license,
        "license_family": fields.license_family,
        "canonical": spec,
    }
    written = {key: str(value) for key, value in given.items() if value is not None}
    if fields.track_features is not None:
        return {**written, "track_features": sorted(fields.track_features)}
    return written


def _channel_name(text: str | None) -> str | None:
    """Return what conda calls a channel that is part of ``defaults``; others stay as written."""
    if text is None:
        return None
    try:
        channel = Channel.parse(text)
    except InvalidChannel:
        return text
    return (
        channel.canonical_name if channel.canonical_name in ChannelNaming().multichannels else text
    )


def spec_matches(text: str, record: dict[str, Any]) -> bool:
    return MatchSpec.parse(text).matches(PackageRecord.from_json(record))


def merge_specs(texts: list[str]) -> list[str]:
    return [str(spec) for spec in merge(MatchSpec.parse(text) for text in texts)]
