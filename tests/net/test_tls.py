"""Who a server is, and who we are: real TLS servers with a CA of the test's own."""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from tests.net.proxy_server import a_proxy
from tests.net.tls_server import ca_file, over_tls
from xconda_core.net.connection import Connection
from xconda_core.net.failures import NetworkFailed
from xconda_core.net.session import RequestsFetcher

Server = Any  # the scripted server of conftest


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def hello(server: Server, answers: Any) -> Server:
    server.answer = lambda asked: answers(body=b"hello")
    return server


def body_of(url: str, **words: Any) -> bytes:
    fetcher = RequestsFetcher(Connection(**{"max_retries": 0, "read_timeout": 5.0, **words}))
    with fetcher.open(url) as response:
        assert response.status == 200
        return b"".join(response.chunks)


def failure_at(url: str, **words: Any) -> NetworkFailed:
    with pytest.raises(NetworkFailed) as failure:
        body_of(url, **words)
    return failure.value


def test_a_file_of_certificates_is_trusted(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    url = over_tls(hello, authority)
    assert body_of(url, ssl_verify=ca_file(authority, tmp_path)) == b"hello"


def test_a_folder_of_certificates_is_trusted(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    ca_file(authority, tmp_path)
    subprocess.run(["openssl", "rehash", str(tmp_path)], check=True, capture_output=True)
    assert body_of(over_tls(hello, authority), ssl_verify=str(tmp_path)) == b"hello"


def test_an_unknown_issuer_is_told_with_what_to_set(hello: Server, authority: trustme.CA) -> None:
    failure = failure_at(over_tls(hello, authority), max_retries=3)
    assert "the identity of 127.0.0.1 could not be verified" in failure.why
    assert "`ssl_verify`" in failure.fix
    assert "truststore" in failure.fix


def test_nothing_is_verified_where_that_is_wanted_and_python_does_not_warn(
    hello: Server, authority: trustme.CA, recwarn: pytest.WarningsRecorder
) -> None:
    assert body_of(over_tls(hello, authority), ssl_verify=False) == b"hello"
    assert not [each for each in recwarn if "nverified" in str(each.message)]


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_variables_name_certificates_too(
    hello: Server, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, ca_file(authority, tmp_path))
    assert body_of(over_tls(hello, authority)) == b"hello"


def test_the_variable_of_requests_wins_over_that_of_curl(
    hello: Server, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file(authority, tmp_path))
    (tmp_path / "empty.pem").touch()
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "empty.pem"))
    assert body_of(over_tls(hello, authority)) == b"hello"


def test_a_configured_file_wins_over_the_variables(
    hello: Server, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = ca_file(authority, tmp_path), tmp_path / "other"
    other.mkdir()
    url = over_tls(hello, authority)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file(trustme.CA(), other))
    assert body_of(url, ssl_verify=own) == b"hello"
    assert body_of(url, ssl_verify=False) == b"hello"
    failure_at(url)


