"""Repodata documents kept between runs, each beside what its server said of it. Layer: repodata.

A document is a file that never changes, named by the digest of its bytes; the state, replaced as a
whole, says which document is the one. So a reader meets the old or the new, never a half, and
processes need not wait for each other. Source: RFC 9111 (how long an answer is fresh).
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from xconda_core.digests import sha256
from xconda_core.files.atomic import write_bytes


class CacheState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one platform folder.

    Attributes:
        url: Address of the folder, without credentials; of the list where it is not the usual one.
        file: What the document is called there: in which form it is.
        document: Name of its file.
        size: Its length in bytes.
        etag: Validator of the answer.
        last_modified: The other validator of the answer.
        cache_control: How long the server says it is good for.
        fetched_at: When the server last stood by it, in seconds since 1970.
        patches_offset: Up to where its file of patches was read (JLAP); 0: not at all.
        patches_checksum: Of its lines up to there, in hexadecimal.
        missing: Files that the server does not have, and when it said so.
    """

    url: str
    file: str
    document: str = ""
    size: int = 0
    etag: str = ""
    last_modified: str = ""
    cache_control: str = ""
    fetched_at: float = 0.0
    patches_offset: int = 0
    patches_checksum: str = ""
    missing: dict[str, float] = {}

    def validators(self) -> dict[str, str]:
        """Return the headers that ask for the document only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    def is_fresh(self, ttl: int, now: float) -> bool:
        """Whether the server need not be asked again.

        Args:
            ttl: 1 to obey the server's Cache-Control, 0 to ask always, else seconds.
            now: The time, in seconds since 1970.
        """
        seconds = max_age(self.cache_control) if ttl == 1 else ttl
        return 0 <= now - self.fetched_at < seconds


def max_age(cache_control: str) -> int:
    """Return the seconds that ``Cache-Control`` lets an answer be used for; 0 if it is silent."""
    lowered = cache_control.lower()
    if "no-cache" in lowered or "no-store" in lowered:
        return 0
    found = re.search(r"max-age\s*=\s*\"?(\d{1,9})", lowered)
    return int(found[1]) if found else 0


_read_state: Final = msgspec.json.Decoder(CacheState).decode


class DocumentCache:
    """The documents in one folder of this machine.

    Attributes:
        folder: The folder; there when something was kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def state(self, url: str) -> CacheState | None:
        """Return what is known of the folder at ``url``; None if nothing, or nothing readable."""
        try:
            state = _read_state(self._state_path(url).read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return state if state.url == url else None

    def content(self, state: CacheState) -> bytes | None:
        """Return the document that ``state`` speaks of; None if it is gone or not whole."""
        try:
            content = (self.folder / Path(state.document).name).read_bytes()
        except OSError:
            return None
        is_whole = document_name(content, state.url, state.file) == state.document
        return content if is_whole else None

    def keep(self, content: bytes, state: CacheState) -> CacheState:
        """Make ``content`` the document of ``state.url``; return the state that says so.

        It is not waited for the disk: what a power cut spoils is no longer what its name says.

        Raises:
            OSError: the cache cannot be written; it is as it was.
        """
        name = document_name(content, state.url, state.file)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_bytes(self.folder / name, content, durable=False)
        kept = msgspec.structs.replace(state, document=name, size=len(content))
        self.write(kept)
        # A process that is just bringing another one finds it gone and fetches it again.
        for other in self.folder.glob(f"{_key(state.url)}-*"):
            if other.name != name:
                with suppress(OSError):
                    other.unlink()
        return kept

    def write(self, state: CacheState) -> None:
        """Replace what is known of ``state.url``.

        Raises:
            OSError: the cache cannot be written; it is as it was.
        """
        write_bytes(self._state_path(state.url), msgspec.json.encode(state), durable=False)

    def _state_path(self, url: str) -> Path:
        return self.folder / f"{_key(url)}.state.json"


def document_name(content: bytes, url: str, file: str) -> str:
    """Return the name of the file that keeps ``content``, which no other content has."""
    return f"{_key(url)}-{sha256(content).hexdigest()[:16]}.{file}"


def _key(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:16]
