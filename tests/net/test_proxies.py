"""Proxies: a real one on loopback, which forwards, opens tunnels and wants logins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from tests.net.proxy_server import ProxyServer, a_proxy
from tests.net.tls_server import ca_file, over_tls
from xconda_core.net.connection import Connection
from xconda_core.net.failures import NetworkFailed
from xconda_core.net.proxies import Proxies, is_exempt
from xconda_core.net.session import RequestsFetcher

Server = Any  # the scripted server of conftest
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    with a_proxy() as running:
        yield running


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


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


def test_plain_requests_are_forwarded(proxy: ProxyServer, hello: Server) -> None:
    assert body_of(f"{hello.url}/file", proxies={"http": proxy.url}) == b"hello"
    assert proxy.asked == [f"GET {hello.url}/file"]


def test_https_goes_through_a_tunnel_and_is_verified_at_its_end(
    proxy: ProxyServer, hello: Server, tmp_path: Path
) -> None:
    authority = trustme.CA()
    port = over_tls(hello, authority, "channel.invalid").rpartition(":")[2]
    proxy.elsewhere["channel.invalid"] = int(port)
    words = {"proxies": {"https": proxy.url}, "ssl_verify": ca_file(authority, tmp_path)}
    assert body_of("https://channel.invalid/file", **words) == b"hello"
    assert proxy.asked == ["CONNECT channel.invalid:443"]
    assert "proxy-authorization" not in hello.asked[0].headers


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_login_with_special_characters_is_percent_encoded(
    proxy: ProxyServer, hello: Server, tmp_path: Path, scheme: str
) -> None:
    proxy.login = "DOMAIN\\me:p@ss:w/rd %"
    authority, words = trustme.CA(), {}
    if scheme == "https":
        over_tls(hello, authority)
        words = {"ssl_verify": ca_file(authority, tmp_path)}
    address = proxy.url.replace("http://", "http://DOMAIN%5Cme:p%40ss%3Aw%2Frd%20%25@")
    url = hello.url.replace("http", scheme, 1)
    assert body_of(url, proxies={scheme: address}, **words) == b"hello"
    assert "proxy-authorization" not in hello.asked[0].headers


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_missing_login_is_told_with_where_to_write_it(
    proxy: ProxyServer, hello: Server, scheme: str
) -> None:
    proxy.login = "me:secret"
    failure = failure_at(f"{scheme}://127.0.0.1:9/x", proxies={scheme: proxy.url}, max_retries=3)
    assert f"the proxy {proxy.place} wants a login (407)" in failure.why
    assert "http://USER:PASSWORD@HOST:PORT" in failure.fix
    assert len(proxy.asked) == 1  # it would not pass


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_wrong_login_is_told_apart_and_not_shown(proxy: ProxyServer, scheme: str) -> None:
    proxy.login = "me:secret"
    address = proxy.url.replace("http://", "http://me:wr0ng@")
    failure = failure_at(f"{scheme}://127.0.0.1:9/x", proxies={scheme: address})
    assert f"the proxy {proxy.place} does not accept the login" in failure.why
    assert "wr0ng" not in str(failure.to_json())


def test_a_proxy_that_wants_another_kind_of_login_is_told(proxy: ProxyServer) -> None:
    proxy.login, proxy.offers = "me:secret", "NTLM, Negotiate"
    failure = failure_at("http://127.0.0.1:9/x", proxies={"http": proxy.url})
    assert "wants a login by negotiate or ntlm; xconda knows basic" in failure.why


def test_a_proxy_that_forbids_a_host_is_told_with_its_answer(proxy: ProxyServer) -> None:
    proxy.refuses = 403
    failure = failure_at("https://channel.invalid/x", proxies={"https": proxy.url}, max_retries=3)
    assert (
        f"the proxy {proxy.place} did not let the request through: it answered 403" in failure.why
    )
    assert len(proxy.asked) == 1


def test_a_tunnel_that_is_not_ready_is_tried_again(proxy: ProxyServer) -> None:
    proxy.refuses = 503
    words = {"proxies": {"https": proxy.url}, "max_retries": 2, "wait": lambda seconds: None}
    failure_at("https://channel.invalid/x", **words)
    assert len(proxy.asked) == 3


def test_a_proxy_that_is_not_there_is_told_as_the_proxy() -> None:
    failure = failure_at("http://channel.invalid/x", proxies={"http": "http://me:pw@127.0.0.1:9"})
    assert "the proxy 127.0.0.1:9 refused the connection" in failure.why
    assert "proxy_servers" in failure.fix


def test_a_proxy_for_one_host_is_only_for_that(proxy: ProxyServer, hello: Server) -> None:
    words = {"proxies": {"http://127.0.0.1": proxy.url}}
    body_of(f"{hello.url}/a", **words)
    body_of(f"{hello.url}/b".replace("127.0.0.1", "localhost"), **words)
    assert proxy.asked == [f"GET {hello.url}/a"]


def test_the_environments_proxy_is_used_and_the_configured_one_wins(
    proxy: ProxyServer, hello: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    body_of(f"{hello.url}/a")
    with a_proxy() as other:
        body_of(f"{hello.url}/b", proxies={"http": other.url})
        assert other.asked == [f"GET {hello.url}/b"]
    body_of(f"{hello.url}/c", proxies={"http": None})
    assert proxy.asked == [f"GET {hello.url}/a"]


@pytest.mark.parametrize("place", ["127.0.0.1", "127.0.0.0/8", "*"])
def test_no_proxy_of_the_environment_and_of_the_configuration_exempt_hosts(
    hello: Server, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    nowhere = "http://127.0.0.1:9"
    assert body_of(hello.url, proxies={"http": nowhere, "no_proxy": place}) == b"hello"
    monkeypatch.setenv("HTTP_PROXY", nowhere)
    assert body_of(hello.url, proxies={"no_proxy": place}) == b"hello"
    monkeypatch.setenv("NO_PROXY", place)
    assert body_of(hello.url) == b"hello"
    assert body_of(hello.url, proxies={"http": nowhere}) == b"hello"


def test_a_redirect_to_an_exempt_host_leaves_the_proxy(
    proxy: ProxyServer, hello: Server, other_server: Server, answers: Any
) -> None:
    target = hello.url.replace("127.0.0.1", "localhost")
    other_server.answer = lambda asked: answers(302, headers={"Location": f"{target}/b"})
    proxy.login = "me:secret"
    address = proxy.url.replace("http://", "http://me:secret@")
    words = {"proxies": {"http": address, "no_proxy": "localhost"}}
    assert body_of(f"{other_server.url}/a", **words) == b"hello"
    assert proxy.asked == [f"GET {other_server.url}/a"]
    assert "proxy-authorization" not in hello.asked[0].headers


def test_a_socks_proxy_without_pysocks_says_what_it_needs() -> None:
    failure = failure_at("http://127.0.0.1:9/x", proxies={"http": "socks5://127.0.0.1:9"})
    assert "needs PySocks" in failure.why


def test_an_address_of_a_proxy_that_is_none_is_told() -> None:
    failure = failure_at("http://127.0.0.1:9/x", proxies={"http": "http:///"})
    assert "proxy" in failure.why


@pytest.mark.parametrize(
    ("host", "port", "text", "expected"),
    [
        ("a.example.org", 443, "example.org", True),
        ("a.example.org", 443, ".EXAMPLE.org", True),
        ("notexample.org", 443, "example.org", False),
        ("a.example.org", 8443, "a.example.org:8443", True),
        ("a.example.org", 443, "a.example.org:8443", False),
        ("10.1.2.3", 80, "10.0.0.0/8, other", True),
        ("10.1.2.3", 80, "192.168.0.0/16", False),
        ("::1", 80, "::1", True),
        ("a.example.org", 443, "", False),
        ("a.example.org", 443, "  , ,", False),
    ],
)
def test_lists_of_exempt_hosts_are_read_as_curl_reads_them(
    host: str, port: int, text: str, expected: bool
) -> None:
    assert is_exempt(host, port, text) is expected


names = st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,3}", fullmatch=True)


@given(names, names)
def test_an_exempt_domain_exempts_exactly_itself_and_what_is_below_it(host: str, of: str) -> None:
    assert is_exempt(host, 80, of) is (host == of or host.endswith(f".{of}"))


@given(st.dictionaries(st.sampled_from(["http", "https", "all", "https://h"]), st.just("http://p")))
def test_a_more_exact_entry_wins_and_none_means_directly(configured: dict[str, str]) -> None:
    proxies = Proxies({**configured, "https://h": None})
    assert proxies.of("https://h/x", {"https": "http://other"}) == ""
    found = Proxies(configured).of("https://elsewhere/x", {"https": "http://other"})
    assert found == ("http://p" if {"https", "all"} & {*configured} else "http://other")
