"""The small print that users rely on, sentence by sentence, as they meet it in a terminal."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.pip_world import conda_packages, pip_install
from tests.scenarios.world import with_small_disk
from xconda_core.testing.channel_server import ChannelServer, Fault, serve
from xconda_core.testing.simulator import a_channel, a_package

Done = subprocess.CompletedProcess[str]
TOKEN = "t0k-3n-1234"
VARIABLES = json.dumps({"OF_PACKAGE": "1", "BOTH": "package", "PATH": "/from/a/package"}).encode()
PACKAGES = (
    *conda_packages(),
    a_package("apple", "1.0", depends=["seed"]),
    a_package("seed"),
    a_package("seedling"),
    a_package("timeless", timestamp=0),
    a_package("big", files={"share/big.bin": os.urandom(3_000_000)}),
    a_package("shared", files={"lib/libfruit.so.1": b"x"}),
    a_package("varied", files={"etc/conda/env_vars.d/varied.json": VARIABLES}),
)


class Desk:
    """A user with a home, a channel over HTTP, and commands to type.

    Attributes:
        faults: What goes wrong, by the end of a path; ``*`` for all.
    """

    def __init__(self, home: Path, server: ChannelServer, faults: dict[str, Fault]) -> None:
        self.home, self.server, self.faults = home, server, faults

    def xconda(self, *words: str, answers: str = "", **environ: str) -> Done:
        """Run a command as a user does."""
        program = (sys.executable, "-m", "xconda_core")
        return self.run(*program, *words, answers=answers, **environ)

    def run(self, *words: str, answers: str = "", **environ: str) -> Done:
        """Run a program in the user's surroundings."""
        own = {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "CONDA_CHANNELS": f"{self.server.url}/orchard",
            "CONDA_ENVS_DIRS": str(self.home / "envs"),
            "CONDA_REMOTE_MAX_RETRIES": "0",
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "CONDA_SUBDIR": "linux-64",
            "NO_PROXY": "127.0.0.1",
        }
        return subprocess.run(
            words,
            env={**own, **environ}, cwd=self.home, input=answers, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    def make(self, name: str, *specs: str) -> Path:
        """Make an environment and return where it is."""
        made = self.xconda("create", "-y", "-n", name, *specs)
        assert made.returncode == 0, made.stderr
        return self.home / "envs" / name


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("channels")
    a_channel(folder / "orchard", PACKAGES)
    (folder / "t").mkdir()
    (folder / "t" / TOKEN).symlink_to(folder)
    return folder


@pytest.fixture
def desk(tmp_path: Path, channels: Path) -> Iterator[Desk]:
    faults: dict[str, Fault] = {}

    def fault(path: str, times: int) -> Fault | None:
        del times
        return next((faults[end] for end in faults if end == "*" or path.endswith(end)), None)

    with serve(channels, faults=fault) as server:
        yield Desk(tmp_path, server, faults)


def test_what_shadows_an_environment_is_named_by_info_and_the_doctor(desk: Desk) -> None:
    prefix = desk.make("one", "python=3.12.1", "greeter", "shared")
    site = desk.home / ".local/lib/python3.12/site-packages"
    (site / "greeter-1.0.dist-info").mkdir(parents=True)
    (site / "greeter-1.0.dist-info" / "METADATA").write_text("Name: greeter\nVersion: 1.0\n")
    foreign = desk.home / "foreign"
    foreign.mkdir()
    (foreign / "libfruit.so.1").touch()
    around = {
        "PYTHONPATH": str(desk.home / "mine"),
        "PYTHONHOME": sys.base_prefix,
        "LD_LIBRARY_PATH": str(foreign),
    }

    told = desk.xconda("info", "-a", **around).stdout.splitlines()
    found = json.loads(desk.xconda("doctor", "-n", "one", "--json", **around).stdout)
    quiet = json.loads(desk.xconda("doctor", "-n", "one", "--json", PYTHONNOUSERSITE="1").stdout)

    assert {f"{name}: {value}" for name, value in around.items()} <= set(told)
    assert f"site_dirs: {site}" in told
    words = [each["what"] for each in found["findings"] if each["check"] == "shadowing"]
    assert len(words) == 4
    assert f"PYTHONPATH is set to {desk.home}/mine" in words[0]
    assert f"PYTHONHOME is set to {sys.base_prefix}" in words[1]
    assert f"Python loads greeter 1.0 of {site}, not 2.0 of the environment" in words[2]
    assert "LD_LIBRARY_PATH puts other libraries" in words[3]
    assert prefix.is_dir()
    assert [each for each in quiet["findings"] if each["check"] == "shadowing"] == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "wants to know who you are"),
        (403, "check that your token or login covers the channel"),
        (404, "it has no such file"),
        (410, "took it away"),
        (429, "429 too many requests ("),
        (451, "for legal reasons"),
        (500, "500 internal server error"),
        (503, "503 service unavailable"),
    ],
)
def test_each_answer_of_a_server_has_words_of_its_own_and_shows_no_token(
    desk: Desk, status: int, words: str
) -> None:
    desk.faults["apple-1.0-0.conda"] = Fault(status=status)
    channel = f"{desk.server.url}/t/{TOKEN}/orchard"

    done = desk.xconda("create", "-y", "-n", "two", "apple", "-vv", CONDA_CHANNELS=channel)

    assert done.returncode == 1
    assert words in done.stderr
    assert TOKEN not in done.stdout + done.stderr


