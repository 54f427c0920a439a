"""Addresses of channels as text: credentials, tokens, platform folders. Layer: models. Pure.

Source: CEP 26 for channels, RFC 3986 for addresses; ``/t/TOKEN`` is how repository servers carry
access tokens in the path.
"""

import re
from typing import Final
from urllib.parse import quote

from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

_WEB: Final = ("https://", "http://")
_BESIDE_SECRETS: Final = ("@", "/t/", "?", "#")
FILE_ENDINGS: Final = (".conda", ".tar.bz2", ".json")

_SMALL: Final = "abcdefghijklmnopqrstuvwxyz"
_IN_SCHEMES: Final = frozenset(f"{_SMALL}{_SMALL.upper()}0123456789+.-")
_TOKEN: Final = regex(r"/t/(?P<token>[^/]*)(?=/|$)")  # empty: $TOKEN was not set
_SECRETS: Final = regex(
    r"""(?<=://)[^/\s]+(?=@)       # user:password@, the password may hold an @
      | [^/@\s:'"\[=]+:[^/\s]+(?=@)  # the same, where the scheme was forgotten
      | (?<=\bt/)[^/\s]+           # token in the path
      | (?<=[?&#])[^\s\[\]'"]+     # anything after the path may be a key
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class SplitUrl(Slotted):
    """An address without its secrets, and the secrets.

    Attributes:
        scheme: ``https``, ``file``, ``s3`` and so on; None where the text is no address.
        location: Host, port and path, or the whole text where it is no address.
        auth: ``user:password`` as written, None where there is none.
        token: Token of the path, None where there is none; empty where its place is.
    """

    scheme: str | None
    location: str
    auth: str | None = None
    token: str | None = None

    def __repr__(self) -> str:
        return f"SplitUrl({self.shown!r})"

    @property
    def shown(self) -> str:
        """The address without its secrets."""
        return self.location if self.scheme is None else f"{self.scheme}://{self.location}"


def split_url(text: str) -> SplitUrl:
    """Take an address apart; text that is none comes back as a location."""
    scheme, mark, rest = text.partition("://")
    if not mark or not _IN_SCHEMES.issuperset(scheme) or not scheme[:1].isalpha():
        path, token = split_token(f"/{text}") if text.startswith("t/") else (text, None)
        return SplitUrl(None, path.lstrip("/") if token else text, None, token)
    host, slash, path = rest.partition("/")
    auth, mark, host = host.rpartition("@")
    path = path.partition("?")[0].partition("#")[0]  # no part of a channel, and may hold keys
    rest = f"{host}{slash}{path}"
    scheme = scheme.lower()
    rest, token = split_token(rest, len(host)) if scheme != "file" else (rest, None)
    return SplitUrl(scheme, rest, auth if mark else None, token)


def split_token(path: str, start: int = 0) -> tuple[str, str | None]:
    """Return ``path`` without ``/t/TOKEN`` (looked for from ``start``), and the token."""
    token: str | None = None
    if "/t/" not in path:
        return path, token
    while (found := _TOKEN.search(path, start)) is not None:
        path = path[: found.start()] + path[found.end() :]
        token = token or found["token"]
    return path, token


def without_credentials(url: str) -> str:
    """Return the address without user, password and token."""
    if url.startswith(_WEB) and not any(sign in url for sign in _BESIDE_SECRETS):
        return url  # nearly every one
    return split_url(url).shown


def mask_secrets(text: str) -> str:
    """Return ``text`` with the credentials of addresses in it starred out, its length kept."""
    if "/" not in text and "@" not in text:
        return text
    return _SECRETS.sub(lambda found: "*" * len(found[0]), text)


def split_subdir(channel: str) -> tuple[str, str | None]:
    """Return the channel without its platform folder, and that folder, where it ends in one."""
    trimmed = channel if channel.endswith("://") else channel.rstrip("/")
    stem, _slash, last = trimmed.rpartition("/")
    if stem and last in KNOWN_SUBDIRS:
        return stem.rstrip("/"), last
    return trimmed or channel, None


def split_platform(channel: str) -> tuple[str, str | None, str | None]:
    """Return the channel, the platform folder and the file that its text points to."""
    folder, _slash, last = channel.rpartition("/")
    if not folder or not last.endswith(FILE_ENDINGS):
        return (*split_subdir(channel), None)
    return (*split_subdir(folder), last)


def file_url(path: str) -> str:
    """Return the ``file://`` address of an absolute path, of either kind of slash."""
    slashed = path.replace("\\", "/")
    if re.match(r"[a-zA-Z]:/", slashed):
        slashed = f"/{slashed}"
    return "file://" + quote(slashed, safe="/:@!$&'()*+,;=~?")


def channel_matches(wanted: str, channel: str) -> bool:
    """Tell whether the channel of a record is the one a spec names.

    An address names that channel only. A name is what an address ends in: ``conda-forge`` is
    ``https://mirror.example/conda-forge``; and an address also matches a record that knows only
    the name of its channel.
    """
    wanted, channel = (without_credentials(text).rstrip("/").lower() for text in (wanted, channel))
    if wanted == channel:
        return True
    if "://" in wanted:
        return "://" not in channel and bool(channel) and wanted.endswith(f"/{channel}")
    return "://" in channel and channel.endswith(f"/{wanted}")
