"""Addresses of FTP, against a real server."""

import hashlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, ThrottledDTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from xconda_core.cancel import CancelToken
from xconda_core.net.connection import Connection
from xconda_core.net.download import download
from xconda_core.net.failures import NetworkFailed, Offline
from xconda_core.net.ftp import FtpFetcher
from xconda_core.testing.simulator import a_channel, a_package


@contextmanager
def an_ftp_server(folder: Path, **manners: Any) -> Iterator[str]:
    """Serve ``folder`` to ``me`` with the password ``p@ss/w`` and to nobody; give host and port."""
    authorizer = DummyAuthorizer()
    authorizer.add_user("me", "p@ss/w", str(folder))
    authorizer.add_anonymous(str(folder / "public"))
    handler = type("Handler", (FTPHandler,), {"authorizer": authorizer, **manners})
    server = FTPServer(("127.0.0.1", 0), handler, ioloop=IOLoop())
    done = Event()

    def serve() -> None:
        while not done.is_set():
            server.serve_forever(timeout=0.02, blocking=False, handle_exit=False)
        server.close_all()

    running = Thread(target=serve, daemon=True)
    running.start()
    yield f"127.0.0.1:{server.address[1]}"
    done.set()
    running.join(5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    public = tmp_path / "ftp" / "public"
    public.mkdir(parents=True)
    (public / "a b.txt").write_bytes(b"hello")
    return tmp_path / "ftp"


@pytest.fixture
def ftp(folder: Path) -> Iterator[str]:
    with an_ftp_server(folder) as place:
        yield place


def a_fetcher(**words: Any) -> FtpFetcher:
    usual = {"max_retries": 0, "wait": lambda seconds: None, "read_timeout": 5.0}
    return FtpFetcher(Connection(**{**usual, **words}))


def body_of(url: str, **words: Any) -> bytes:
    with a_fetcher(**words).open(url) as response:
        assert response.status == 200
        return b"".join(response.chunks)


def status_of(url: str, headers: dict[str, str] | None = None) -> int:
    with a_fetcher().open(url, headers) as response:
        return response.status


def test_a_file_arrives_with_its_size_and_time(ftp: str) -> None:
    with a_fetcher().open(f"ftp://{ftp}/a%20b.txt") as response:
        assert b"".join(response.chunks) == b"hello"
        assert response.headers["content-length"] == "5"
        changed = response.headers["last-modified"]
    assert changed.endswith(" GMT")
    assert status_of(f"ftp://{ftp}/a%20b.txt", {"If-Modified-Since": changed}) == 304


def test_a_login_in_the_address_is_used_and_not_shown(
    ftp: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"ftp://me:p%40ss%2Fw@{ftp}/public/a%20b.txt"
    with caplog.at_level(1), a_fetcher().open(url) as response:
        assert b"".join(response.chunks) == b"hello"
        assert "p%40ss" not in response.url
    assert "ss" + "%2Fw" not in caplog.text


def test_a_login_that_is_known_for_the_channel_or_in_netrc_is_used(ftp: str, folder: Path) -> None:
    plain = f"ftp://{ftp}/public"
    known = {plain: plain.replace("ftp://", "ftp://me:p%40ss%2Fw@")}
    assert body_of(f"{plain}/a%20b.txt", credentials=known) == b"hello"
    (folder.parent / "netrc").write_text("machine 127.0.0.1 login me password p@ss/w\n")
    assert body_of(f"{plain}/a%20b.txt") == b"hello"


def test_what_is_not_there_or_not_allowed_is_an_answer(ftp: str) -> None:
    assert status_of(f"ftp://{ftp}/none") == 404
    assert status_of(f"ftp://{ftp}/") == 404
    assert status_of(f"ftp://me:wrong@{ftp}/public/a%20b.txt") == 401


def test_a_download_goes_on_where_it_stopped(ftp: str, tmp_path: Path) -> None:
    (tmp_path / ".a.txt.download").write_bytes(b"hel")
    done: list[int] = []
    download(
        a_fetcher(), f"ftp://{ftp}/a%20b.txt", tmp_path / "a.txt", size=5,
        sha256=hashlib.sha256(b"hello").hexdigest(), md5=None,
        report=lambda now, total: done.append(now), cancel=CancelToken(),
    )  # fmt: skip
    assert (tmp_path / "a.txt").read_bytes() == b"hello"
    assert done[0] == 3


def test_a_rest_that_is_none_is_told_as_http_does(ftp: str) -> None:
    assert status_of(f"ftp://{ftp}/a%20b.txt", {"Range": "bytes=5-"}) == 416


def test_a_server_that_breaks_off_is_told(folder: Path) -> None:
    (folder / "public" / "big").write_bytes(b"x" * 5_000_000)

    slow = type("Slow", (ThrottledDTPHandler,), {"write_limit": 1_000_000})
    manners = {"ftp_RETR": cut_after_start, "dtp_handler": slow}
    with an_ftp_server(folder, **manners) as place, pytest.raises(NetworkFailed) as failure:
        body_of(f"ftp://{place}/big")
    assert failure.value.broke_off


def cut_after_start(self: Any, file: str) -> str:
    found: str = FTPHandler.ftp_RETR(self, file)
    self.ioloop.call_later(0.05, self.close)
    return found


def test_a_busy_server_is_asked_again_and_then_told(folder: Path) -> None:
    greetings: list[int] = []

    def busy(self: Any) -> None:
        greetings.append(1)
        self.respond("421 come back later")
        self.close_when_done()

    told = pytest.raises(NetworkFailed, match="the server says: 421")
    with an_ftp_server(folder, on_connect=busy) as place, told:
        body_of(f"ftp://{place}/a%20b.txt", max_retries=2)
    assert len(greetings) == 3


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(NetworkFailed, match=r"127\.0\.0\.1 refused the connection"):
        body_of("ftp://127.0.0.1:9/x")


def test_a_silent_server_is_told_with_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NetworkFailed, match=r"said nothing for 0\.2 seconds"):
            body_of(f"ftp://{place}/x", connect_timeout=0.2)


def test_an_address_cannot_smuggle_commands(ftp: str) -> None:
    with pytest.raises(NetworkFailed, match="cannot be fetched by FTP"):
        body_of(f"ftp://{ftp}/x%0D%0ADELE%20a")


def test_offline_means_not_even_a_try(ftp: str) -> None:
    with pytest.raises(Offline):
        body_of(f"ftp://{ftp}/a%20b.txt", offline=True)


def test_a_channel_at_a_server_is_installed_from(folder: Path, tmp_path: Path) -> None:
    a_channel(folder / "orchard", [a_package("apple", depends=["seed"]), a_package("seed")],
              subdirs=("linux-64", "noarch"))  # fmt: skip
    with an_ftp_server(folder) as place:
        environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "CONDA_SUBDIR": "linux-64"}
        channel = f"ftp://me:p%40ss%2Fw@{place}/orchard"
        words = ["create", "-y", "-n", "e", "-c", channel, "--override-channels", "apple", "-vvvv"]
        done = subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (record,) = tmp_path.rglob("conda-meta/apple-*.json")
    for text in (done.stderr, done.stdout, record.read_text()):
        assert "p%40ss" not in text
        assert "p@ss" not in text
