"""Addresses of S3, against a small real server that checks signatures."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.net.proxy_server import a_proxy
from xconda_core.cancel import CancelToken
from xconda_core.net.connection import Connection
from xconda_core.net.download import download
from xconda_core.net.failures import NetworkFailed, Offline
from xconda_core.net.s3 import S3Fetcher
from xconda_core.testing.s3_server import S3Server, an_s3_server
from xconda_core.testing.simulator import a_channel, a_package


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    (tmp_path / "s3" / "bucket" / "chan nel").mkdir(parents=True)
    (tmp_path / "s3" / "bucket" / "chan nel" / "a+b.txt").write_bytes(b"hello")
    with an_s3_server(tmp_path / "s3") as server:
        for name, text in variables(server, tmp_path).items():
            monkeypatch.setenv(name, text)
        yield server


def variables(server: S3Server, home: Path) -> dict[str, str]:
    return {
        **server.environ,
        "AWS_CONFIG_FILE": str(home / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "aws-credentials"),
        "NO_PROXY": "",
    }


URL = "s3://bucket/chan%20nel/a+b.txt"


def a_fetcher(**words: Any) -> S3Fetcher:
    return S3Fetcher(Connection(**{"max_retries": 0, "wait": lambda seconds: None, **words}))


def body_of(url: str = URL, **words: Any) -> bytes:
    with a_fetcher(**words).open(url) as response:
        assert response.status == 200
        return b"".join(response.chunks)


def test_an_object_arrives_with_what_is_said_of_it(s3: S3Server) -> None:
    with a_fetcher().open(URL) as response:
        assert b"".join(response.chunks) == b"hello"
        assert response.headers["content-length"] == "5"
        etag = response.headers["etag"]
    with a_fetcher().open(URL, {"If-None-Match": etag}) as response:
        assert response.status == 304


def test_a_session_token_is_sent(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.session_token = "tok/en=="
    monkeypatch.setenv("AWS_SESSION_TOKEN", "tok/en==")
    assert body_of() == b"hello"


def test_a_public_bucket_needs_no_login(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.public = True
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert body_of() == b"hello"
    assert "authorization" not in s3.asked[0][1]


def test_logins_and_endpoints_of_a_profile_are_found(
    s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_PROFILE", "lab")
    login = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s3cr3t/Key+\n"
    (tmp_path / "aws-credentials").write_text(f"[lab]\n{login}")
    (tmp_path / "aws-config").write_text(f"[profile lab]\nendpoint_url = {s3.url}\n")
    assert body_of() == b"hello"


@pytest.mark.parametrize("lists", [True, False])
def test_what_is_not_there_is_an_answer(s3: S3Server, lists: bool) -> None:
    s3.lists = lists
    with a_fetcher().open("s3://bucket/none") as response:
        assert response.status == (404 if lists else 403)


def test_a_wrong_login_is_told_without_its_secret(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, code in (
        ("AWS_SECRET_ACCESS_KEY", "SignatureDoesNotMatch"),
        ("AWS_ACCESS_KEY_ID", "InvalidAccessKeyId"),
    ):
        monkeypatch.setenv(name, "wr0ng-0ne")
        with caplog.at_level(1), pytest.raises(NetworkFailed, match=code) as failure:
            body_of(max_retries=3)
        assert "wr0ng-0ne" not in str(failure.value.to_json()) + caplog.text
        assert "s3cr3t" not in caplog.text
    assert len(s3.asked) == 2  # it would not pass


def test_half_a_login_is_told(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(NetworkFailed, match="artial credentials"):
        body_of()


def test_a_busy_server_is_asked_again_and_then_told(s3: S3Server) -> None:
    s3.fails = [503, 500]
    assert body_of(max_retries=2) == b"hello"
    s3.fails = [503, 503]
    with pytest.raises(NetworkFailed, match="503 service unavailable, 2 times"):
        body_of(max_retries=1)


def test_a_server_that_is_not_there_is_told(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with pytest.raises(NetworkFailed, match="could not connect to the endpoint"):
        body_of(max_retries=1)


def test_a_download_goes_on_where_it_stopped(s3: S3Server, tmp_path: Path) -> None:
    (tmp_path / ".a.txt.download").write_bytes(b"hel")
    download(
        a_fetcher(), URL, tmp_path / "a.txt", size=5,
        sha256=hashlib.sha256(b"hello").hexdigest(), md5=None,
        report=lambda done, total: None, cancel=CancelToken(),
    )  # fmt: skip
    assert (tmp_path / "a.txt").read_bytes() == b"hello"
    assert s3.asked[0][1]["range"] == "bytes=3-"


@pytest.mark.parametrize("configured", [True, False])
def test_a_proxy_is_used_as_for_every_other_address(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, configured: bool
) -> None:
    with a_proxy() as proxy:
        if not configured:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert body_of(proxies={"http": proxy.url} if configured else {}) == b"hello"
        assert len(proxy.asked) == 1
        assert body_of(proxies={"http": proxy.url, "no_proxy": "127.0.0.1"}) == b"hello"
        assert len(proxy.asked) == 1


def test_offline_means_not_even_a_try(s3: S3Server) -> None:
    with pytest.raises(Offline):
        body_of(offline=True)
    assert s3.asked == []


def test_without_botocore_it_says_what_is_needed(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("botocore", "botocore.config", "botocore.session", "botocore.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NetworkFailed, match=r"xconda\[s3\]"):
        body_of()


@pytest.mark.parametrize("lists", [True, False])
def test_a_channel_in_a_bucket_is_installed_from(s3: S3Server, tmp_path: Path, lists: bool) -> None:
    s3.lists = lists
    a_channel(tmp_path / "s3" / "bucket" / "orchard", [a_package("apple", depends=["seed"]),
              a_package("seed")], subdirs=("linux-64", "noarch"))  # fmt: skip
    environ = {
        "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "CONDA_SUBDIR": "linux-64",
        "CONDA_REMOTE_MAX_RETRIES": "0", **variables(s3, tmp_path),
    }  # fmt: skip
    words = ["create", "-y", "-n", "e", "-c", "s3://bucket/orchard", "--override-channels", "apple"]
    done = subprocess.run(
        [sys.executable, "-m", "xconda_core", *words, "-vvvv"],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len([*tmp_path.rglob("conda-meta/apple-*.json")]) == 1
    assert "s3cr3t" not in done.stderr + done.stdout
