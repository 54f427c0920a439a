"""Bring one file here, whole and verified, or not at all. Layer: net. Source: RFC 9110 (ranges).

What arrives goes into ``.NAME.download`` beside the destination and takes its name only when its
length and digest are those that the channel promises. An interrupted transfer goes on where it
stopped, also in another process, if there is a digest to prove the result by.
"""

import fcntl
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from itertools import count
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Final

from xconda_core.cancel import CancelToken
from xconda_core.files.atomic import sync_folder, write_all
from xconda_core.files.failures import refusals_named
from xconda_core.models.channel import without_credentials
from xconda_core.net.failures import DownloadDamaged, HttpRefused, NetworkFailed
from xconda_core.net.fetcher import Fetcher, Response
from xconda_core.values import Slotted, dataclass

if TYPE_CHECKING:
    from hashlib import _Hash

ReportChunk = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes there will be (0: not known)."""

_log: Final = logging.getLogger(__name__)
_TRIES: Final = 4  # how often a transfer that broke in the middle is taken up again


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Slotted):
    """What a channel says about a file, None where it does not say.

    Attributes:
        size: Length in bytes.
        sha256: Hexadecimal digest.
        md5: Hexadecimal digest, looked at where there is no ``sha256``.
    """

    size: int | None = None
    sha256: str | None = None
    md5: str | None = None

    @property
    def digest(self) -> tuple[str, str] | None:
        """The name and the value of the digest that decides."""
        if self.sha256:
            return "sha256", self.sha256.lower()
        return ("md5", self.md5.lower()) if self.md5 else None


def download(
    fetcher: Fetcher,
    url: str,
    destination: Path,
    *,
    size: int | None,
    sha256: str | None,
    md5: str | None,
    report: ReportChunk,
    cancel: CancelToken,
    durable: bool = True,
) -> None:
    """Bring ``url`` to ``destination``; its folder must exist.

    Args:
        fetcher: Opens the URL.
        url: Where the file is.
        destination: Where it goes; replaced if it exists.
        size: Length in bytes, if the channel says.
        sha256: Hexadecimal digest, if the channel says.
        md5: Hexadecimal digest, if the channel says; looked at where there is no ``sha256``.
        report: Told of progress.
        cancel: Looked at between chunks; what has arrived is kept for the next time.
        durable: Wait until the disk has it; whoever looks at the digest before use need not.

    Raises:
        DownloadDamaged: size or digest differ; nothing is left behind.
        HttpRefused: the server does not give the file.
        NetworkFailed: it did not arrive, however often it was tried.
        DiskFull, NotWritable: it cannot be written.
        Cancelled: somebody asked to stop.
    """
    promise = Promise(size=size, sha256=sha256, md5=md5)
    with refusals_named(f"write {destination.name}", destination):
        with _partial(destination) as file:
            try:
                _Transfer(file, promise, report, cancel).run(fetcher, url)
                if durable:
                    os.fsync(file.fileno())
            except (DownloadDamaged, OSError):
                Path(file.name).unlink(missing_ok=True)  # wrong bytes; or a full disk: give it back
                raise
            Path(file.name).replace(destination)
        if durable:
            sync_folder(destination.parent)


@contextmanager
def _partial(destination: Path) -> Iterator[FileIO]:
    """Open the file for what arrives; one of its own while somebody else is at the same."""
    # Not conda's name: it resumes, or moves, what it finds there, and knows no lock of ours.
    shared = destination.with_name(f".{destination.name}.download")
    alone = destination.with_name(f".{destination.name}.{os.getpid()}-{get_ident()}.download")
    with FileIO(shared, "ab+") as file:
        if _claimed(file, shared):
            try:
                yield file
            finally:
                if os.fstat(file.fileno()).st_size == 0:
                    shared.unlink(missing_ok=True)
            return
    try:
        with FileIO(alone, "wb+") as file:
            yield file
    finally:
        alone.unlink(missing_ok=True)


def _claimed(file: FileIO, path: Path) -> bool:
    """Whether ``file`` is now ours alone, and still the one that ``path`` names."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:  # held by somebody, finished by somebody, or a file system without locks
        return False


