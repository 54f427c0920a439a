"""A real HTTP proxy on loopback: it forwards requests, opens tunnels, and may want a login."""

import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


class ProxyServer(ThreadingHTTPServer):
    """Forwards to ``elsewhere`` where that is set, else to where it is asked to.

    Attributes:
        login: ``user:password`` that is wanted; empty: none.
        offers: What it says of logins.
        refuses: Answers every request with this status.
        asked: What it was asked, as ``METHOD address``.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.login, self.offers, self.refuses = "", 'Basic realm="here"', 0
        self.asked: list[str] = []
        self.elsewhere: dict[str, int] = {}  # port on loopback by name of the host

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.place}"

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ProxyServer

    def do_GET(self) -> None:
        if not self._is_welcome():
            return
        parts = urlsplit(self.path)
        host, port = self._target(parts.hostname or "", parts.port or 80)
        onward = HTTPConnection(host, port, timeout=5)
        hop = {"proxy-authorization", "proxy-connection", "connection"}
        headers = {name: text for name, text in self.headers.items() if name.lower() not in hop}
        onward.request("GET", parts.path or "/", headers=headers)
        answer = onward.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, text in answer.getheaders():
            if name.lower() not in {"content-length", "connection"}:
                self.send_header(name, text)
        self._end(body)
        onward.close()

    def do_CONNECT(self) -> None:
        if not self._is_welcome():
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection(self._target(host, int(port)), timeout=5) as onward:
            self.send_response(200, "Connection established")
            self.end_headers()
            back = Thread(target=_copy, args=(onward, self.connection), daemon=True)
            back.start()
            _copy(self.connection, onward)
        self.close_connection = True

    def _target(self, host: str, port: int) -> tuple[str, int]:
        known = self.server.elsewhere.get(host)
        return (host, port) if known is None else ("127.0.0.1", known)

    def _is_welcome(self) -> bool:
        self.server.asked.append(f"{self.command} {self.path}")
        status = self.server.refuses
        if self.server.login and not status:
            wanted = b64encode(self.server.login.encode()).decode()
            sent = self.headers.get("Proxy-Authorization", "")
            status = 0 if sent == f"Basic {wanted}" else 407
        if not status:
            return True
        self.send_response(status)
        if status == 407:
            self.send_header("Proxy-Authenticate", self.server.offers)
        self._end(b"")
        return False

    def _end(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(1 << 16):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def a_proxy() -> Iterator[ProxyServer]:
    with ProxyServer() as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
