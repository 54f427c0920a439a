"""``search --info --attestations`` through the program, before a channel that serves them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from xconda_core.testing.attesting import ISSUER, WORKFLOW, a_bundle, a_statement
from xconda_core.testing.channel_server import ChannelServer, serve
from xconda_core.testing.simulator import a_channel, a_package

FILE = "pear-1.0-0.conda"


class Shelf:
    """A channel with one archive, and a user who asks about it."""

    def __init__(self, home: Path, server: ChannelServer) -> None:
        self.home, self.server = home, server
        self.folder = home / "channel" / "noarch"
        self.path = ""

    @property
    def digest(self) -> str:
        return sha256((self.folder / FILE).read_bytes()).hexdigest()

    def serves(self, name: str, *statements: Any) -> bytes:
        content = json.dumps([a_bundle(each) for each in statements]).encode()
        (self.folder / name).write_bytes(content)
        return content

    def pins(self, content: bytes) -> None:
        """Let the package list say what the attestations are."""
        for path in self.folder.glob("repodata*.zst"):
            path.unlink()
        path = self.folder / "repodata.json"
        document = json.loads(path.read_bytes())
        pin = {"sha256": sha256(content).hexdigest(), "size": len(content)}
        document["packages.conda"][FILE]["attestations"] = pin
        path.write_text(json.dumps(document))

    def search(self, *words: str) -> "subprocess.CompletedProcess[str]":
        environ = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "NO_PROXY": "127.0.0.1"}
        environ |= {"CONDA_ROOT_PREFIX": str(self.home / "root"), "CONDA_SUBDIR": "linux-64"}
        environ |= {"PYTHONPATH": self.path}
        return subprocess.run(
            [
                *(sys.executable, "-m", "xconda_core", "search", "pear"),
                *("-O", "-c", self.server.url, *words),
            ],
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def said(self) -> str:
        done = self.search("--info", "--attestations")
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    folder = a_channel(tmp_path / "channel", [a_package("pear")])
    with serve(folder) as server:
        yield Shelf(tmp_path, server)


def test_what_is_attested_is_shown_with_what_was_checked_and_what_was_not(shelf: Shelf) -> None:
    shelf.serves(f"{FILE}.v0.sigs", a_statement(FILE, shelf.digest, shelf.server.url))
    words = shelf.said()
    assert "attestation, served beside the archive" in words
    assert f"says      published {FILE} for {shelf.server.url}" in words
    assert f"signed by {WORKFLOW}, known to {ISSUER}" in words
    assert "logged    2023-11-14 22:13:20 UTC, it says" in words
    assert "checked   it is about this archive, by file name and sha256, and the signature" in words
    assert "unchecked whether Sigstore knows that signer, and logged it" in words
    document = json.loads(shelf.search("--info", "--attestations", "--json").stdout)
    (found,) = document["pear"][0]["attested"]["attestations"]
    assert (found["signer"], found["signature"], found["faults"]) == (WORKFLOW, "fits", [])


def test_nobody_is_asked_who_does_not_have_to_be(shelf: Shelf) -> None:
    shelf.search("--info")
    assert not any("sigs" in path for path in shelf.server.paths())
    assert "attestations: none are served" in shelf.said()


def test_an_attestation_of_another_archive_is_called_wrong(shelf: Shelf) -> None:
    shelf.serves(f"{FILE}.v0.sigs", a_statement(FILE, "2" * 64))
    words = shelf.said()
    assert "WRONG     it is about an archive with the sha256 2222" in words
    assert "checked   it is about this archive" not in words


def test_attestations_that_the_package_list_pins_must_be_those(shelf: Shelf) -> None:
    statement = a_statement(FILE, shelf.digest)
    shelf.pins(shelf.serves(f"{FILE}.sigs", statement))
    assert "attestation, as the package list pins it" in shelf.said()
    shelf.serves(f"{FILE}.sigs", statement)  # by another key
    assert "it is not what the package list pins" in shelf.said()
    (shelf.folder / f"{FILE}.sigs").unlink()
    shelf.serves(f"{FILE}.v0.sigs", statement)  # what is not pinned does not stand in for it
    assert "announces attestations and does not have them" in shelf.said()


def test_a_page_instead_of_attestations_is_named(shelf: Shelf) -> None:
    (shelf.folder / f"{FILE}.v0.sigs").write_text("<html>")
    assert "attestations: what its channel serves cannot be read" in shelf.said()


def test_without_the_library_it_is_said_that_nobody_read_who_signed(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.serves(f"{FILE}.v0.sigs", a_statement(FILE, shelf.digest))
    hidden = "import sys\nsys.modules['cryptography'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hidden)
    shelf.path = os.pathsep.join([str(tmp_path), *sys.path])
    words = shelf.said()
    assert "unchecked who signed was not read: that needs the library `cryptography`" in words
    assert WORKFLOW not in words


@pytest.mark.parametrize(
    "words", [("--attestations",), ("--info", "--attestations", "--names-only")]
)
def test_the_option_without_a_meaning_is_refused(shelf: Shelf, words: tuple[str, ...]) -> None:
    done = shelf.search(*words)
    assert done.returncode == 2
    assert "--attestations adds to what --info shows" in done.stderr