class _Transfer:
    """One file on its way: how much of it is here, and the digest of that much."""

    def __init__(
        self, file: FileIO, promise: Promise, report: ReportChunk, cancel: CancelToken
    ) -> None:
        self._file, self._promise, self._report, self._cancel = file, promise, report, cancel
        self._digest = _new_digest(promise.digest[0] if promise.digest else "sha256")
        self._done = 0
        self._validator = ""
        self._elsewhere: Callable[[], bool] = lambda: False

    def run(self, fetcher: Fetcher, url: str) -> None:
        """Fetch and verify; start again once if what was here before turns out to be wrong.

        What arrives wrong is asked for from all other mirrors, and where there is none, once more:
        a proxy or a cable may have damaged it.
        """
        resumed = self._take_over()
        shown = without_credentials(url)
        if resumed:
            _log.info("%d bytes of an earlier download are taken over: %s", self._done, shown)
        self._fetch(fetcher, url)
        if resumed and self._damage(shown):
            _log.warning("what an earlier download left is damaged, starting again: %s", shown)
            self._forget()
            self._fetch(fetcher, url)
        once_more = True
        while damage := self._damage(shown):
            elsewhere = self._elsewhere()
            if not elsewhere and not once_more:
                raise damage
            once_more = False
            whom = "another mirror" if elsewhere else "once more"
            _log.warning("%s Asking %s.", damage.why, whom)
            self._forget()
            self._fetch(fetcher, url)

    def _take_over(self) -> bool:
        """Read what an earlier transfer left; return whether there was anything of use."""
        self._file.seek(0)
        if self._promise.digest is None:
            self._forget()
        while chunk := self._file.read(1 << 20):
            self._cancel.check()
            self._digest.update(chunk)
            self._done += len(chunk)
        return self._done > 0

    def _fetch(self, fetcher: Fetcher, url: str) -> None:
        for attempt in count(1):
            try:
                self._fetch_rest(fetcher, url)
            except NetworkFailed as error:
                if attempt == _TRIES or not error.broke_off:
                    raise
                _log.warning("broke off after %d bytes, going on: %s", self._done, error.url)
            else:
                return

    def _fetch_rest(self, fetcher: Fetcher, url: str) -> None:
        if self._done and not (self._promise.digest or self._validator):
            self._forget()  # nothing would prove that two halves are of one file
        while not (self._done and self._done == self._promise.size):
            with fetcher.open(url, self._headers()) as response:
                if self._done and self._is_another_part(response):
                    self._forget()
                elif response.status == 200 or (response.status == 206 and self._done):
                    self._receive(response)
                    return
                else:
                    raise HttpRefused(response.url, response.status)

    def _headers(self) -> Mapping[str, str]:
        headers = {"Accept-Encoding": "identity"}  # the channel's size is that of the file itself
        if self._done:
            headers["Range"] = f"bytes={self._done}-"
            if self._validator:
                headers["If-Range"] = self._validator
        return headers

    def _is_another_part(self, response: Response) -> bool:
        """Whether the answer is a part, or none, and does not go on where this file ends."""
        if response.status != 206:
            return response.status == 416
        found = re.match(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
        if not found or int(found[1]) != self._done or "content-encoding" in response.headers:
            return True
        return found[2] not in {"*", str(self._promise.size or found[2])}

    def _receive(self, response: Response) -> None:
        if response.status == 200:
            self._forget()
        self._elsewhere = response.refuse
        etag = response.headers.get("etag", "")
        self._validator = "" if etag.startswith("W/") else etag
        total = self._promise.size or self._done + _length(response.headers)
        self._report(self._done, total)
        for chunk in response.chunks:
            self._cancel.check()
            write_all(self._file.fileno(), chunk)
            self._digest.update(chunk)
            self._done += len(chunk)
            if self._promise.size is not None and self._done > self._promise.size:
                return  # longer than promised: no need to see how much longer
            self._report(self._done, max(total, self._done))

    def _damage(self, shown: str) -> DownloadDamaged | None:
        """Return how what is here differs from what was promised, None if it does not."""
        size, digest = self._promise.size, self._promise.digest
        if size is not None and self._done != size:
            return DownloadDamaged(shown, "size", f"{size} bytes", f"{self._done} bytes")
        if digest and self._digest.hexdigest() != digest[1]:
            return DownloadDamaged(shown, digest[0], digest[1], self._digest.hexdigest())
        return None

    def _forget(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._digest = _new_digest(self._digest.name)
        self._done = 0


def _new_digest(name: str) -> "_Hash":
    import hashlib  # OpenSSL, which nobody needs who downloads nothing

    return hashlib.new(name)


def _length(headers: Mapping[str, str]) -> int:
    """Return how many bytes are still to come, 0 where that cannot be known."""
    if "content-encoding" in headers:
        return 0
    text = headers.get("content-length", "")
    return int(text) if text.isdecimal() else 0
