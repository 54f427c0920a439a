"""Channels of one's own: indexed, read by address and by folder, and what conda-build made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.testing.simulator import a_channel, a_package, written


class Workshop:
    """A home, a channel that is configured, and a folder to put packages into."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.orchard = a_channel(home / "orchard", [a_package("pear", "1.0")])

    def xconda(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CONDA")}
        own = {"HOME": str(self.home), "CONDA_CHANNELS": self.orchard.as_uri()}
        return subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env={**kept, **own, "CONDA_SUBDIR": "linux-64", **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def put(self, folder: Path, version: str, subdir: str = "noarch") -> Path:
        written(folder / subdir, a_package("pear", version, subdir=subdir))
        return folder

    def found(self, *words: str, **environ: str) -> list[str]:
        done = self.xconda("search", "pear", "--json", *words, **environ)
        return [each["version"] for each in json.loads(done.stdout).get("pear", [])]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_a_folder_of_packages_is_indexed_and_installed_from(workshop: Workshop) -> None:
    channel = workshop.put(workshop.home / "mine", "7.0")

    done = workshop.xconda("channel", "index", str(channel))

    assert (done.returncode, done.stderr) == (0, "")
    assert "noarch: 1 packages, 1 read; lists written" in done.stdout
    made = workshop.xconda("create", "-y", "-n", "e", "-c", str(channel), "pear", "--json")
    assert json.loads(made.stdout)["actions"]["LINK"][0]["version"] == "7.0"


def test_indexing_again_says_that_nothing_was_read(workshop: Workshop) -> None:
    channel = workshop.put(workshop.home / "mine", "7.0")
    workshop.xconda("channel", "index", str(channel))

    document = json.loads(workshop.xconda("channel", "index", str(channel), "--json").stdout)

    assert document["success"]
    assert document["channel"] == channel.as_uri()
    assert [(each["subdir"], each["read"]) for each in document["folders"]] == [("noarch", 0)]


def test_an_archive_that_is_left_out_ends_in_exit_code_1(workshop: Workshop) -> None:
    channel = workshop.put(workshop.home / "mine", "7.0")
    (channel / "noarch" / "bad-1-0.conda").write_bytes(b"?")

    done = workshop.xconda("channel", "index", str(channel), "--json")

    document = json.loads(done.stdout)
    assert (done.returncode, document["success"]) == (1, False)
    assert document["folders"][0]["left_out"][0]["fn"] == "bad-1-0.conda"


def test_the_short_list_of_an_indexed_channel_is_read_where_it_is_asked_for(
    workshop: Workshop,
) -> None:
    channel = workshop.put(workshop.put(workshop.home / "mine", "7.0"), "8.0")
    workshop.xconda("channel", "index", str(channel))
    where = ("--override-channels", "-c", channel.as_uri())

    assert workshop.found(*where) == ["7.0", "8.0"]
    assert workshop.found(*where, "--repodata-fn", "current_repodata.json") == ["8.0"]


@pytest.mark.parametrize("form", ["repodata.json", "repodata_shards.msgpack.zst"])
def test_what_is_listed_for_newer_clients_only_is_found(workshop: Workshop, form: str) -> None:
    needs = ['pear[when="__unix"]']
    channel = workshop.put(workshop.home / "mine", "7.0")
    written(channel / "noarch", a_package("basket", depends=needs, extra={"schema_version": 3}))
    workshop.xconda("channel", "index", str(channel))
    for path in (channel / "noarch").glob("repodata*"):
        if not path.name.startswith(form):
            path.unlink()

    made = workshop.xconda("create", "-y", "-n", "e", "-c", channel.as_uri(), "basket", "--json")

    assert {each["dist_name"] for each in json.loads(made.stdout)["actions"]["LINK"]} == {
        "basket-1.0-0",
        "pear-7.0-0",
    }


@pytest.mark.parametrize("variable", ["CONDA_BLD_PATH", "CONDA_CROOT"])
def test_use_local_reads_the_folder_that_conda_build_is_told(
    workshop: Workshop, variable: str
) -> None:
    built = workshop.put(workshop.home / "made", "99")
    workshop.xconda("channel", "index", str(built))

    assert workshop.found("--use-local", **{variable: str(built)}) == ["1.0", "99"]
    assert workshop.found(**{variable: str(built)}) == ["1.0"]


def test_local_as_a_channel_is_the_conda_bld_folder_of_the_home(workshop: Workshop) -> None:
    workshop.xconda("channel", "index", str(workshop.put(workshop.home / "conda-bld", "99")))

    assert workshop.found("--override-channels", "-c", "local") == ["99"]


def test_local_is_what_the_root_prefix_has_in_conda_bld(workshop: Workshop) -> None:
    root = workshop.home / "base"
    (root / "conda-meta").mkdir(parents=True)
    workshop.xconda("channel", "index", str(workshop.put(root / "conda-bld", "98")))

    found = workshop.found("--override-channels", "-c", "local", CONDA_ROOT_PREFIX=str(root))

    assert found == ["98"]


def test_local_without_any_folder_of_conda_build_says_so(workshop: Workshop) -> None:
    done = workshop.xconda("search", "pear", "--override-channels", "-c", "local")

    assert done.returncode == 1
    assert "the channel local is empty" in done.stderr
    assert "croot" in done.stderr


def test_an_environment_without_packages_is_made_without_asking_any_channel(
    workshop: Workshop,
) -> None:
    done = workshop.xconda("create", "-y", "-n", "e", CONDA_CHANNELS="http://127.0.0.1:9/nowhere")

    assert done.returncode == 0, done.stderr


def test_a_dry_run_needs_no_name_and_makes_nothing(workshop: Workshop) -> None:
    scratch = workshop.home / "scratch"
    scratch.mkdir()

    done = workshop.xconda("create", "--dry-run", "pear", "--json", TMPDIR=str(scratch))

    assert json.loads(done.stdout)["actions"]["LINK"][0]["name"] == "pear"
    assert list(scratch.iterdir()) == []


def test_an_export_names_channels_as_its_packages_do(workshop: Workshop) -> None:
    workshop.xconda("create", "-y", "-n", "e", "pear")
    url = workshop.orchard.as_uri()
    words = {"CONDA_CHANNELS": "other,defaults", "CONDA_DEFAULT_CHANNELS": url}

    text = workshop.xconda("export", "-n", "e", **words).stdout

    assert "  - other\n  - defaults\n" in text
    assert "  - defaults::pear=1.0=0\n" in text
    assert url not in text


def test_an_address_is_no_folder_to_index_and_its_login_is_not_shown(workshop: Workshop) -> None:
    done = workshop.xconda("channel", "index", "https://me:SEKRET@host.example/c")

    assert done.returncode == 2
    assert "an address is not a folder" in done.stderr
    assert "SEKRET" not in done.stdout + done.stderr
