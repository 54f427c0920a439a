"""No login of the network in anything that is said, logged or kept, however much is asked for."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.net.proxy_server import ProxyServer, a_proxy
from xconda_core.testing.channel_server import ChannelServer, Fault, serve
from xconda_core.testing.simulator import a_channel, a_package

PROXY_PASSWORD, USER_PASSWORD, TOKEN = "pr0xy-p@ss", "us3r-p@ss", "t0k-3n-1234"
NETRC_PASSWORD = "n3trc-secret"
SECRETS = (PROXY_PASSWORD, USER_PASSWORD, TOKEN, NETRC_PASSWORD)


def forms(secret: str) -> tuple[str, ...]:
    """Return a secret as it is, percent-encoded, and in headers."""
    logins = (f"me:{secret}", f":{secret}")
    encoded = tuple(b64encode(each.encode()).decode().rstrip("=") for each in logins)
    return (secret, secret.replace("@", "%40"), *encoded)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChannelServer]:
    a_channel(tmp_path / "channel", [a_package("apple")], subdirs=("linux-64", "noarch"))
    with serve(tmp_path / "channel") as running:
        yield running


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    with a_proxy() as running:
        running.login = f"me:{PROXY_PASSWORD}"
        yield running


def xconda(home: Path, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    (home / ".netrc").write_text(f"machine 127.0.0.1 login me password {NETRC_PASSWORD}\n")
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "CONDA_SUBDIR": "linux-64"}
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={**kept, "CONDA_REMOTE_MAX_RETRIES": "0", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def said_and_kept(done: "subprocess.CompletedProcess[str]", home: Path) -> str:
    files = [path for place in (".local", ".cache", ".conda") for path in (home / place).rglob("*")]
    kept = [path.read_bytes().decode(errors="replace") for path in files if path.is_file()]
    names = [str(path) for path in files]
    return "\n".join([done.stdout, done.stderr, *kept, *names])


@pytest.mark.parametrize("works", [True, False])
@pytest.mark.parametrize("word", ["-vvvv", "--json"])
def test_logins_of_proxies_channels_and_netrc_are_nowhere(
    server: ChannelServer, proxy: ProxyServer, tmp_path: Path, works: bool, word: str
) -> None:
    if not works:
        proxy.login = "me:another"
    home = tmp_path / "home"
    home.mkdir()
    login = PROXY_PASSWORD.replace("@", "%40")
    (home / ".condarc").write_text(f"proxy_servers:\n  http: http://me:{login}@{proxy.place}\n")
    channel = server.url.replace("http://", f"http://me:{USER_PASSWORD.replace('@', '%40')}@")
    words = ["create", "-y", "-n", "e", "-c", channel, "--override-channels", "apple", word]
    done = xconda(home, *words)
    assert (done.returncode == 0) is works, done.stderr
    assert proxy.asked
    text = said_and_kept(done, home)
    assert not [form for secret in SECRETS for form in forms(secret) if form in text]
    if not works:
        assert "does not accept the login" in text


def test_a_token_in_the_channels_address_is_nowhere_when_the_server_refuses(
    server: ChannelServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    channel = f"{server.url}/t/{TOKEN}/private"
    done = xconda(home, "search", "-c", channel, "--override-channels", "apple", "-vvvv")
    assert done.returncode == 1
    assert any(TOKEN in path for path in server.paths())
    assert TOKEN not in said_and_kept(done, home)


def test_a_token_of_anaconda_login_is_shown_nowhere_and_follows_no_redirect(tmp_path: Path) -> None:
    store, home = tmp_path / "binstar", tmp_path / "home"
    (store / "data").mkdir(parents=True)
    home.mkdir()
    a_channel(tmp_path / "channel", [a_package("apple")], subdirs=("linux-64", "noarch"))

    with serve(tmp_path / "channel") as mirror:

        def elsewhere(path: str, times: int) -> Fault | None:
            return Fault(redirect=mirror.url + path.removeprefix(f"/t/{TOKEN}"))

        with serve(tmp_path / "channel", faults=elsewhere) as front:
            name = f"{quote_plus(front.url)}.token"
            (store / "data" / name).write_text(TOKEN, encoding="utf-8")
            done = xconda(
                *(home, "create", "-y", "-p", str(home / "env"), "apple", "-vvvv"),
                CONDA_CHANNELS=front.url,
                BINSTAR_CONFIG_DIR=str(store),
            )
            installed = xconda(home, "list", "-p", str(home / "env"), "--explicit")

    assert done.returncode == 0, done.stderr
    assert all(path.startswith(f"/t/{TOKEN}/") for path in front.paths())
    assert any(path.endswith("apple-1.0-0.conda") for path in mirror.paths())
    assert TOKEN not in "".join(f"{each.path} {each.headers}" for each in mirror.requests)
    records = [path.read_text() for path in (home / "env" / "conda-meta").glob("*.json")]
    assert TOKEN not in "".join([said_and_kept(done, home), installed.stdout, *records])
