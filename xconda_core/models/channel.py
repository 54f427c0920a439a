"""Channels: from the text a user writes to the addresses that are asked. Layer: models. Pure.

Source: CEP 26 ("Identifying channels") and conda's ``Channel.from_value``, whose order of
interpretation this keeps: moved channels, custom channels, the alias, and then the bare address.
Credentials travel beside the address, and only ``url_with_credentials`` puts the two together.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import quote

from xconda_core.errors import XcondaError
from xconda_core.models.channel_url import (
    FILE_ENDINGS,
    SplitUrl,
    file_url,
    mask_secrets,
    split_platform,
    split_token,
    split_url,
    without_credentials,
)
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field, replace

__all__ = (
    "Channel",
    "ChannelNaming",
    "InvalidChannel",
    "expand_channels",
    "without_credentials",
)

Value = TypeVar("Value")

_PATH: Final = regex(r"[/\\~]|\.{1,2}(?:[/\\]|$)|[a-zA-Z]:[/\\]")
_NAME: Final = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class InvalidChannel(XcondaError):
    """A text names no channel.

    Attributes:
        text: What was to be read, credentials masked.
        reason: What is wrong with it.
        place: Where the configuration has it; empty where it stands elsewhere.
    """

    code = "invalid-channel"

    def __init__(self, text: str, reason: str, place: str = "") -> None:
        super().__init__(text, reason, place)
        self.text, self.reason, self.place = mask_secrets(text)[:200], reason, place
        self.what = f"{self.text!r} is not a channel."
        self.why = f"{reason}; it stands in {place}." if place else f"{reason}."
        self.fix = "write a name such as conda-forge, an https:// address, or the path of a folder."

    def is_of(self, text: str) -> bool:
        """Whether it is ``text`` that could not be read."""
        return InvalidChannel(text.strip(), "").text == self.text.strip()


@dataclass(frozen=True, slots=True)
class ChannelNaming(Slotted):
    """The settings that say what a channel's name means; conda's names and defaults.

    Attributes:
        channel_alias: Address that plain names are joined to.
        custom_channels: Name to the address that it is joined to instead.
        custom_multichannels: Name to the channels that it stands for.
        default_channels: The channels that ``defaults`` stands for.
        local_channels: The channels that ``local`` stands for: folders of packages built here.
        migrated_custom_channels: Name to the address where it used to be.
        migrated_channel_aliases: Former aliases, whose channels have moved to the alias.
        current_folder: Absolute path that ``./x`` starts from; None forbids such paths.
        home_folder: Absolute path that ``~/x`` starts from; None forbids such paths.
    """

    channel_alias: str = "https://conda.anaconda.org"
    custom_channels: Mapping[str, str] = field(
        default_factory=lambda: {"pkgs/pro": "https://repo.anaconda.com"}
    )
    custom_multichannels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    default_channels: Sequence[str] = (
        "https://repo.anaconda.com/pkgs/main",
        "https://repo.anaconda.com/pkgs/r",
    )
    local_channels: Sequence[str] = ()
    migrated_custom_channels: Mapping[str, str] = field(default_factory=dict)
    migrated_channel_aliases: Sequence[str] = ()
    current_folder: str | None = None
    home_folder: str | None = None

    @property
    def multichannels(self) -> dict[str, Sequence[str]]:
        """Every name that stands for several channels, or for none: ``local`` is never remote."""
        reserved = {"defaults": self.default_channels, "local": self.local_channels}
        return {**self.custom_multichannels, **reserved}


@dataclass(frozen=True, slots=True)
class Channel(Slotted):
    """One channel.

    Attributes:
        name: Its name below the location that holds it, such as ``conda-forge/label/dev``.
        base_url: Its address, without credentials, platform or a slash at the end.
        canonical_name: What conda calls it: the multichannel it is part of, its name where the
            configuration knows it, else the address.
        platform: The one platform that was asked for in its text, None for the configured one.
        file_name: File of the channel that its text pointed to, None where it pointed to none.
        auth: ``user:password``, never shown.
        token: Access token, never shown.
    """

    name: str
    base_url: str
    canonical_name: str = ""
    platform: str | None = None
    file_name: str | None = None
    auth: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str, naming: ChannelNaming | None = None) -> "Channel":
        """Read a name, an address or a path.

        Raises:
            InvalidChannel: it is none of them, or stands for several channels.
        """
        rules = _Rules(naming or ChannelNaming())
        return rules.named(rules.read(text))

    def __str__(self) -> str:
        return self.canonical_name or self.name or self.base_url

    @property
    def scheme(self) -> str:
        """``https``, ``file`` and so on."""
        return self.base_url.partition("://")[0]

    @property
    def location(self) -> str:
        """Host, port and path up to the name."""
        address = self.base_url.partition("://")[2]
        return address.removesuffix(f"/{self.name}") if self.name else address

    def platforms(self, subdir: str) -> tuple[str, ...]:
        """Return the folders to read where ``subdir`` is the configured platform."""
        return tuple(dict.fromkeys((self.platform or subdir, "noarch")))

    def urls(self, subdir: str) -> tuple[str, ...]:
        """Return the addresses of those folders, without credentials."""
        return tuple(f"{self.base_url}/{platform}" for platform in self.platforms(subdir))

    def url_with_credentials(self, subdir: str) -> str:
        """Return the address to ask for a folder. Not to be shown, logged or stored."""
        auth = f"{self.auth}@" if self.auth else ""
        token = f"/t/{self.token}" if self.token else ""
        name = f"/{self.name}" if self.name else ""
        return f"{self.scheme}://{auth}{self.location}{token}{name}/{subdir}"


def expand_channels(
    texts: Iterable[str], naming: ChannelNaming | None = None
) -> tuple[Channel, ...]:
    """Return the channels in order, multichannels taken apart, each one once.

    Raises:
        InvalidChannel: one of the texts names no channel.
    """
    rules = _Rules(naming or ChannelNaming())
    found: dict[tuple[str, str | None], Channel] = {}
    for text in texts:
        for channel in rules.expand(text):
            found.setdefault((channel.base_url, channel.platform), channel)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Place(Slotted):
    """Where named channels lie, and how to get in."""

    scheme: str
    location: str
    auth: str | None = None
    token: str | None = None

    @classmethod
    def of(cls, url: str) -> "_Place":
        """Read a configured address."""
        split = split_url(url)
        return cls(split.scheme or "https", split.location.rstrip("/"), split.auth, split.token)

    def channel(self, name: str) -> Channel:
        """Return the channel ``name`` that lies there."""
        base = f"{self.scheme}://{self.location}"
        return Channel(name, f"{base}/{name}" if name else base, auth=self.auth, token=self.token)


class _Rules:
    """A naming, in the form in which its rules are applied."""

    def __init__(self, naming: ChannelNaming) -> None:
        self._naming = naming
        self._alias = _Place.of(naming.channel_alias)
        self._members = {
            name: tuple(self._member(text) for text in texts)
            for name, texts in naming.multichannels.items()
        }
        self._customs: dict[str, _Place] = {
            channel.name: _Place(channel.scheme, channel.location, channel.auth, channel.token)
            for channels in self._members.values()
            for channel in channels
        }
        for name, url in naming.custom_channels.items():
            self._customs[name.strip("/")] = _Place.of(url) if "://" in url else self._alias

    def expand(self, text: str) -> Iterator[Channel]:
        """Yield the channels that ``text`` stands for."""
        name, platform, _file = split_platform(text.strip())
        members = self._members.get(name)
        if members is None:
            yield self.named(self.read(text))
            return
        for member in members:
            yield self.named(replace(member, platform=platform))

    def read(self, text: str) -> Channel:
        """Return the channel of a text that stands for one."""
        value = text.strip()
        if not value:
            raise InvalidChannel(text, "it is empty")
        if "://" in value:
            split = split_url(value)
            if split.scheme is None or not (split.location.strip("/") or split.scheme == "file"):
                raise InvalidChannel(text, "its address has no scheme or no host")
            if split.scheme != "file" and any(each.isspace() for each in split.location):
                raise InvalidChannel(text, "its address has a blank in it")  # RFC 3986, 2
            return self._of_url(value)
        if _PATH.match(value):
            return self._of_url(file_url(self._absolute(value)))
        name, platform, file_name = split_platform(value)
        if name in self._members:
            raise InvalidChannel(text, "it stands for several channels")
        if name in KNOWN_SUBDIRS or file_name is not None or name.endswith(FILE_ENDINGS):
            raise InvalidChannel(text, "it names a platform or a file of a channel")
        if not _NAME.fullmatch(name):
            raise InvalidChannel(text, "a name holds letters, digits and . _ - / only")
        path, token = split_token(f"/{name}")
        found = self._of_name(path.strip("/") or name)
        return replace(found, platform=platform, token=token or found.token)

    def named(self, channel: Channel) -> Channel:
        """Return the channel with its canonical name."""
        return replace(channel, canonical_name=self._canonical_name(channel))

    def _member(self, text: str) -> Channel:
        """Return one channel of a multichannel: its name is the path below the host or alias."""
        if "://" not in text:
            return self._alias.channel(text.strip("/"))
        place = _Place.of(text)
        below = _below(place.location, self._alias.location)
        if below is None:
            host, _slash, path = place.location.partition("/")
            return replace(place, location=host).channel(path)
        return replace(place, location=self._alias.location).channel(below)

    def _of_name(self, name: str) -> Channel:
        stem = name
        while stem not in self._customs and "/" in stem:
            stem = stem.rpartition("/")[0]
        return self._customs.get(stem, self._alias).channel(name)

    def _of_url(self, url: str) -> Channel:
        split = split_url(url)
        stem, platform, file_name = split_platform(split.location)
        if split.scheme == "file":
            stem = quote(stem, safe="/:%@!$&'()*+,;=~")  # people write spaces there
        found = self._of_location(replace(split, location=stem.rstrip("/")))
        return replace(
            found,
            platform=platform,
            file_name=file_name,
            auth=split.auth or found.auth,
            token=split.token or found.token,
        )

    def _of_location(self, url: SplitUrl) -> Channel:
        location, scheme = url.location, url.scheme or "https"
        if "/" not in location:
            return _Place(scheme, location).channel("")
        for name, old_url in _longest_first(self._naming.migrated_custom_channels):
            below = _below(location, f"{_Place.of(old_url).location}/{name}")
            if below is not None:
                return self._of_name(f"{name}/{below}".rstrip("/"))
        for alias in self._naming.migrated_channel_aliases:
            below = _below(location, _Place.of(alias).location)
            if below is not None:
                return self._alias.channel(below)
        for name, place in _longest_first(self._customs):
            below = _below(location, f"{place.location}/{name}")
            if below is not None:
                return replace(place, scheme=scheme).channel(f"{name}/{below}".rstrip("/"))
        below = _below(location, self._alias.location)
        if below is not None:
            return replace(self._alias, scheme=scheme).channel(below)
        return _unconfigured(scheme, location)

    def _canonical_name(self, channel: Channel) -> str:
        for multichannel, members in self._members.items():
            if any(member.name == channel.name for member in members):
                return multichannel
        if channel.name and any(_are_kin(channel.name, name) for name in self._customs):
            return channel.name
        aliases = (self._naming.channel_alias, *self._naming.migrated_channel_aliases)
        if channel.name and any(_Place.of(alias).location == channel.location for alias in aliases):
            return channel.name
        return channel.base_url

    def _absolute(self, path: str) -> str:
        slashed = path.replace("\\", "/")
        if slashed.startswith("~"):
            folder, rest = self._naming.home_folder, slashed[1:].lstrip("/")
            if folder is None or not slashed.startswith("~/"):
                raise InvalidChannel(path, "there is no home folder to start from")
        elif slashed.startswith("."):
            folder, rest = self._naming.current_folder, slashed
            if folder is None:
                raise InvalidChannel(path, "there is no folder to start from")
        else:
            return path
        return posixpath.normpath(posixpath.join(folder.replace("\\", "/"), rest))


def _unconfigured(scheme: str, location: str) -> Channel:
    """Return the channel of an address that no setting mentions."""
    if scheme == "file":
        folder, _slash, name = location.rpartition("/")
        return _Place(scheme, folder).channel(name)
    host, _slash, path = location.partition("/")
    below = _below(path, "conda")  # where enterprise servers keep their channels
    if below is not None:
        return _Place(scheme, f"{host}/conda").channel(below)
    return _Place(scheme, host).channel(path)


def _below(path: str, folder: str) -> str | None:
    """Return what of ``path`` lies below ``folder``, part by part; None where it lies elsewhere."""
    if path == folder:
        return ""
    return path[len(folder) + 1 :] if path.startswith(f"{folder}/") else None


def _are_kin(one: str, other: str) -> bool:
    """Tell whether one name is the beginning of the other: conda takes both for configured."""
    return _below(one, other) is not None or _below(other, one) is not None


def _longest_first(names: Mapping[str, Value]) -> list[tuple[str, Value]]:
    return sorted(names.items(), key=lambda item: len(item[0]), reverse=True)
