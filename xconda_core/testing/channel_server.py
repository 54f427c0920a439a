"""Serve a channel folder over HTTP on this machine, as a good mirror would. Layer: testing.

Source: RFC 9110 (validators, ranges), RFC 9111 (``Cache-Control``), CEP 16 (its cache lifetimes).
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate, parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit

from xconda_core.errors import XcondaError
from xconda_core.values import Slotted, dataclass

_CHUNK: Final = 1 << 18
_DROP: Final = 16  # bytes that a slow server gives at a time
_TYPES: Final = {".json": "application/json", ".zst": "application/zstd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Slotted):
    """How one answer goes wrong; the default goes right.

    Attributes:
        delay: Seconds to wait before the first byte.
        status: Answer with this error instead of the file.
        retry_after: Seconds for the ``Retry-After`` header of that error.
        cut_after: Close the connection after this many bytes of the body.
        corrupt: Change the first byte of the body.
        redirect: Answer with 302 to this address; empty for the one that was asked for.
        stall_after: After this many bytes of the body, wait for ``stall`` seconds.
        stall: Seconds.
        drip: Seconds to wait after every few bytes of the body.
    """

    delay: float = 0.0
    status: int | None = None
    retry_after: int | None = None
    cut_after: int | None = None
    corrupt: bool = False
    redirect: str | None = None
    stall_after: int | None = None
    stall: float = 0.0
    drip: float = 0.0


Faults = Callable[[str, int], Fault | None]
"""(path of the URL, how often it was asked for before) -> what goes wrong, None for nothing."""


@dataclass(frozen=True, slots=True)
class Request(Slotted):
    """One request as it arrived and the status it got."""

    path: str
    status: int
    headers: dict[str, str]


class ChannelNotServed(XcondaError):
    """A channel folder cannot be served.

    Attributes:
        folder: The channel.
        port: The port asked for, 0 for any.
    """

    code = "channel-not-served"

    def __init__(self, folder: Path, port: int, why: str) -> None:
        super().__init__(folder, port, why)
        self.folder, self.port = folder, port
        where = f"port {port}" if port else "any port"
        self.what = f"{folder} was not served on {where}."
        self.why = f"{why}."
        self.fix = "name the folder of a channel, and leave the port out to get a free one."


class ChannelServer:
    """A running server.

    Attributes:
        url: Address of the channel, without a slash at its end.
        requests: Every request so far, oldest first.
    """

    def __init__(self, server: "_Server") -> None:
        host, port = server.server_address[:2]
        self.url = f"http://{host!s}:{port}"
        self.requests = server.log

    def paths(self) -> list[str]:
        """Return the path of every request so far, oldest first."""
        return [request.path for request in self.requests]


@contextmanager
def serve(
    folder: Path, *, faults: Faults | None = None, port: int = 0, max_age: int = 60
) -> Iterator[ChannelServer]:
    """Serve ``folder`` on 127.0.0.1 while the block runs; port 0 means any free one.

    ``max_age`` is for how many seconds a client may trust its copy of the index without asking:
    0 in tests where the channel changes under the client.

    Raises:
        ChannelNotServed: there is no such folder, or the port is taken.
    """
    if not folder.is_dir():
        raise ChannelNotServed(folder, port, "there is no such folder")
    try:
        running = _Server(folder.resolve(), faults, port, max_age)
    except OSError as error:
        raise ChannelNotServed(folder, port, str(error.strerror)) from error
    with running as server:
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield ChannelServer(server)
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open must not hold up the end
    request_queue_size = 128

    def __init__(self, folder: Path, faults: Faults | None, port: int, max_age: int) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        self.folder = folder
        self.faults = faults
        self.max_age = max_age
        self.log: list[Request] = []

    def server_bind(self) -> None:
        # The base class asks DNS for this machine's name here, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that went away is no failure of the server."""