def test_removing_all_asks_for_the_packages_and_then_for_files_of_nobody_where_no_is_the_default(
    desk: Desk,
) -> None:
    prefix = desk.make("one", "apple")
    (prefix / "mine.txt").touch()
    remove = ("remove", "-n", "one", "--all")

    no = desk.xconda(*remove, answers="n\n")
    untouched = sorted(path.name for path in (prefix / "conda-meta").glob("*.json"))
    yes = desk.xconda(*remove, answers="y\n\n")

    assert no.stderr.count("[y]/n") == 1
    assert untouched == ["apple-1.0-0.json", "seed-1.0-0.json"]
    assert (yes.stderr.count("[y]/n"), yes.stderr.count("y/[n]")) == (1, 1)
    assert [path.name for path in prefix.iterdir()] == ["mine.txt"]
    assert str(prefix) not in (desk.home / ".conda" / "environments.txt").read_text()


def test_a_missing_name_ends_a_removal_before_anything_happens(desk: Desk) -> None:
    prefix = desk.make("one", "apple")
    before = sorted(str(path) for path in prefix.rglob("*"))

    one = desk.xconda("remove", "-y", "-n", "one", "apple", "ghost")
    two = desk.xconda("remove", "-y", "-n", "one", "ghost", "apple", "spook")

    assert (one.returncode, two.returncode) == (1, 1)
    assert "'ghost' is not installed" in one.stderr
    assert "'ghost' and 'spook' are not installed" in two.stderr
    assert sorted(str(path) for path in prefix.rglob("*")) == before


def test_environments_are_listed_with_which_is_active_and_which_are_frozen_and_their_sizes(
    desk: Desk,
) -> None:
    one, two = desk.make("one", "seed"), desk.make("two", "shared")
    (two / "conda-meta" / "frozen").write_text("{}")

    text = desk.xconda("env", "list", "--size", CONDA_PREFIX=str(one)).stdout
    document = json.loads(
        desk.xconda("env", "list", "--size", "--json", CONDA_PREFIX=str(one)).stdout
    )

    rows = [line.split() for line in text.splitlines()]
    assert ["one", "*", "11", "B", str(one)] in rows
    assert ["two", "+", "1", "B", str(two)] in rows
    details = document["envs_details"]
    assert [details[str(each)]["active"] for each in (one, two)] == [True, False]
    assert [details[str(each)]["frozen"] for each in (one, two)] == [False, True]
    assert [details[str(each)]["size"] for each in (one, two)] == [11, 1]


def test_channels_are_told_with_their_tokens_only_where_that_is_asked_for(desk: Desk) -> None:
    channel = {"CONDA_CHANNELS": f"{desk.server.url}/t/{TOKEN}/orchard"}

    told = [desk.xconda("info", *form, **channel).stdout for form in ([], ["-a"], ["--json"])]
    unsafe = desk.xconda("info", "--unsafe-channels", **channel).stdout

    assert [text for text in told if TOKEN in text] == []
    assert unsafe == f"{desk.server.url}/t/{TOKEN}/orchard\n"


