"""What lies below a channel's address is opened at its mirrors."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.net.connection import Connection
from xconda_core.net.download import download
from xconda_core.net.failures import DownloadDamaged, NetworkFailed
from xconda_core.net.local import LocalFetcher
from xconda_core.net.mirrors import MirroredFetcher
from xconda_core.net.schemes import SchemeFetcher
from xconda_core.net.session import RequestsFetcher

Server = Any  # the scripted server of conftest
CHANNEL = "https://channel.invalid/forge"
NOBODY = "http://127.0.0.1:9/forge"  # the discard service, which nobody runs any more
CONTENT = b"archive" * 1000


def mirrored(*addresses: str, channel: str = CHANNEL) -> MirroredFetcher:
    web = RequestsFetcher(Connection(wait=lambda seconds: None, max_retries=0))
    plain = SchemeFetcher(web, {"file": LocalFetcher()})
    return MirroredFetcher(plain, {channel: addresses})


def read(fetcher: MirroredFetcher, path: str = "noarch/x", channel: str = CHANNEL) -> Any:
    with fetcher.open(f"{channel}/{path}") as response:
        return response.status, b"".join(response.chunks)


def fetched(fetcher: MirroredFetcher, destination: Path) -> bytes:
    digest = hashlib.sha256(CONTENT).hexdigest()
    download(
        fetcher,
        f"{CHANNEL}/noarch/a.conda",
        destination,
        size=len(CONTENT),
        sha256=digest,
        md5=None,
        report=lambda done, total: None,
        cancel=CancelToken(),
    )
    return destination.read_bytes()


def test_the_first_mirror_is_asked_and_the_channel_itself_never(
    server: Server, other_server: Server, answers: Any
) -> None:
    server.answer = lambda asked: answers(body=b"first")
    assert read(mirrored(f"{server.url}/m/", other_server.url)) == (200, b"first")
    assert [asked.path for asked in server.asked] == ["/m/noarch/x"]
    assert other_server.asked == []


def test_what_lies_elsewhere_is_opened_where_it_lies(server: Server, answers: Any) -> None:
    server.answer = lambda asked: answers(body=b"itself")
    fetcher = mirrored(NOBODY)
    assert read(fetcher, channel=f"{server.url}/forge") == (200, b"itself")
    assert read(fetcher, channel=f"{server.url}/forge-2") == (200, b"itself")


def test_a_mirror_that_does_not_answer_is_tried_once_in_a_run(
    server: Server, answers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = lambda asked: answers(body=b"second")
    fetcher = mirrored(NOBODY, server.url)
    assert [read(fetcher), read(fetcher)] == [(200, b"second")] * 2
    assert len([each for each in caplog.records if "next mirror" in each.getMessage()]) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_file_that_one_mirror_refuses_comes_from_the_next(
    server: Server, other_server: Server, answers: Any, status: int
) -> None:
    server.answer = lambda asked: answers(status)
    other_server.answer = lambda asked: answers(body=b"second")
    fetcher = mirrored(server.url, other_server.url)
    assert [read(fetcher), read(fetcher)] == [(200, b"second")] * 2
    assert len(server.asked) == 2  # it may have other files


def test_the_last_mirror_has_the_last_word(server: Server, other_server: Server) -> None:
    assert read(mirrored(server.url, other_server.url)) == (404, b"")
    with pytest.raises(NetworkFailed, match=r"127\.0\.0\.1 refused"):
        read(mirrored(NOBODY, NOBODY))


def test_an_archive_that_breaks_off_goes_on_at_another_mirror(
    server: Server, other_server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT, cut_after=100)
    other_server.answer = lambda asked: answers(body=CONTENT)
    assert fetched(mirrored(server.url, other_server.url), tmp_path / "a.conda") == CONTENT
    assert (len(server.asked), len(other_server.asked)) == (1, 1)


def test_an_archive_that_is_damaged_at_one_mirror_comes_from_another(
    server: Server, other_server: Server, answers: Any, tmp_path: Path
) -> None:
    server.answer = lambda asked: answers(body=CONTENT[::-1])
    other_server.answer = lambda asked: answers(body=CONTENT)
    assert fetched(mirrored(server.url, other_server.url), tmp_path / "a.conda") == CONTENT


def test_an_archive_that_is_damaged_at_all_mirrors_is_refused_after_one_try_each(
    server: Server, other_server: Server, answers: Any, tmp_path: Path
) -> None:
    for each in (server, other_server):
        each.answer = lambda asked: answers(body=CONTENT[::-1])
    with pytest.raises(DownloadDamaged):
        fetched(mirrored(server.url, other_server.url), tmp_path / "a.conda")
    assert (len(server.asked), len(other_server.asked)) == (1, 1)
    assert list(tmp_path.iterdir()) == []


def test_credentials_go_to_the_address_that_they_stand_in_only(
    server: Server, other_server: Server, answers: Any
) -> None:
    other_server.answer = lambda asked: answers(body=b"second")
    own = f"{other_server.url}/forge"
    with_user = server.url.replace("://", "://mirror:secret@")
    fetcher = mirrored(with_user, own, channel=own)
    with fetcher.open(own.replace("://", "://me:mine@") + "/noarch/x") as response:
        assert response.status == 200
    mirror, itself = (each.asked[0].headers["authorization"] for each in (server, other_server))
    assert mirror != itself
    assert (mirror, itself) == ("Basic bWlycm9yOnNlY3JldA==", "Basic bWU6bWluZQ==")


def test_a_folder_can_be_a_mirror(tmp_path: Path) -> None:
    (tmp_path / "noarch").mkdir()
    (tmp_path / "noarch" / "x").write_bytes(b"here")
    assert read(mirrored(tmp_path.as_uri())) == (200, b"here")
