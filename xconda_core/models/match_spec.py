"""Which packages are meant: MatchSpec as a value. Layer: models. Source: CEP 29, 43 and 44.

A spec is read once and asked often. Name, version, build and build number stand in plain sight, so
that a solver can decide whole columns of candidates; the other conditions need the record itself.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec
from msgspec import structs

from xconda_core.models.archive_name import (
    ArchiveName,
    InvalidArchiveName,
    is_archive_address,
    read_archive_address,
)
from xconda_core.models.channel_url import without_credentials
from xconda_core.models.conditions import Group, InvalidCondition, read_condition
from xconda_core.models.match_spec_text import (
    InvalidMatchSpec,
    SpecText,
    check_characters,
    is_channel,
    read_spec,
)
from xconda_core.models.package_name import InvalidPackageName, normalise_name
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.models.record_fields import (
    ASK_NOTHING,
    RecordFields,
    brackets_of,
    read_record_fields,
)
from xconda_core.models.text_pattern import InvalidPattern, TextPattern, pattern_of
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.version_spec import InvalidVersionSpec, VersionSpec
from xconda_core.regex import regex
from xconda_core.values import replace

__all__ = ("InvalidMatchSpec", "MatchSpec", "When")

# The form of nearly every dependency: words with a space between. It is read without more ado.
_PLAIN: Final = regex(
    r"(_{0,2}[a-z0-9]+(?:[._-][a-z0-9]+)*[._-]?)"
    r"(?: ([0-9a-zA-Z.*<>!_+|,]+|[<>!=~]=[0-9a-zA-Z.*<>=~!_+|,]+)(?: ([0-9a-zA-Z._*]+))?)?"
)
_STARRED: Final = regex(r"[0-9A-Za-z._!+-]+\*")
_EXTRA: Final = regex(r"[a-z0-9_.+-]{1,64}")  # CEP 44
_FLAG: Final = regex(r"[A-Za-z0-9_.:*+-]{1,64}")


class MatchSpec(msgspec.Struct, frozen=True, eq=False):
    """A condition on package records; equal and hashed by what it means.

    Attributes:
        name: Normalised package name, a glob, ``*`` for any package, or an expression ``^...$``.
        version: Constraint on the version; None for any.
        build: Pattern of the build string; None for any.
        build_number: Constraint on the build number, read as a version of one part; None for any.
        fields: Conditions that need the whole record; properties of the spec give the common ones.
        extras: Groups of optional dependencies that are wanted too (CEP 44).
        when: Condition on the solution for this spec to count (CEP 43); None for always.
        when_text: That condition as it was written.
    """

    name: str
    version: VersionSpec | None = None
    build: TextPattern | None = None
    build_number: VersionSpec | None = None
    fields: RecordFields = ASK_NOTHING
    extras: frozenset[str] = frozenset()
    when: "When | None" = None
    when_text: str | None = None

    @classmethod
    def parse(cls, text: str) -> "MatchSpec":
        """Read any written form of a spec: words, ``=``, brackets, or the address of an archive.

        Raises:
            InvalidMatchSpec: ``text`` is none of them.
        """
        plain = _PLAIN.fullmatch(text)
        if plain is not None:
            name, version, build = plain.groups()
            try:
                return cls(
                    name if len(name) <= 64 else normalise_name(name),
                    None if version is None else _version(version),
                    None if build is None else _build(build),
                )
            except (InvalidVersionSpec, InvalidPackageName):
                pass  # the long way says where
        check_characters(text)
        if is_archive_address(text):
            return _from_address(text)
        return _from_text(text, read_spec(text), is_condition=False)

    def __str__(self) -> str:
        return _canonical(self)

    def __repr__(self) -> str:
        return f"MatchSpec({str(self)!r})"

    def __hash__(self) -> int:
        # Specs are keys of a solver's tables; the other fields seldom tell two of them apart.
        return hash((self.name, self.version, self.build))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MatchSpec):
            return NotImplemented
        return (
            self.name == other.name
            and self.version == other.version
            and self.build == other.build
            and self.build_number == other.build_number
            and self.fields == other.fields
            and self.extras == other.extras
            and self.when == other.when
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    @property
    def is_exact_name(self) -> bool:
        """Only packages of this one name can match."""
        return "*" not in self.name and self.name[0] != "^"

    @property
    def needs_record(self) -> bool:
        """More is asked than name, version, build and build number can answer."""
        return self.fields is not ASK_NOTHING and not self.fields.ask_nothing

    def matches_parts(
        self, name: str, version: Version, build: str, build_number: int
    ) -> bool | None:
        """Tell whether a record with these parts matches; None where only the record can say."""
        if not (
            (name == self.name or self.matches_name(name))  # the call costs more than the look
            and (self.version is None or self.version.matches(version))
            and (self.build is None or self.build.matches(build))
            and (self.build_number is None or self.matches_build_number(build_number))
        ):
            return False
        return None if self.needs_record else True

    def matches(self, record: PackageRecord) -> bool:
        """Tell whether ``record`` is meant; one whose version cannot be read never is."""
        if record.name != self.name and not self.matches_name(record.name):
            return False
        try:
            version = Version.parse(record.version)
        except InvalidVersion:
            return False
        answer = self.matches_parts(record.name, version, record.build, record.build_number)
        return self.fields.match(record) if answer is None else answer

    def matches_build_number(self, build_number: int) -> bool:
        """Tell whether the build number is allowed."""
        wanted = self.build_number
        return wanted is None or wanted.matches(Version.parse(str(build_number)))

    def matches_name(self, name: str) -> bool:
        """Tell whether packages of this name can match."""
        return self.name == name or (not self.is_exact_name and pattern_of(self.name).matches(name))

    def with_name(self, name: str) -> "MatchSpec":
        """Return this spec for packages of another name."""
        return structs.replace(self, name=name)

    def in_channels(self, urls: Iterable[str]) -> "MatchSpec":
        """Return this spec with its channel resolved to addresses; it matches in them only."""
        addresses = frozenset(without_credentials(url).rstrip("/") for url in urls)
        return structs.replace(self, fields=replace(self.fields, channel_urls=addresses))

    @property
    def channel(self) -> str | None:
        """Name or address of the channel, without credentials."""
        return self.fields.channel

    @property
    def subdir(self) -> str | None:
        """Platform folder."""
        return self.fields.subdir

    @property
    def url(self) -> str | None:
        """Address of the archive, without credentials."""
        return self.fields.url

    @property
    def fn(self) -> str | None:
        """File name of the archive."""
        return self.fields.fn

    @property
    def md5(self) -> str | None:
        """Digest of the archive."""
        return self.fields.md5

    @property
    def sha256(self) -> str | None:
        """Digest of the archive."""
        return self.fields.sha256


When: TypeAlias = MatchSpec | Group[MatchSpec]


# Both caches hold answers of pure functions, bounded: a repodata has far fewer distinct
# constraints and build strings than dependencies that carry them.
@lru_cache(maxsize=16384)
def _version(text: str) -> VersionSpec | None:
    # In a spec ==1.8.* is another way to write =1.8 (CEP 29); as a constraint it is ==1.8.
    is_prefix = text.startswith("==") and _STARRED.fullmatch(text, 2) is not None
    constraint = VersionSpec.parse(text[2:] if is_prefix else text)
    return None if constraint.is_any else constraint


def _build_number(text: str) -> VersionSpec | None:
    # A number has no parts that could follow: =3 is 3.
    return _version(text[1:] if text[:1] == "=" and text[1:].isdigit() else text)


@lru_cache(maxsize=16384)
def _build(text: str) -> TextPattern | None:
    return None if text == "*" else TextPattern.parse(text)


def _from_address(text: str) -> MatchSpec:
    try:
        address = read_archive_address(text)
        values: dict[str, str] = {"url": address.url, "fn": address.file_name}
        values |= {"md5": address.md5} if address.md5 else {}
        values |= {"sha256": address.sha256} if address.sha256 else {}
        channel = address.channel
        if channel is None or address.subdir is None or not is_channel(channel):
            return MatchSpec("*", fields=read_record_fields(values))
        values |= {"channel": channel, "subdir": address.subdir}
        archive = ArchiveName.parse(address.file_name)
        return MatchSpec(
            normalise_name(archive.name),
            VersionSpec.parse(Version.parse(archive.version).text),
            TextPattern.parse(archive.build),
            fields=read_record_fields(values),
        )
    except InvalidArchiveName as error:
        raise InvalidMatchSpec(text, 0, str(error)) from error
    except (InvalidPackageName, InvalidVersion, InvalidVersionSpec) as error:
        raise InvalidMatchSpec(text, 0, f"in its file name, {error.reason}") from error


def _from_text(text: str, parts: SpecText, *, is_condition: bool) -> MatchSpec:
    values = dict(parts.brackets)
    version = values.pop("version", parts.version)
    build = values.pop("build", parts.build)
    build_number = values.pop("build_number", None)
    extras = values.pop("extras", ())
    when = values.pop("when", None)
    for channel in (parts.channel, values.get("channel")):
        _check_channel(text, str(channel or "*"))
    _words(text, values.get("flags", ()), _FLAG)
    try:
        if parts.version is not None:  # it must be one, even where the brackets have another
            _version(parts.version)
        return MatchSpec(
            _name(parts.name, values.pop("name", None)),
            None if version is None else _version(str(version)),
            None if build is None else _build(str(build)),
            None if build_number is None else _build_number(str(build_number)),
            read_record_fields(values, parts.channel),
            _words(text, extras, _EXTRA),
            None if when is None else _when(text, str(when), is_condition),
            None if when is None else str(when),
        )
    except InvalidPackageName as error:
        raise InvalidMatchSpec(text, max(text.find(error.text), 0), error.reason) from error
    except InvalidVersionSpec as error:
        place = max(text.find(error.text), 0) + error.position
        raise InvalidMatchSpec(text, place, error.reason) from error
    except InvalidPattern as error:
        raise InvalidMatchSpec(text, max(text.find(error.text), 0), error.reason) from error


def _check_channel(text: str, channel: str) -> None:
    is_pattern = "*" in channel or channel.startswith("^")
    if not is_pattern and not is_channel(without_credentials(channel)):
        raise InvalidMatchSpec(text, max(text.find(channel), 0), "that is not a channel")


def _name(positional: str, keyword: object) -> str:
    """Return the name; CEP 29 has a ``name`` in brackets ignored, but it may stand for ``*``."""
    text = str(keyword) if positional == "*" and keyword is not None else positional
    if text == "*":
        return text
    if text.startswith("^") and text.endswith("$"):
        return pattern_of(text).text
    if "*" in text:
        lowered = text.lower()
        strange = re.search(r"[^a-z0-9._*-]", lowered)
        if strange:
            raise InvalidPackageName(text, f"{strange[0]!r} can stand in no name")
        return lowered
    return normalise_name(text)


def _words(text: str, words: str | tuple[str, ...], form: re.Pattern[str]) -> frozenset[str]:
    for word in words:
        if not form.fullmatch(word):
            raise InvalidMatchSpec(text, max(text.find(word), 0), f"{word!r} cannot stand there")
    return frozenset(words)


def _when(text: str, condition: str, is_condition: bool) -> When:
    start = max(text.find(condition), 0)
    if is_condition:
        raise InvalidMatchSpec(text, start, "a condition cannot have a condition of its own")

    def read_leaf(leaf: str, position: int) -> MatchSpec:
        try:
            return _from_text(leaf, read_spec(leaf), is_condition=True)
        except InvalidMatchSpec as error:
            place = start + position + error.position
            raise InvalidMatchSpec(text, min(place, len(text)), error.reason) from error

    try:
        return read_condition(condition, read_leaf)
    except InvalidCondition as error:
        raise InvalidMatchSpec(text, start + error.position, error.reason) from error


def _canonical(spec: MatchSpec) -> str:
    """Write a spec the way conda does (CEP 29, appendix A); reading it gives the same spec."""
    brackets: list[tuple[str, str]] = []
    place = _place(spec.fields, brackets)
    version, is_exact = _written_version(spec, brackets)
    build = ""
    if spec.build is not None:
        if is_exact and spec.build.is_word:
            build = f"={spec.build}"
        else:
            brackets.append(("build", str(spec.build)))
    if spec.build_number is not None:
        brackets.append(("build_number", str(spec.build_number)))
    brackets.extend(brackets_of(spec.fields))
    if spec.when_text is not None:
        brackets.append(("when", spec.when_text))
    written = [f"{key}={_quoted(key, value)}" for key, value in brackets]
    for key, values in (("extras", spec.extras), ("flags", spec.fields.flags)):
        if values:
            written.append(f"{key}={sorted(values)}")
    tail = f"[{','.join(written)}]" if written else ""
    return f"{place}{spec.name}{version}{build}{tail}"


def _place(fields: RecordFields, brackets: list[tuple[str, str]]) -> str:
    """Return ``channel/subdir::``; what cannot stand there goes into the brackets."""
    channel, subdir = fields.channel, fields.subdir
    if channel is not None and ("*" in channel or channel.startswith("^")):
        brackets.append(("channel", channel))
        channel = None
    if channel is None or subdir not in KNOWN_SUBDIRS:
        if subdir is not None:
            brackets.append(("subdir", subdir))
        return "" if channel is None else f"{channel}::"
    return f"{channel}/{subdir}::"


def _written_version(spec: MatchSpec, brackets: list[tuple[str, str]]) -> tuple[str, bool]:
    """Return the version as it follows the name, and whether it is one exact version."""
    if spec.version is None:
        return "", False
    text = str(spec.version)
    stem = text.removesuffix(".*")
    if re.fullmatch(r"[0-9a-zA-Z._+!]+", stem):
        return (f"=={stem}", True) if stem == text else (f"={stem}", False)
    if text[:2] in {"!=", "~="} and not re.search(r"[,|()^]", text) and spec.build is None:
        return text, False
    brackets.append(("version", text))
    return "", False


def _quoted(key: str, value: str) -> str:
    special = r"[\s,='\"\[\]<>^$|()]" if key in {"version", "build"} else r"[\s,='\"\[\]]"
    if not re.search(special, value):
        return value
    if "'" not in value:
        return f"'{value}'"
    escaped = value.replace('"', '\\"')
    return f'"{escaped}"'
