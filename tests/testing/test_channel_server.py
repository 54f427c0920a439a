"""The server answers as a good mirror does, and as a bad one where a test asks for that."""

import http.client
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from xconda_core.testing.channel_server import ChannelNotServed, ChannelServer, Fault, serve

BODY = bytes(range(256)) * 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shards = tmp_path / "channel" / "noarch" / "shards"
    shards.mkdir(parents=True)
    (shards / "ab.msgpack.zst").write_bytes(BODY)
    (shards.parent / "repodata.json").write_bytes(BODY)
    return tmp_path / "channel"


@pytest.fixture
def server(folder: Path) -> Iterator[ChannelServer]:
    with serve(folder) as running:
        yield running


def test_a_file_comes_with_validators_and_a_lifetime(server: ChannelServer) -> None:
    answer = requests.get(f"{server.url}/noarch/repodata.json")

    assert answer.content == BODY
    assert answer.headers["ETag"]
    assert answer.headers["Last-Modified"].endswith("GMT")
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_what_is_named_by_its_content_never_changes(server: ChannelServer) -> None:
    answer = requests.get(f"{server.url}/noarch/shards/ab.msgpack.zst")

    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asks", "validator"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
def test_an_unchanged_file_is_not_sent_twice(
    server: ChannelServer, asks: str, validator: str
) -> None:
    url = f"{server.url}/noarch/repodata.json"
    known = requests.get(url).headers[validator]

    answer = requests.get(url, headers={asks: known})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Cache-Control"]


def test_a_changed_file_is_sent_again(folder: Path, server: ChannelServer) -> None:
    url = f"{server.url}/noarch/repodata.json"
    known = requests.get(url).headers["ETag"]
    (folder / "noarch" / "repodata.json").write_bytes(b"{}")

    answer = requests.get(url, headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (200, b"{}")


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [("bytes=10-19", BODY[10:20]), ("bytes=10-", BODY[10:]), ("bytes=-7", BODY[-7:])],
    ids=["middle", "rest", "tail"],
)
def test_a_range_is_a_part_of_the_file(server: ChannelServer, wanted: str, sent: bytes) -> None:
    answer = requests.get(f"{server.url}/noarch/repodata.json", headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (206, sent)
    assert answer.headers["Content-Range"].endswith(f"/{len(BODY)}")


def test_a_range_behind_the_end_is_refused(server: ChannelServer) -> None:
    answer = requests.get(f"{server.url}/noarch/repodata.json", headers={"Range": "bytes=99999-"})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(BODY)}"


def test_a_range_of_another_version_gets_the_whole_file(server: ChannelServer) -> None:
    headers = {"Range": "bytes=10-19", "If-Range": '"of-another-file"'}

    answer = requests.get(f"{server.url}/noarch/repodata.json", headers=headers)

    assert (answer.status_code, answer.content) == (200, BODY)


@pytest.mark.parametrize("path", ["/noarch/none.json", "/../secret.txt", "/%2e%2e/secret.txt", "/"])
def test_only_files_of_the_channel_are_served(
    folder: Path, server: ChannelServer, path: str
) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))

    connection.request("GET", path)  # not requests: it would tidy the path up

    assert connection.getresponse().status == 404


def test_one_connection_serves_many_requests(server: ChannelServer) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    started = time.monotonic()

    for _ in range(200):
        connection.request("GET", "/noarch/repodata.json")
        assert connection.getresponse().read() == BODY

    assert time.monotonic() - started < 5


def test_faults_are_what_the_test_asked_for(folder: Path) -> None:
    def faults(path: str, before: int) -> Fault | None:
        script = [Fault(status=503, retry_after=7), Fault(cut_after=100), Fault(corrupt=True)]
        return script[before] if before < len(script) else None

    with serve(folder, faults=faults) as server:
        url = f"{server.url}/noarch/repodata.json"
        unavailable = requests.get(url)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            requests.get(url)
        corrupt = requests.get(url)
        good = requests.get(url)

    assert (unavailable.status_code, unavailable.headers["Retry-After"]) == (503, "7")
    assert len(corrupt.content) == len(BODY)
    assert corrupt.content != BODY
    assert good.content == BODY
    assert [request.status for request in server.requests] == [503, 200, 200, 200]


def test_the_server_is_gone_after_the_block(folder: Path) -> None:
    with serve(folder) as server:
        pass

    with pytest.raises(requests.ConnectionError):
        requests.get(server.url)


def test_a_taken_port_and_a_missing_folder_are_refused_with_a_reason(
    folder: Path, server: ChannelServer
) -> None:
    port = int(server.url.rpartition(":")[2])

    with pytest.raises(ChannelNotServed, match=f"on port {port}"), serve(folder, port=port):
        pass
    with pytest.raises(ChannelNotServed, match="there is no such folder"), serve(folder / "none"):
        pass
