"""A real HTTP server on loopback whose every answer a test can write."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


@dataclass
class Asked:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]


@dataclass
class Answer:
    """What to send back.

    Attributes:
        cut_after: Close the connection after so many bytes of the body.
        hang_up: Close it without an answer.
        drip: Seconds before each byte of the body.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    hang_up: bool = False
    drip: float = 0.0


class ScriptedServer(ThreadingHTTPServer):
    """Answers from ``answer``, and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False
    answer: Callable[[Asked], Answer]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.connections = 0
        self.answer = lambda asked: Answer(404)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()})
        self.server.asked.append(asked)
        answer = self.server.answer(asked)
        if answer.hang_up:
            self.close_connection = True
            return
        self.send_response(answer.status)
        headers = {"Content-Length": str(len(answer.body))} | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.drip:
            for place in range(len(answer.body)):
                time.sleep(answer.drip)
                self.wfile.write(answer.body[place : place + 1])
            return
        self.wfile.write(answer.body[: answer.cut_after])
        if answer.cut_after is not None:
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def a_server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with a_server() as running:
        yield running


@pytest.fixture
def other_server() -> Iterator[ScriptedServer]:
    with a_server() as running:
        yield running


@pytest.fixture
def answers() -> type[Answer]:
    return Answer
