"""The HTTP session against a real server that misbehaves."""

import gzip
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.net.connection import Connection
from xconda_core.net.failures import HttpRefused, NetworkFailed, Offline
from xconda_core.net.fetcher import DeferredFetcher, Fetcher
from xconda_core.net.local import LocalFetcher
from xconda_core.net.session import RequestsFetcher

Server = Any  # the scripted server of conftest


def a_fetcher(**options: Any) -> RequestsFetcher:
    waits: list[float] = []
    values: dict[str, Any] = {"wait": waits.append, "read_timeout": 5.0} | options
    return RequestsFetcher(Connection(**values))


def body_of(fetcher: Fetcher, url: str) -> bytes:
    with fetcher.open(url) as response:
        assert response.status == 200
        return b"".join(response.chunks)


def test_a_body_arrives_with_its_headers_in_lower_case(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(body=b"hello", headers={"ETag": '"1"'})
    with a_fetcher().open(f"{server.url}/file") as response:
        assert response.headers["etag"] == '"1"'
        assert b"".join(response.chunks) == b"hello"


def test_the_server_is_told_who_asks(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers()
    body_of(a_fetcher(), server.url)
    assert server.asked[0].headers["user-agent"].startswith("xconda/")


def test_a_refusal_is_an_answer_and_not_an_error(server: Server) -> None:
    with a_fetcher().open(f"{server.url}/nothing") as response:
        assert response.status == 404


def test_not_modified_is_an_answer(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(304)
    with a_fetcher().open(server.url, {"If-None-Match": '"1"'}) as response:
        assert response.status == 304
    assert server.asked[0].headers["if-none-match"] == '"1"'


def test_a_connection_is_used_again(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(body=b"x")
    fetcher = a_fetcher()
    for _ in range(5):
        body_of(fetcher, server.url)
    assert server.connections == 1


def test_threads_share_one_fetcher(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(body=asked.path.encode() * 1000)
    fetcher = a_fetcher()
    got: dict[int, bytes] = {}

    def fetch(number: int) -> None:
        got[number] = body_of(fetcher, f"{server.url}/{number}")

    threads = [threading.Thread(target=fetch, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {number: f"/{number}".encode() * 1000 for number in range(20)}


def test_a_server_error_is_asked_again_with_growing_pauses(server: Server, answers: Any) -> None:
    statuses = [500, 503, 502, 200]
    server.answer = lambda asked: answers(statuses.pop(0), b"at last")
    waits: list[float] = []
    assert body_of(a_fetcher(wait=waits.append, backoff_factor=1.0), server.url) == b"at last"
    assert waits == [0.5, 1.0, 2.0]


def test_retry_after_is_obeyed(server: Server, answers: Any) -> None:
    statuses = [429, 200]
    server.answer = lambda asked: answers(statuses.pop(0), headers={"Retry-After": "7"})
    waits: list[float] = []
    body_of(a_fetcher(wait=waits.append), server.url)
    assert waits == [7.0]


def test_a_retry_after_of_an_hour_is_told_and_not_waited_for(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(503, headers={"Retry-After": "3600"})
    with (
        pytest.raises(NetworkFailed, match="come back in 3600 seconds"),
        a_fetcher().open(server.url),
    ):
        pass
    assert len(server.asked) == 1


def test_a_server_error_that_persists_is_told_with_its_number(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(503)
    with (
        pytest.raises(NetworkFailed, match="503 service unavailable, 3 times"),
        a_fetcher(max_retries=2).open(server.url),
    ):
        pass


def test_a_dropped_connection_is_tried_again(server: Server, answers: Any) -> None:
    drops = [True, False]
    server.answer = lambda asked: answers(body=b"ok", hang_up=drops.pop(0))
    assert body_of(a_fetcher(), server.url) == b"ok"


def test_waiting_for_a_retry_ends_when_cancelled(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(503)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled), a_fetcher(wait=cancel.wait).open(server.url):
        pass
    assert len(server.asked) == 1


def test_a_refused_connection_is_told_in_words() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/channel"
        with pytest.raises(NetworkFailed, match=r"127.0.0.1 refused the connection") as failure:
            a_fetcher(max_retries=1).open(url).__enter__()
    assert failure.value.url == url
    assert "Traceback" not in str(failure.value)
    assert "HTTPConnectionPool" not in str(failure.value)


def test_an_unknown_host_is_told_in_words() -> None:
    with pytest.raises(NetworkFailed, match="could not be resolved"):
        a_fetcher(max_retries=0).open("http://no-such-host.invalid/x").__enter__()


def test_a_silent_server_is_told_with_the_time_limit(server: Server, answers: Any) -> None:
    silence = threading.Event()

    def answer(asked: object) -> Any:
        silence.wait(5)
        return answers()

    server.answer = answer
    with pytest.raises(NetworkFailed, match=r"sent nothing for 0.2 seconds"):
        a_fetcher(max_retries=0, read_timeout=0.2).open(server.url).__enter__()
    silence.set()


def test_plain_http_on_a_tls_port_is_told_as_tls(server: Server) -> None:
    url = server.url.replace("http://", "https://")
    with pytest.raises(NetworkFailed, match=r"identity of 127\.0\.0\.1 could not be verified"):
        a_fetcher(max_retries=0).open(url).__enter__()


def test_a_missing_certificate_file_is_told(tmp_path: Path) -> None:
    fetcher = a_fetcher(ssl_verify=str(tmp_path / "none.pem"))
    with pytest.raises(NetworkFailed, match="ssl_verify"):
        fetcher.open("https://127.0.0.1:9/").__enter__()


def test_a_body_that_breaks_off_is_told(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(body=b"x" * 1000, cut_after=100)
    with pytest.raises(NetworkFailed, match="connection broke"):
        body_of(a_fetcher(), server.url)


def test_a_compressed_transfer_is_decompressed(server: Server, answers: Any) -> None:
    body = gzip.compress(b"plain text")
    server.answer = lambda asked: answers(body=body, headers={"Content-Encoding": "gzip"})
    assert body_of(a_fetcher(), server.url) == b"plain text"


def test_credentials_travel_as_a_header_and_are_never_shown(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(404)
    url = server.url.replace("http://", "http://me:p%40ss@")
    with a_fetcher().open(f"{url}/t/sekret-token/channel") as response:
        assert "sekret" not in response.url
        assert "p%40ss" not in response.url
    assert server.asked[0].headers["authorization"] == "Basic bWU6cEBzcw=="
    assert server.asked[0].path == "/t/sekret-token/channel"


def test_a_failure_never_shows_credentials() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://me:pass-word@127.0.0.1:{closed.getsockname()[1]}/t/sekret/x"
        with pytest.raises(NetworkFailed) as failure:
            a_fetcher(max_retries=0).open(url).__enter__()
    for text in (str(failure.value), str(failure.value.to_json())):
        assert "pass-word" not in text
        assert "sekret" not in text


def test_known_credentials_are_used_for_what_lies_below_their_address(
    server: Server, answers: Any
) -> None:
    server.answer = lambda asked: answers()
    plain, full = f"{server.url}/mine", f"{server.url}/t/sekret/mine"
    fetcher = a_fetcher(credentials={plain: full})
    body_of(fetcher, f"{plain}/linux-64/a.conda")
    body_of(fetcher, f"{server.url}/mine-not/a.conda")
    paths = [asked.path for asked in server.asked]
    assert paths == ["/t/sekret/mine/linux-64/a.conda", "/mine-not/a.conda"]


def test_a_redirect_to_another_host_loses_the_credentials(
    server: Server, other_server: Server, answers: Any
) -> None:
    other_server.answer = lambda asked: answers(body=b"from elsewhere")
    target = other_server.url.replace("127.0.0.1", "localhost") + "/file"
    server.answer = lambda asked: answers(302, headers={"Location": target})
    url = server.url.replace("http://", "http://me:secret@")
    with a_fetcher().open(f"{url}/file") as response:
        assert b"".join(response.chunks) == b"from elsewhere"
        assert response.url == target
    assert "authorization" in server.asked[0].headers
    assert "authorization" not in other_server.asked[0].headers


def test_endless_redirects_are_told(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(302, headers={"Location": "/again"})
    with pytest.raises(NetworkFailed, match="round in circles"):
        a_fetcher().open(server.url).__enter__()


def test_a_proxy_is_used(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(body=asked.path.encode())
    fetcher = a_fetcher(proxies={"http": server.url})
    assert body_of(fetcher, "http://channel.invalid/file") == b"http://channel.invalid/file"


def test_cookies_are_not_kept(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(headers={"Set-Cookie": "a=1"})
    fetcher = a_fetcher()
    body_of(fetcher, server.url)
    body_of(fetcher, server.url)
    assert "cookie" not in server.asked[1].headers


def test_a_file_is_read_in_place(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_bytes(b"local")
    assert body_of(LocalFetcher(), (tmp_path / "a b.txt").as_uri()) == b"local"


def test_a_file_that_is_not_there_is_answered_like_http_does(tmp_path: Path) -> None:
    for missing in (tmp_path / "none", tmp_path):
        with LocalFetcher().open(missing.as_uri()) as response:
            assert response.status == 404


def test_offline_means_not_even_a_try(server: Server) -> None:
    with pytest.raises(Offline, match="offline"):
        a_fetcher(offline=True).open(server.url).__enter__()
    assert server.asked == []


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(NetworkFailed, match="not an address that can be fetched"):
        a_fetcher().open("gopher://host/x").__enter__()


@pytest.mark.parametrize(
    ("status", "words"), [(401, "token"), (403, "login"), (404, "no such file"), (418, "teapot")]
)
def test_a_refusal_has_words_of_its_own(status: int, words: str) -> None:
    text = str(HttpRefused("https://host/channel", status))
    assert words in text
    assert str(status) in text


def test_a_deferred_fetcher_is_made_once_and_only_when_needed(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    made: list[LocalFetcher] = []

    def make() -> LocalFetcher:
        made.append(LocalFetcher())
        return made[-1]

    fetcher = DeferredFetcher(make)
    assert made == []
    assert body_of(fetcher, (tmp_path / "x").as_uri()) == b"x"
    assert body_of(fetcher, (tmp_path / "x").as_uri()) == b"x"
    assert len(made) == 1