def test_the_systems_store_is_trusted_and_nothing_else(
    hello: Server,
    other_server: Server,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", ca_file(authority, tmp_path))  # what OpenSSL calls that
    stranger, elsewhere = trustme.CA(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file(stranger, elsewhere))
    assert body_of(over_tls(hello, authority), ssl_verify="truststore") == b"hello"
    failure_at(over_tls(other_server, stranger), ssl_verify="truststore")


def test_the_systems_store_is_trusted_through_a_tunnel(
    hello: Server, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", ca_file(authority, tmp_path))
    url = over_tls(hello, authority)
    with a_proxy() as proxy:
        words = {"proxies": {"https": proxy.url}, "ssl_verify": "truststore"}
        assert body_of(url, **words) == b"hello"
        assert len(proxy.asked) == 1


def test_a_certificate_for_another_name_is_told_as_such(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    url = over_tls(hello, authority, "elsewhere.invalid")
    failure = failure_at(url, ssl_verify=ca_file(authority, tmp_path))
    assert "login page" in failure.fix
    assert "truststore" not in failure.fix


def test_a_certificate_that_ran_out_is_told_as_such(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    authority.issue_cert("127.0.0.1", not_after=yesterday).configure_cert(context)
    hello.socket = context.wrap_socket(hello.socket, server_side=True)
    url = hello.url.replace("http:", "https:")
    failure = failure_at(url, ssl_verify=ca_file(authority, tmp_path))
    assert "expired" in failure.why
    assert "clock" in failure.fix


def a_client(authority: trustme.CA, folder: Path) -> tuple[str, str]:
    """Write a client's certificate and its key; return their paths."""
    certificate = authority.issue_cert("me@example.org")
    cert, key = folder / "me.pem", folder / "me.key"
    certificate.cert_chain_pems[0].write_to_path(cert)
    certificate.private_key_pem.write_to_path(key)
    return str(cert), str(key)


def test_a_client_certificate_and_its_key_are_shown_to_a_server_that_wants_them(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    cert, key = a_client(authority, tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(Path(cert).read_bytes() + Path(key).read_bytes())
    trusted = {"ssl_verify": ca_file(authority, tmp_path)}
    url = over_tls(hello, authority, clients=True)
    assert body_of(url, client_cert=cert, client_cert_key=key, **trusted) == b"hello"
    assert body_of(url, client_cert=str(both), **trusted) == b"hello"


def test_a_missing_client_certificate_is_told(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    url = over_tls(hello, authority, clients=True)
    failure = failure_at(url, ssl_verify=ca_file(authority, tmp_path))
    assert "want a client certificate" in failure.why.replace("wants", "want")
    assert "client_ssl_cert" in failure.fix


def test_a_client_certificate_of_a_stranger_is_told(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    cert, key = a_client(trustme.CA(), tmp_path)
    url = over_tls(hello, authority, clients=True)
    trusted = ca_file(authority, tmp_path)
    failure = failure_at(url, client_cert=cert, client_cert_key=key, ssl_verify=trusted)
    assert "client certificate" in failure.why


def test_a_key_with_a_passphrase_is_told_and_nobody_is_asked_for_it(
    hello: Server, authority: trustme.CA, tmp_path: Path
) -> None:
    cert, key = a_client(authority, tmp_path)
    plain = serialization.load_pem_private_key(Path(key).read_bytes(), None)
    locked = plain.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.BestAvailableEncryption(b"secret"),
    )
    Path(key).write_bytes(locked)
    url = over_tls(hello, authority, clients=True)
    trusted = ca_file(authority, tmp_path)
    failure = failure_at(url, client_cert=cert, client_cert_key=key, ssl_verify=trusted)
    assert "passphrase" in failure.why


@pytest.mark.parametrize("name", ["ssl_verify", "client_cert", "client_cert_key"])
def test_files_that_are_missing_or_of_another_kind_are_told_as_ours(
    hello: Server, authority: trustme.CA, tmp_path: Path, name: str
) -> None:
    url, trusted = over_tls(hello, authority), ca_file(authority, tmp_path)
    cert, key = a_client(authority, tmp_path)
    (tmp_path / "text.pem").write_text("not a certificate")
    for path, words in (("none.pem", "is not there"), ("text.pem", "no certificate or key")):
        given = {"ssl_verify": trusted, "client_cert": cert, "client_cert_key": key}
        failure = failure_at(url, **{**given, name: str(tmp_path / path)})
        assert words in failure.why
        assert "check `ssl_verify`" in failure.fix


def test_a_redirect_from_https_to_http_loses_the_login(
    hello: Server, other_server: Server, authority: trustme.CA, tmp_path: Path, answers: Any
) -> None:
    target = hello.url.replace("127.0.0.1", "localhost")
    other_server.answer = lambda asked: answers(302, headers={"Location": f"{target}/x"})
    url = over_tls(other_server, authority).replace("https://", "https://me:secret@")
    url = url.replace("127.0.0.1", "localhost")
    assert body_of(url, ssl_verify=ca_file(authority, tmp_path)) == b"hello"
    assert "authorization" in other_server.asked[0].headers
    assert "authorization" not in hello.asked[0].headers
