"""What is configured about the network holds for whole commands: certificates, logins, limits."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from tests.net.test_time_limits import a_deaf_port
from tests.net.tls_server import ca_file, over_tls
from xconda_core.testing.simulator import a_channel, a_package


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class Desk:
    """A user with a channel that is served over TLS by an authority of its own."""

    def __init__(self, home: Path, authority: trustme.CA) -> None:
        self.home, self.authority = home, authority
        self.channel = ""

    def condarc(self, *lines: str) -> None:
        text = [f"channels: ['{self.channel}']", "remote_max_retries: 0", *lines]
        (self.home / ".condarc").write_text("\n".join(text))

    def xconda(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        own = {"HOME": str(self.home), "PATH": os.environ["PATH"], "CONDA_SUBDIR": "linux-64"}
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**own, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def makes(self, *words: str, **environ: str) -> bool:
        """Whether an environment can be made; it and the caches are gone afterwards."""
        place = {"CONDA_PKGS_DIRS": str(self.home / f"pkgs-{time.monotonic_ns()}")}
        prefix = self.home / f"e-{time.monotonic_ns()}"
        done = self.xconda("create", "-y", "-p", str(prefix), "apple", *words, **place, **environ)
        assert "Traceback" not in done.stderr
        assert done.returncode in {0, 1}
        return done.returncode == 0 and len([*prefix.glob("conda-meta/apple-*.json")]) == 1


@pytest.fixture
def clients_only() -> bool:
    return False


@pytest.fixture
def desk(tmp_path: Path, clients_only: bool) -> Iterator[Desk]:
    a_channel(tmp_path / "channel", [a_package("apple")], subdirs=("linux-64", "noarch"))
    desk = Desk(tmp_path, trustme.CA())
    handler = partial(_Quiet, directory=str(tmp_path / "channel"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        desk.channel = over_tls(server, desk.authority, clients=clients_only)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield desk
        server.shutdown()


def test_a_server_is_verified_as_the_configuration_the_variables_and_the_option_say(
    desk: Desk,
) -> None:
    bundle = ca_file(desk.authority, desk.home)
    desk.condarc()
    assert not desk.makes()
    assert desk.makes("-k")
    assert desk.makes(REQUESTS_CA_BUNDLE=bundle)
    assert desk.makes(CURL_CA_BUNDLE=bundle)
    assert desk.makes(CONDA_SSL_VERIFY=bundle)
    assert desk.makes(CONDA_SSL_VERIFY="truststore", SSL_CERT_FILE=bundle)
    desk.condarc("ssl_verify: ~/ca.pem")
    assert desk.makes()
    assert desk.makes(REQUESTS_CA_BUNDLE="/nowhere")
    desk.condarc("ssl_verify: no")
    assert desk.makes()


@pytest.mark.parametrize("clients_only", [True])
def test_a_client_certificate_is_shown_where_it_is_configured(desk: Desk) -> None:
    certificate = desk.authority.issue_cert("me@example.org")
    certificate.private_key_pem.write_to_path(desk.home / "me.key")
    certificate.cert_chain_pems[0].write_to_path(desk.home / "me.pem")
    ca_file(desk.authority, desk.home)
    desk.condarc("ssl_verify: ~/ca.pem")
    assert not desk.makes()
    lines = ("client_ssl_cert: ~/me.pem", "client_ssl_cert_key: ~/me.key")
    desk.condarc("ssl_verify: ~/ca.pem", *lines)
    assert desk.makes()


@pytest.mark.parametrize("word", ["", "--json"])
def test_a_server_that_cannot_be_verified_is_told_in_words_and_in_documents(
    desk: Desk, word: str
) -> None:
    desk.condarc()
    done = desk.xconda("search", "apple", *([word] if word else []))
    if word:
        document = json.loads(done.stdout)
        assert document["code"] == "network-failed"
        assert "truststore" in document["fix"]
    else:
        assert "could not be verified" in done.stderr
        assert "HTTPSConnectionPool" not in done.stderr


def test_time_limits_and_retries_are_those_that_are_configured(desk: Desk) -> None:
    with a_deaf_port() as port:
        desk.channel = f"http://127.0.0.1:{port}"
        desk.condarc("remote_connect_timeout_secs: 0.3")
        done = desk.xconda("search", "apple", "-v")
        assert "no connection to 127.0.0.1 within 0.3 seconds" in done.stderr
        assert "try 1 of" not in done.stderr
        words = {"CONDA_REMOTE_MAX_RETRIES": "2", "CONDA_REMOTE_BACKOFF_FACTOR": "0.1"}
        done = desk.xconda("search", "apple", "-v", **words)
        assert "try 1 of 3 failed, the next in 0.1 s" in done.stderr
        assert "try 2 of 3 failed, the next in 0.1 s" in done.stderr
