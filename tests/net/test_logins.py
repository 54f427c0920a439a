"""Logins that are not in the address: ~/.netrc, and the keyring where there is one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.credentials
import pytest
import trustme

from tests.net.proxy_server import a_proxy
from tests.net.tls_server import ca_file, over_tls
from xconda_core.net.connection import Connection
from xconda_core.net.session import RequestsFetcher
from xconda_core.net.stored_logins import rattler_files

Server = Any  # the scripted server of conftest


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(f"{service} {username}")
        return self.entries.get((service, username))

    def get_credential(
        self, service: str, username: str | None
    ) -> keyring.credentials.Credential | None:
        self.asked.append(service)
        for (known, user), password in self.entries.items():
            if known == service:
                return keyring.credentials.SimpleCredential(user, password)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let there be no ~/.netrc but the one that a test writes; return its path."""
    path = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(path))
    return path


@pytest.fixture
def locked(server: Server, answers: Any, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """A server over TLS that lets nobody in without ``me:p@ss``, ``Bearer b`` or ``/t/tok-1``."""
    authority = trustme.CA()
    url = over_tls(server, authority)

    def answer(asked: Any) -> Any:
        known = asked.headers.get("authorization") in {"Basic bWU6cEBzcw==", "Bearer b-1"}
        return answers(200 if known or asked.path.startswith("/t/tok-1/") else 401, b"in")

    server.answer = answer
    return url, {"ssl_verify": ca_file(authority, tmp_path), "max_retries": 0}


def status_of(url: str, fetcher: RequestsFetcher) -> int:
    with fetcher.open(url) as response:
        return response.status


def test_a_login_in_netrc_is_used(server: Server, answers: Any, nobody: Path) -> None:
    nobody.write_text("machine 127.0.0.1 login me password p@ss\n")
    server.answer = lambda asked: answers()
    assert status_of(server.url, RequestsFetcher(Connection())) == 200
    assert server.asked[0].headers["authorization"] == "Basic bWU6cEBzcw=="


def test_a_login_in_the_address_wins_over_netrc(server: Server, answers: Any, nobody: Path) -> None:
    nobody.write_text("machine 127.0.0.1 login other password other\n")
    server.answer = lambda asked: answers()
    url = server.url.replace("http://", "http://me:p%40ss@")
    assert status_of(url, RequestsFetcher(Connection())) == 200
    assert server.asked[0].headers["authorization"] == "Basic bWU6cEBzcw=="


def test_a_netrc_that_cannot_be_read_counts_as_none(
    server: Server, answers: Any, nobody: Path
) -> None:
    nobody.write_text("machine machine machine\n")
    server.answer = lambda asked: answers()
    assert status_of(server.url, RequestsFetcher(Connection())) == 200


def test_a_redirect_to_another_port_of_the_same_host_loses_the_login(
    server: Server, other_server: Server, answers: Any, nobody: Path
) -> None:
    server.answer = lambda asked: answers(302, headers={"Location": other_server.url})
    other_server.answer = lambda asked: answers()
    url = server.url.replace("http://", "http://me:p%40ss@")
    assert status_of(url, RequestsFetcher(Connection())) == 200
    assert "authorization" in server.asked[0].headers
    assert "authorization" not in other_server.asked[0].headers


def test_a_login_of_the_keyring_is_not_sent_to_where_its_server_points(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path,
    server: Server, other_server: Server, answers: Any,
) -> None:  # fmt: skip
    url, words = locked
    ring.set_password("rattler", "127.0.0.1", json.dumps({"BearerToken": "b-1"}))
    inside = server.answer
    target = other_server.url.replace("127.0.0.1", "localhost")

    def answer(asked: Any) -> Any:
        said = inside(asked)
        return answers(302, headers={"Location": target}) if said.status == 200 else said

    server.answer = answer
    other_server.answer = lambda asked: answers()
    assert status_of(url, RequestsFetcher(Connection(**words))) == 200
    assert server.asked[-1].headers["authorization"] == "Bearer b-1"
    assert "authorization" not in other_server.asked[0].headers


def test_a_login_that_was_accepted_over_https_is_not_sent_over_http(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path,
    server: Server, other_server: Server, answers: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.delenv("NO_PROXY", raising=False)
    ring.set_password("127.0.0.1", "me", "p@ss")
    other_server.answer = lambda asked: answers()
    with a_proxy() as tunnels, a_proxy() as plain:
        tunnels.elsewhere["127.0.0.1"] = server.server_address[1]
        plain.elsewhere["127.0.0.1"] = other_server.server_address[1]
        proxies = {"https": tunnels.url, "http": plain.url}
        fetcher = RequestsFetcher(Connection(proxies=proxies, **locked[1]))
        assert status_of("https://127.0.0.1/channel", fetcher) == 200
        assert status_of("http://127.0.0.1/channel", fetcher) == 200
    assert "authorization" in server.asked[-1].headers
    assert "authorization" not in other_server.asked[0].headers


def test_netrc_of_one_host_is_not_sent_to_where_that_points(
    server: Server, other_server: Server, answers: Any, nobody: Path
) -> None:
    nobody.write_text("machine 127.0.0.1 login me password p@ss\n")
    target = other_server.url.replace("127.0.0.1", "localhost")
    server.answer = lambda asked: answers(302, headers={"Location": target})
    other_server.answer = lambda asked: answers()
    assert status_of(server.url, RequestsFetcher(Connection())) == 200
    assert "authorization" not in other_server.asked[0].headers


@pytest.mark.parametrize(
    ("service", "name", "secret"),
    [
        ("127.0.0.1", "me", "p@ss"),
        ("rattler", "127.0.0.1", json.dumps({"BasicHTTP": {"username": "me", "password": "p@ss"}})),
        ("rattler", "127.0.0.1", json.dumps({"BearerToken": "b-1"})),
        ("rattler", "127.0.0.1", json.dumps({"CondaToken": "tok-1"})),
        ("rattler", "*.0.1", json.dumps({"BearerToken": "b-1"})),
    ],
)
def test_a_server_that_wants_a_login_gets_what_the_keyring_has_for_it(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path,
    service: str, name: str, secret: str,
) -> None:  # fmt: skip
    url, words = locked
    ring.set_password(service, name, secret)
    fetcher = RequestsFetcher(Connection(**words))
    assert status_of(f"{url}/channel/a", fetcher) == 200
    asked = len(ring.asked)
    assert status_of(f"{url}/channel/b", fetcher) == 200
    assert len(ring.asked) == asked


def test_the_keyring_is_asked_once_where_it_has_nothing(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path, server: Server
) -> None:
    url, words = locked
    fetcher = RequestsFetcher(Connection(**words))
    assert status_of(f"{url}/a", fetcher) == 401
    asked = len(ring.asked)
    assert status_of(f"{url}/b", fetcher) == 401
    assert (len(ring.asked), len(server.asked)) == (asked, 2)


def test_the_keyring_is_not_asked_for_who_has_a_login_or_answers_over_http(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path, other_server: Server, answers: Any
) -> None:
    url, words = locked
    other_server.answer = lambda asked: answers(401)
    fetcher = RequestsFetcher(Connection(**words))
    assert status_of(url.replace("https://", "https://you:wrong@"), fetcher) == 401
    assert status_of(f"{url}/t/tok-2/channel", fetcher) == 401
    assert status_of(other_server.url, fetcher) == 401
    assert ring.asked == []


@pytest.mark.parametrize("first", [True, False])
def test_a_login_in_the_files_of_pixi_is_used_before_or_after_the_keyring(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path, tmp_path: Path, first: bool
) -> None:
    url, words = locked
    home = tmp_path / ".rattler" / "credentials.json"
    home.parent.mkdir()
    home.write_text(json.dumps({"*.0.1": {"BearerToken": "b-1"}}))
    environ = {"RATTLER_AUTH_FILE": str(home)} if first else {}
    files = rattler_files(environ, tmp_path)
    assert status_of(url, RequestsFetcher(Connection(login_files=files, **words))) == 200
    assert bool(ring.asked) is not first


def test_a_file_of_logins_that_is_damaged_counts_as_none(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path, tmp_path: Path
) -> None:
    url, words = locked
    for text in ("{", "[]", "null", '{"127.0.0.1": 3}', '{"127.0.0.1": null}'):
        (tmp_path / "logins").write_text(text)
        fetcher = RequestsFetcher(Connection(login_files=(tmp_path / "logins", tmp_path), **words))
        assert status_of(url, fetcher) == 401


def test_a_keyring_that_breaks_breaks_nothing(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*words: object) -> None:
        raise RuntimeError("the service is gone")

    monkeypatch.setattr(ring, "get_password", broken)
    url, words = locked
    assert status_of(url, RequestsFetcher(Connection(**words))) == 401


def test_what_a_keyring_says_that_is_not_known_counts_as_nothing(
    locked: tuple[str, dict[str, Any]], ring: Ring, nobody: Path
) -> None:
    url, words = locked
    for text in ("{", "[]", '{"OAuth": {}}', '{"BasicHTTP": 3}', "null"):
        ring.set_password("rattler", "127.0.0.1", text)
        assert status_of(url, RequestsFetcher(Connection(**words))) == 401