@dataclass(frozen=True, slots=True)
class _Entity(Slotted):
    """A file as HTTP sees it."""

    path: Path
    size: int
    modified: float
    etag: str

    @property
    def last_modified(self) -> str:
        return formatdate(self.modified, usegmt=True)

    def is_known(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Whether the client's copy is still good (RFC 9110, 13.2.2: the ETag decides first)."""
        if if_none_match is not None:
            tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
            return self.etag in tags or "*" in tags
        if if_modified_since is None:
            return False
        try:
            return int(self.modified) <= parsedate_to_datetime(if_modified_since).timestamp()
        except ValueError:
            return False


def _entity(path: Path) -> _Entity:
    status = path.stat()
    mark = blake2b(f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}".encode(), digest_size=8)
    return _Entity(path, status.st_size, status.st_mtime, f'"{mark.hexdigest()}"')


def _cache_control(path: Path, max_age: int) -> str:
    if path.parent.name == "shards" or path.suffix == ".conda" or path.name.endswith(".tar.bz2"):
        return "public, max-age=31536000, immutable"  # named by content, or never replaced
    return f"public, max-age={max_age}"


def _byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return (first, last) of a single satisfiable range, None to send everything.

    Raises:
        ValueError: the range starts behind the end.
    """
    unit, _, ranges = (header or "").partition("=")
    first, dash, last = ranges.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not (first + last).isdigit():
        return None  # no range, several, or not understood: RFC 9110 lets a server ignore it
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size:
        raise ValueError(f"a range from {start} is behind the end of {size} bytes")
    return (start, end) if start <= end else None


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = -1  # headers and the start of the body leave in one segment
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with a file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with a file's headers."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: ``ChannelServer.requests`` is the log."""

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        fault = self._fault(path)
        if fault.delay:
            time.sleep(fault.delay)
        if fault.status is not None:
            extra = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            self._refuse(path, fault.status, extra)
            return
        if fault.redirect is not None:
            extra = {"Location": fault.redirect or self.path}
            self._refuse(path, HTTPStatus.FOUND, extra)
            return
        file = (self.server.folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.server.folder) or not file.is_file():
            self._refuse(path, HTTPStatus.NOT_FOUND, {})
            return
        self._send(path, _entity(file), fault)

    def _fault(self, path: str) -> Fault:
        if self.server.faults is None:
            return Fault()
        before = sum(request.path == path for request in self.server.log)
        return self.server.faults(path, before) or Fault()

    def _refuse(self, path: str, status: int, extra: dict[str, str]) -> None:
        body = f"{status} {HTTPStatus(status).phrase}: {path}\n".encode()
        self._start(path, status, {"Content-Type": "text/plain", **extra}, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send(self, path: str, entity: _Entity, fault: Fault) -> None:
        headers = {
            "ETag": entity.etag,
            "Last-Modified": entity.last_modified,
            "Cache-Control": _cache_control(entity.path, self.server.max_age),
            "Accept-Ranges": "bytes",
        }
        known = entity.is_known(
            self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        )
        if known:
            self._start(path, HTTPStatus.NOT_MODIFIED, headers, None)
            return
        headers["Content-Type"] = _TYPES.get(entity.path.suffix, "application/octet-stream")
        try:
            span = self._wanted_range(entity)
        except ValueError:
            extra = {"Content-Range": f"bytes */{entity.size}"}
            self._refuse(path, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, extra)
            return
        first, last = span or (0, entity.size - 1)
        if span:
            headers["Content-Range"] = f"bytes {first}-{last}/{entity.size}"
        status = HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK
        self._start(path, status, headers, last - first + 1)
        if self.command != "HEAD":
            with entity.path.open("rb") as source:
                source.seek(first)
                self._copy(source, last - first + 1, fault)

    def _wanted_range(self, entity: _Entity) -> tuple[int, int] | None:
        condition = self.headers.get("If-Range")
        if condition is not None and condition not in {entity.etag, entity.last_modified}:
            return None  # the client's first part is of another file: it needs all of this one
        return _byte_range(self.headers.get("Range"), entity.size)

    def _start(self, path: str, status: int, headers: dict[str, str], length: int | None) -> None:
        self.server.log.append(Request(path, status, dict(self.headers.items())))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _copy(self, source: BinaryIO, length: int, fault: Fault) -> None:
        left = length if fault.cut_after is None else min(length, fault.cut_after)
        sent = 0
        while left > 0:
            chunk = source.read(min(_piece(fault, sent), left))
            if not chunk:
                break
            left -= len(chunk)
            if sent == 0 and fault.corrupt:
                chunk = bytes([chunk[0] ^ 0xFF]) + chunk[1:]
            sent += len(chunk)
            self.wfile.write(chunk)
            if fault.drip or sent == fault.stall_after:
                self.wfile.flush()
                time.sleep(fault.drip or fault.stall)
        if fault.cut_after is not None:
            self.close_connection = True


def _piece(fault: Fault, sent: int) -> int:
    """Return how many bytes may be sent before the next pause."""
    if fault.drip:
        return _DROP
    return _CHUNK if fault.stall_after is None or sent else fault.stall_after