def test_activate_takes_a_name_or_a_path_and_without_one_the_default_environment(
    desk: Desk,
) -> None:
    one = desk.make("one", "seed")

    def activated(*words: str, **environ: str) -> str:
        done = desk.xconda("shell.posix+json", "activate", *words, **environ)
        return str(json.loads(done.stdout)["vars"]["export"]["CONDA_PREFIX"])

    assert activated("one") == str(one)
    assert activated("./envs/one") == str(one)
    assert activated(CONDA_DEFAULT_ACTIVATION_ENV="one") == str(one)
    base = desk.home / "root"
    (base / "conda-meta").mkdir(parents=True)
    (base / "conda-meta" / "history").touch()
    assert activated() == str(base)


def test_variables_of_packages_are_read_those_of_the_user_win_and_path_is_nobodys(
    desk: Desk,
) -> None:
    desk.make("one", "varied")
    desk.xconda("env", "config", "vars", "set", "-n", "one", "BOTH=user")

    done = desk.xconda("shell.posix+json", "activate", "one")
    document = json.loads(done.stdout)

    assert document["vars"]["export"].items() >= {"OF_PACKAGE": "1", "BOTH": "user"}.items()
    assert "/from/a/package" not in document["path"]["PATH"]
    assert "another value than a package, and wins: BOTH" in done.stderr
    assert "leaves these values aside: PATH" in done.stderr


def test_what_is_set_counts_when_an_environment_is_activated_or_its_kernel_started_anew(
    desk: Desk,
) -> None:
    desk.make("one", "seed")

    done = desk.xconda("env", "config", "vars", "set", "-n", "one", "A=1")

    assert "when the environment is activated anew" in done.stdout + done.stderr
    assert "for a kernel when it is restarted" in done.stdout + done.stderr


@pytest.mark.parametrize("which", ["active", "base", "default"])
@pytest.mark.parametrize(
    "words",
    [
        "remove -y -n one --all",
        "env remove -y -n one",
        "rename -n one two",
        "create -y -n one apple",
    ],
)
def test_the_active_the_base_and_the_default_environment_are_not_removed_renamed_or_overwritten(
    desk: Desk, words: str, which: str
) -> None:
    prefix = desk.make("one", "seed")
    told = {
        "active": {"CONDA_PREFIX": str(prefix)},
        "base": {"CONDA_ROOT_PREFIX": str(prefix)},
        "default": {"CONDA_DEFAULT_ACTIVATION_ENV": "one"},
    }

    done = desk.xconda(*words.split(), **told[which])

    assert done.returncode == 1
    deeds = {"rename": "renamed", "create": "replaced"}
    assert f"{prefix} was not {deeds.get(words.split()[0], 'removed')}." in done.stderr
    assert [path.name for path in (prefix / "conda-meta").glob("*.json")] == ["seed-1.0-0.json"]


def test_an_export_keeps_variables_and_the_pip_section_and_takes_tokens_out(desk: Desk) -> None:
    channel = {"CONDA_CHANNELS": f"{desk.server.url}/t/{TOKEN}/orchard"}
    made = desk.xconda("create", "-y", "-n", "one", "greeter", **channel)
    assert made.returncode == 0, made.stderr
    pip_install(desk.home / "envs" / "one", "solo", "3.0")
    desk.xconda("env", "config", "vars", "set", "-n", "one", "A=1")
    kinds = ("environment-yaml", "environment-json", "requirements", "conda-lock", "explicit")

    written = [desk.xconda("export", "-n", "one", "--format", kind) for kind in kinds]
    desk.xconda("export", "-n", "one", "--file", "one.json")
    texts = [each.stdout for each in written]

    assert all(texts[:4])
    assert [each for each in written if TOKEN in each.stdout + each.stderr] == []
    warnings = [f"{kind} has no place for packages of pip (solo==3.0)" for kind in kinds[2:4]]
    for words, each in zip(warnings, written[2:4], strict=True):
        assert f"{words} and variables (A)" in each.stderr
    assert "which such a list cannot name" in written[4].stderr
    assert "variables:\n  A: '1'\n" in texts[0]
    assert "  - pip:\n      - solo==3.0\n" in texts[0]
    of_json = json.loads((desk.home / "one.json").read_text())
    assert of_json == json.loads(texts[1])
    assert of_json["variables"] == {"A": "1"}
    assert {"pip": ["solo==3.0"]} in of_json["dependencies"]


def test_what_is_not_allowed_is_not_cloned_either(desk: Desk) -> None:
    desk.make("one", "apple")

    done = desk.xconda(
        "create", "-y", "-n", "two", "--clone", "one", CONDA_DISALLOWED_PACKAGES="seed"
    )

    assert done.returncode == 1
    assert "seed-1.0-0 may not be installed" in done.stderr
    assert not (desk.home / "envs" / "two").exists()


