"""A channel that signs, its users, and those who would like to stand between them."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from xconda_core.testing.channel_server import ChannelServer, Fault, serve
from xconda_core.testing.signing import (
    PAST,
    Signer,
    a_document,
    sign_list,
    write_document,
)
from xconda_core.testing.simulator import a_channel, a_package

OWNER, NEW_OWNER, KEEPER, PACKER, MALLORY = map(
    Signer, ("owner", "new owner", "keeper", "packer", "mallory")
)
PACKAGES = (
    a_package("seed"),
    a_package("apple", "2.0", depends=["seed"], subdir="linux-64"),
    a_package("pear", subdir="linux-64"),
)


class Orchard:
    """A channel whose packages are signed, and a user who has its first root."""

    def __init__(self, home: Path, server: ChannelServer, faults: dict[str, Fault]) -> None:
        self.home, self.server, self.faults = home, server, faults
        self.channel = home / "channel"
        self.environ: dict[str, str] = {}
        for subdir in ("linux-64", "noarch"):
            sign_list(self.channel / subdir, [PACKER])
        self.first_root = home / ".conda" / "trust" / "1.root.json"
        root = self.root(1)
        write_document(self.first_root, root)
        self.publish(root)
        self.publish(self.word(1))

    def root(self, number: int, **words: Any) -> dict[str, Any]:
        owners, keeper = words.pop("owners", [OWNER]), words.pop("keeper", KEEPER)
        roles = {"root": (owners, 1), "key_mgr": ([keeper], 1)}
        return a_document(
            "root", number, roles, words.pop("signers", [OWNER]), by_card=True, **words
        )

    def word(self, number: int, signer: Signer = KEEPER, **words: Any) -> dict[str, Any]:
        packers = words.pop("packers", [PACKER])
        return a_document("key_mgr", number, {"pkg_mgr": (packers, 1)}, [signer], **words)

    def publish(self, document: dict[str, Any]) -> None:
        signed = document["signed"]
        name = "key_mgr" if signed["type"] == "key_mgr" else f"{signed['version']}.root"
        write_document(self.channel / f"{name}.json", document)

    def alter_list(self, subdir: str, change: Any) -> None:
        path = self.channel / subdir / "repodata.json"
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document))

    def xconda(self, *words: str, checks: str = "warn") -> "subprocess.CompletedProcess[str]":
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CONDA")}
        asked = {
            "HOME": str(self.home),
            "CONDA_CHANNELS": self.server.url,
            "CONDA_SUBDIR": "linux-64",
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "CONDA_REMOTE_MAX_RETRIES": "0",
            "CONDA_LOCAL_REPODATA_TTL": "0",
            "CONDA_EXTRA_SAFETY_CHECKS": "true",
            "CONDA_SIGNING_METADATA_URL_BASE": self.server.url,
            "CONDA_SAFETY_CHECKS": checks,
        }
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**kept, **asked, **self.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def plan(self, **words: str) -> str:
        """Return what `create --dry-run apple` shows; it may be done."""
        done = self.xconda("create", "--dry-run", "-n", "e", "apple", **words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, **words: str) -> dict[str, Any]:
        """Return the error of `create apple`, which changes nothing."""
        done = self.xconda("create", "-y", "--json", "-n", "e", "apple", **words)
        assert done.returncode == 1
        assert not (self.home / "root/envs/e").exists()
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture
def orchard(tmp_path: Path) -> Iterator[Orchard]:
    a_channel(tmp_path / "channel", PACKAGES)
    faults: dict[str, Fault] = {}

    def fault(path: str, times: int) -> Fault | None:
        return next((each for end, each in faults.items() if path.endswith(end)), None)

    with serve(tmp_path / "channel", faults=fault, max_age=0) as server:
        yield Orchard(tmp_path, server, faults)


def test_what_a_channel_signed_is_shown_as_signed_and_installed(orchard: Orchard) -> None:
    words = f"Signed:   all 2 (root 1 of {orchard.server.url}, good until 2999-12-31)"
    done = orchard.xconda("create", "-y", "-n", "e", "apple", checks="enabled")
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
    again = orchard.xconda("create", "--dry-run", "--json", "-n", "f", "apple")
    trust = json.loads(again.stdout)["plan"]["trust"]
    assert [(each["name"], each["status"]) for each in trust["packages"]] == [
        ("apple", "signed"),
        ("seed", "signed"),
    ]
    assert trust["packages"][0]["keys"] == [PACKER.public]
    assert (trust["root_version"], trust["problem"]) == (1, "")


def test_a_quiet_command_still_says_what_is_not_signed(orchard: Orchard) -> None:
    orchard.alter_list("noarch", lambda document: document.pop("signatures"))
    done = orchard.xconda("create", "-y", "-q", "-n", "e", "apple")
    assert done.stdout == ""
    assert "Unsigned: seed" in done.stderr
    whole = orchard.xconda("create", "-y", "-q", "-n", "f", "pear")
    assert (whole.stdout, whole.stderr) == ("", "")


def test_info_tells_where_keys_are_and_hides_credentials(orchard: Orchard) -> None:
    orchard.environ["CONDA_SIGNING_METADATA_URL_BASE"] = "https://me:secret@host/keys"
    facts = json.loads(orchard.xconda("info", "--json").stdout)
    assert facts["av_metadata_url_base"] == "https://<hidden>@host/keys"
    assert facts["av_data_dir"] == str(orchard.home / "root/etc/conda")
    assert "secret" not in orchard.xconda("info").stdout


@pytest.mark.parametrize("muted", ["CONDA_EXTRA_SAFETY_CHECKS", "CONDA_SIGNING_METADATA_URL_BASE"])
def test_nobody_is_told_of_signatures_that_nobody_asked_about(orchard: Orchard, muted: str) -> None:
    orchard.environ[muted] = ""
    shown = orchard.plan()
    assert "Signed:   all" not in shown
    assert "key_mgr.json" not in "".join(orchard.server.paths())
    words = "Signed:   not looked at: signing_metadata_url_base is not set."
    assert (words in shown) == (muted == "CONDA_SIGNING_METADATA_URL_BASE")


def test_an_unsigned_package_is_named_and_refused_where_all_must_be_signed(
    orchard: Orchard,
) -> None:
    orchard.alter_list("noarch", lambda document: document.pop("signatures"))
    shown = orchard.plan()
    assert "Signed:   1 of 2" in shown
    assert "Unsigned: seed: its channel has no signature of it" in shown
    error = orchard.refusal(checks="enabled")
    assert error["code"] == "packages-not-trusted"
    assert [each["name"] for each in error["facts"]["packages"]] == ["seed"]


def swap_digest(document: dict[str, Any]) -> None:
    """Offer another archive under a signed entry, as whoever owns the server can."""
    document["packages.conda"]["apple-2.0-0.conda"]["sha256"] = "0" * 64


def test_an_altered_entry_is_refused_and_nothing_is_changed(orchard: Orchard) -> None:
    orchard.alter_list("linux-64", swap_digest)
    error = orchard.refusal()
    assert error["code"] == "packages-not-trusted"
    assert error["why"].startswith("none of the keys that count has signed")
    words = "Not as signed: apple: none of the keys that count"
    assert words in orchard.plan(checks="disabled")


def test_signatures_by_a_key_that_was_not_delegated_are_refused(orchard: Orchard) -> None:
    sign_list(orchard.channel / "linux-64", [MALLORY])
    assert orchard.refusal()["code"] == "packages-not-trusted"


def test_a_list_that_changed_after_the_choice_is_noticed(orchard: Orchard) -> None:
    """Shards say one thing, the signed list another: what is chosen must be what was signed."""
    orchard.alter_list("linux-64", swap_digest)
    sign_list(orchard.channel / "linux-64", [PACKER])
    error = orchard.refusal()
    assert error["why"].startswith("its sha256 is ")


def test_a_whole_list_that_was_just_chosen_from_is_not_fetched_again(orchard: Orchard) -> None:
    for path in orchard.channel.glob("*/repodata_shards*"):
        path.unlink()
    assert "Signed:   all 2" in orchard.plan()
    assert orchard.server.paths().count("/noarch/repodata.json") == 1


def test_a_new_root_and_its_new_keeper_are_followed_and_remembered(orchard: Orchard) -> None:
    assert "root 1 of" in orchard.plan()
    keeper = Signer("new keeper")
    orchard.publish(orchard.root(2, signers=[OWNER, NEW_OWNER], owners=[NEW_OWNER], keeper=keeper))
    orchard.publish(orchard.word(1, keeper))
    assert "Signed:   all 2 (root 2 of" in orchard.plan()
    (orchard.channel / "2.root.json").unlink()
    assert "Signed:   all 2 (root 2 of" in orchard.plan()


def test_a_root_of_strangers_stops_everything(orchard: Orchard) -> None:
    orchard.publish(orchard.root(2, signers=[MALLORY], owners=[MALLORY], keeper=MALLORY))
    error = orchard.refusal()
    assert (error["code"], error["facts"]["reason"]) == ("trust-metadata-refused", "signatures")
    assert error["facts"]["document"] == "2.root.json"
    assert "2.root.json is not believed" in orchard.plan(checks="disabled")


def test_an_older_word_of_the_keeper_is_refused_once_a_newer_was_believed(orchard: Orchard) -> None:
    orchard.publish(orchard.word(2))
    orchard.plan()
    orchard.publish(orchard.word(1, packers=[MALLORY]))
    assert orchard.refusal()["facts"]["reason"] == "older"


def test_keys_that_nobody_renews_expire(orchard: Orchard) -> None:
    orchard.publish(orchard.word(2, expires=PAST))
    shown = orchard.plan()
    assert "Signed:   unknown. key_mgr.json is not believed: it expired on 2022-11-01." in shown
    assert orchard.refusal(checks="enabled")["facts"]["reason"] == "expired"


def test_an_expired_first_root_makes_nothing_signed(orchard: Orchard) -> None:
    write_document(orchard.first_root, orchard.root(1, expires=PAST))
    assert "1.root.json is not believed: it expired on 2022-11-01." in orchard.plan()
    assert orchard.refusal(checks="enabled")["facts"]["reason"] == "expired"
    orchard.publish(orchard.root(2))  # a newer one, which the expired one vouches for
    assert "Signed:   all 2 (root 2 of" in orchard.plan()


def test_without_a_first_root_nobody_is_believed_whatever_is_served(orchard: Orchard) -> None:
    orchard.first_root.unlink()
    assert "there is no first root; looked in" in orchard.plan()
    assert orchard.refusal(checks="enabled")["facts"]["reason"] == "missing"


def test_the_installations_first_root_counts_where_the_user_has_none(orchard: Orchard) -> None:
    installed = orchard.home / "root/etc/conda/1.root.json"
    installed.parent.mkdir(parents=True)
    shutil.move(orchard.first_root, installed)
    assert "Signed:   all 2 (root 1" in orchard.plan()


def test_a_damaged_first_root_stops_everything(orchard: Orchard) -> None:
    text = orchard.first_root.read_text().replace(KEEPER.public, MALLORY.public)
    orchard.first_root.write_text(text)
    facts = orchard.refusal()["facts"]
    assert (facts["document"], facts["reason"]) == (str(orchard.first_root), "signatures")


def test_of_several_first_roots_the_highest_number_counts(orchard: Orchard) -> None:
    newer = orchard.root(10, owners=[NEW_OWNER], signers=[NEW_OWNER])
    write_document(orchard.first_root.with_name("10.root.json"), newer)
    assert "Signed:   all 2 (root 10 of" in orchard.plan()


def test_another_first_root_begins_anew(orchard: Orchard) -> None:
    orchard.publish(orchard.root(2))
    orchard.plan()
    (orchard.channel / "2.root.json").unlink()
    other = Signer("another keeper")
    root = orchard.root(1, signers=[NEW_OWNER], owners=[NEW_OWNER], keeper=other)
    write_document(orchard.first_root, root)
    orchard.publish(orchard.word(1, other))
    assert "Signed:   all 2 (root 1" in orchard.plan()


def test_a_server_of_keys_that_is_down_is_named_and_what_was_believed_still_counts(
    orchard: Orchard,
) -> None:
    orchard.plan()
    orchard.faults |= {"key_mgr.json": Fault(status=503), "root.json": Fault(status=503)}
    shown = orchard.plan()
    assert "Signed:   all 2 (root 1" in shown
    assert "Careful:  2.root.json could not be asked for" in shown
    orchard.faults |= {"key_mgr.json": Fault(status=403), "root.json": Fault(status=403)}
    shown = orchard.plan()
    assert "Signed:   all 2 (root 1" in shown
    assert "key_mgr.json could not be asked for" in shown


def test_offline_what_was_believed_counts(orchard: Orchard) -> None:
    orchard.plan()
    before = len(orchard.server.requests)
    done = orchard.xconda("create", "--dry-run", "--offline", "-n", "e", "apple")
    assert "Signed:   all 2 (root 1" in done.stdout, done.stderr
    assert len(orchard.server.requests) == before


def test_a_channel_on_this_machine_is_checked_like_any_other(orchard: Orchard) -> None:
    address = orchard.channel.as_uri()
    forgotten = zstandard.compress(b'{"packages": {}}')  # a signing tool rewrites the plain list
    for subdir in ("linux-64", "noarch"):
        path = orchard.channel / subdir / "repodata.json.zst"
        path.write_bytes(forgotten)
        os.utime(path, (0, 0))
    orchard.environ |= {"CONDA_CHANNELS": address, "CONDA_SIGNING_METADATA_URL_BASE": address}
    assert "Signed:   all 2 (root 1" in orchard.plan()


def test_a_missing_library_is_named_with_what_to_do(orchard: Orchard, tmp_path: Path) -> None:
    (tmp_path / "cryptography.py").write_text("raise ImportError")
    orchard.environ["PYTHONPATH"] = os.pathsep.join([str(tmp_path), *sys.path])
    error = orchard.refusal()
    assert error["code"] == "cryptography-missing"
    assert "pip install cryptography" in error["fix"]


def test_what_pinned_archives_bring_is_checked_too(orchard: Orchard) -> None:
    archive = orchard.channel / "noarch/seed-1.0-0.conda"
    address = f"{orchard.server.url}/noarch/{archive.name}"
    done = orchard.xconda("create", "--dry-run", "-n", "e", address)
    assert "Unchecked: seed: its address names no sha256" in done.stdout, done.stderr
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    named = orchard.xconda("create", "--dry-run", "-n", "e", f"{address}#sha256:{digest}")
    assert "Signed:   all 1" in named.stdout, named.stderr


def test_an_undo_is_checked_like_any_other_change(orchard: Orchard) -> None:
    for words in (("create", "-n", "e", "apple"), ("remove", "-n", "e", "apple")):
        assert orchard.xconda(*words, "-y").returncode == 0
    sign_list(orchard.channel / "linux-64", [MALLORY])
    done = orchard.xconda("undo", "-n", "e", "-y", "--json")
    assert json.loads(done.stdout)["code"] == "packages-not-trusted"


def test_what_was_unpacked_before_anybody_asked_for_signatures_has_to_be_what_was_signed(
    orchard: Orchard,
) -> None:
    """An earlier list named no digest of an archive, or the md5 of the other format of another."""
    unpacked = orchard.home / "root/pkgs/pear-1.0-0"
    entry = json.loads((orchard.channel / "linux-64/repodata.json").read_bytes())
    md5 = entry["packages.conda"]["pear-1.0-0.conda"]["md5"]
    for said in ({"sha256": None, "md5": None}, {"legacy_bz2_md5": md5, "sha256": "0" * 64}):
        orchard.environ = {"CONDA_EXTRA_SAFETY_CHECKS": "false"}
        assert orchard.xconda("create", "-y", "-n", "before", "pear").returncode == 0
        described = unpacked / "info/repodata_record.json"
        described.write_text(json.dumps(json.loads(described.read_bytes()) | said))
        good, evil = b"pear 1.0 0\n", b"evil 1.0 0\n"
        (unpacked / "share/pear.txt").write_bytes(evil)
        paths = unpacked / "info/paths.json"
        was, is_now = (hashlib.sha256(content).hexdigest() for content in (good, evil))
        paths.write_text(paths.read_text().replace(was, is_now))
        orchard.environ = {}
        name = f"after-{len(said)}-{'md5' in said}"
        assert orchard.xconda("create", "-y", "-n", name, "pear").returncode == 0
        installed = orchard.home / "root/envs" / name / "share/pear.txt"
        assert installed.read_bytes() == good
        orchard.xconda("remove", "-y", "-n", "before", "--all")
