"""The conditions of a MatchSpec that only a whole record can answer.

Layer: models. Source: CEP 29, its matching conventions.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from xconda_core.models.channel_url import channel_matches, split_subdir, without_credentials
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.text_pattern import InvalidPattern, pattern_of
from xconda_core.values import Slotted, dataclass, fields

TEXT_FIELDS: Final = ("subdir", "url", "fn", "md5", "sha256", "license", "license_family")
WORD_FIELDS: Final = ("track_features", "features")

_WORDINGS_IN_LOWER_CASE: Final = frozenset({"license", "license_family"})  # as conda prints them


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFields(Slotted):
    """Conditions on a record, in the order conda prints them; None and empty ask for nothing.

    Attributes:
        channel: Name or address of the channel, or a glob, without credentials and platform.
        channel_urls: Addresses that ``channel`` stands for, once configuration has resolved it.
        subdir: Pattern of the platform folder.
        track_features: The words that the record must have there, no more and no fewer.
        features: The words that the record must have there, no more and no fewer.
        url: Pattern of the address of the archive, without credentials.
        md5: Digest of the archive.
        sha256: Digest of the archive.
        license: Pattern of the licence.
        license_family: Pattern of the licence family.
        fn: Pattern of the file name of the archive.
        flags: Patterns, each of which one of the record's flags must match.
    """

    channel: str | None = None
    channel_urls: frozenset[str] = frozenset()
    subdir: str | None = None
    track_features: frozenset[str] | None = None
    features: frozenset[str] | None = None
    url: str | None = None
    md5: str | None = None
    sha256: str | None = None
    license: str | None = None
    license_family: str | None = None
    fn: str | None = None
    flags: frozenset[str] = frozenset()

    @property
    def ask_nothing(self) -> bool:
        """Every record fits."""
        return self == ASK_NOTHING

    def match(self, record: PackageRecord) -> bool:
        """Tell whether ``record`` fits."""
        return (
            self._channel_matches(record)
            and all(
                pattern_of(wanted).matches(_text_of(record, name)) for name, wanted in self._texts()
            )
            and (self.track_features is None or self.track_features == set(record.track_features))
            and (self.features is None or self.features == set(record.features))
            and all(_has_flag(record, flag) for flag in self.flags)
        )

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name in TEXT_FIELDS:
            wanted = getattr(self, name)
            if wanted is not None:
                yield name, wanted

    def _channel_matches(self, record: PackageRecord) -> bool:
        if self.channel_urls:
            return split_subdir(without_credentials(record.channel))[0] in self.channel_urls
        if self.channel is None:
            return True
        channel = split_subdir(record.channel)[0]
        if "*" in self.channel or self.channel.startswith("^"):
            pattern = pattern_of(self.channel)
            return pattern.matches(without_credentials(channel)) or pattern.matches(
                record.channel_name
            )
        return channel_matches(self.channel, channel)


ASK_NOTHING: Final = RecordFields()


def read_record_fields(
    values: Mapping[str, str | tuple[str, ...]], place: str | None = None
) -> RecordFields:
    """Return the conditions of a spec on the record.

    Args:
        values: The values between its brackets; they count more than ``place``.
        place: What was written before ``::``.

    Raises:
        InvalidPattern: a value is not a pattern.
    """
    found = {} if place is None else _channel_and_subdir(place)
    for name, value in values.items():
        if name in WORD_FIELDS and isinstance(value, str):
            found[name] = frozenset(value.replace(",", " ").split())
            if not found[name]:
                raise InvalidPattern(value, "it holds no word")
        elif name == "flags" and isinstance(value, tuple):
            found[name] = frozenset(pattern_of(item).text for item in value)
        elif name == "channel" and isinstance(value, str):
            found |= _channel_and_subdir(value)
        else:
            text = without_credentials(str(value)) if name == "url" else str(value)
            if not text:
                raise InvalidPattern(str(value), "nothing is left of it without its credentials")
            pattern = pattern_of(text)
            found[name] = pattern.key if name in _WORDINGS_IN_LOWER_CASE else text
    if isinstance(values.get("subdir"), str):  # said outright, it counts more than a path's end
        found["subdir"] = values["subdir"]
    asked = {name: value for name, value in found.items() if value}
    return RecordFields(**asked) if asked else ASK_NOTHING  # type: ignore[arg-type]


def _channel_and_subdir(text: str) -> dict[str, object]:
    channel, subdir = split_subdir(without_credentials(text.strip()))
    found: dict[str, object] = {"channel": None if channel == "*" else channel}
    if subdir is not None:
        found["subdir"] = subdir
    return found


def brackets_of(conditions: RecordFields) -> Iterator[tuple[str, str]]:
    """Yield the conditions as keys and values, without those that are written elsewhere."""
    for item in fields(conditions):
        value = getattr(conditions, item.name)
        if not value or item.name in {"channel", "channel_urls", "subdir", "flags"}:
            continue
        yield item.name, value if isinstance(value, str) else " ".join(sorted(value))


def _text_of(record: PackageRecord, name: str) -> str:
    value = getattr(record, name)
    return value if isinstance(value, str) else ""


def _has_flag(record: PackageRecord, flag: str) -> bool:
    flags = record.extra.get("flags")
    pattern = pattern_of(flag)
    return isinstance(flags, list) and any(pattern.matches(str(item)) for item in flags)