def test_a_disk_too_small_for_an_environment_is_found_before_the_first_write(desk: Desk) -> None:
    desk.make("one", "big")
    small = desk.home / "small"
    small.mkdir()

    program = (sys.executable, "-m", "xconda_core", "create", "-y", "-p", str(small / "env"))
    then_look = ("sh", "-c", '"$@"; find "$0"', str(small))
    done = desk.run(
        *with_small_disk(small), *then_look, *program, "big", "seed", CONDA_ALWAYS_COPY="yes"
    )

    assert "3.0 MB will be needed there, 1.0 MB are free" in done.stderr
    assert done.stdout.endswith(f"{small}\n")


def test_search_looks_for_the_whole_name_and_then_for_a_part(desk: Desk) -> None:
    def found(text: str) -> set[str]:
        return set(json.loads(desk.xconda("search", text, "--json").stdout))

    assert found("seed") == {"seed"}
    assert found("see") == {"seed", "seedling"}
    assert found("*eed") == {"seed"}


def test_which_environment_is_meant_and_why_is_the_first_line_of_a_plan(desk: Desk) -> None:
    one = desk.make("one", "seed")
    base = desk.home / "root"
    (base / "conda-meta").mkdir(parents=True)
    (base / "conda-meta" / "history").touch()

    def first_line(*words: str, **environ: str) -> str:
        done = desk.xconda("install", "--dry-run", "shared", *words, **environ)
        return done.stdout.splitlines()[0]

    active = {"CONDA_PREFIX": str(one), "CONDA_DEFAULT_ENV": "one"}
    assert first_line("-n", "one") == f"Environment: {one} (--name one)"
    assert first_line("-p", str(one)) == f"Environment: {one} (--prefix)"
    assert first_line(**active) == f"Environment: {one} (the active environment)"
    assert first_line() == f"Environment: {base} (base, because no environment is active)"
    assert first_line("-p", str(base), **active) == f"Environment: {base} (--prefix)"


def test_an_existing_environment_and_a_folder_of_somebody_elses_are_asked_about_and_no_is_usual(
    desk: Desk,
) -> None:
    one = desk.make("one", "seed")
    folder = desk.home / "envs" / "mine"
    folder.mkdir()
    (folder / "notes.txt").touch()

    over = desk.xconda("create", "-n", "one", "shared", answers="\n")
    beside = desk.xconda("create", "-n", "mine", "shared", answers="\n")

    assert "Replace this environment (y/[n])?" in over.stderr
    assert "Make an environment in this folder (y/[n])?" in beside.stderr
    assert [path.name for path in (one / "conda-meta").glob("*.json")] == ["seed-1.0-0.json"]
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_package_without_a_time_is_never_too_new(desk: Desk) -> None:
    done = desk.xconda("create", "-y", "-n", "one", "timeless", "--exclude-newer", "1990-01-01")
    refused = desk.xconda("create", "-y", "-n", "two", "seed", "--exclude-newer", "1990-01-01")

    assert done.returncode == 0, done.stderr
    assert "every seed there is newer than exclude_newer allows" in refused.stderr


@pytest.mark.parametrize("name", ["TMPDIR", "TEMP", "TMP"])
def test_the_temporary_folder_is_where_the_variable_says_and_info_tells(
    desk: Desk, name: str
) -> None:
    folder = desk.home / "tmp"
    folder.mkdir()

    told = desk.xconda("info", **{name: str(folder)}).stdout

    assert f"temporary files in : {folder}\n" in told


def test_no_form_of_list_shows_a_token_unless_auth_is_asked_for(desk: Desk) -> None:
    channel = {"CONDA_CHANNELS": f"{desk.server.url}/t/{TOKEN}/orchard"}
    made = desk.xconda("create", "-y", "-n", "one", "seed", **channel)
    assert made.returncode == 0, made.stderr
    forms = ("", "--json", "--explicit", "--export", "--canonical", "--show-channel-urls")

    told = [desk.xconda("list", "-n", "one", *form.split(), **channel).stdout for form in forms]
    asked = desk.xconda("list", "-n", "one", "--explicit", "--auth", **channel).stdout

    assert all("seed" in text for text in told)
    assert [text for text in told if TOKEN in text] == []
    assert f"{desk.server.url}/t/{TOKEN}/orchard/noarch/seed-1.0-0.conda" in asked
