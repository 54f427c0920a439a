"""``env create``, ``env update``, ``env remove`` and ``remove --all``, as a user types them."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.environment.registry import registered
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

PACKAGES = (
    a_package("apple", "1.0", depends=["seed"]),
    a_package("apple", "2.0", depends=["seed"]),
    a_package("seed"),
    a_package("pear"),
)


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("channels")
    a_channel(folder / "orchard", PACKAGES)
    return folder


@pytest.fixture
def world(tmp_path: Path, channels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    with serve(channels) as server:
        world = World(home, server, monkeypatch)
        world.condarc(f"envs_dirs: ['{home}/envs']")
        yield world


def typed(
    world: World, *words: str, folder: Path | None = None, answers: str = "", **environ: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, **environ},
        cwd=folder or world.home,
        input=answers,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def done(world: World, *words: str, folder: Path | None = None) -> str:
    result = typed(world, *words, folder=folder)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def described(world: World, text: str, name: str = "environment.yml") -> Path:
    folder = world.home / "project"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def installed(prefix: Path) -> dict[str, str]:
    records = (json.loads(path.read_bytes()) for path in (prefix / "conda-meta").glob("*.json"))
    return {record["name"]: record["version"] for record in records}


def test_the_file_of_the_folder_is_made_without_a_question(world: World) -> None:
    folder = described(world, "name: fruit\ndependencies: [apple=1]\nvariables: {N: 1}\n")

    done(world, "env", "create", folder=folder)

    prefix = world.home / "envs" / "fruit"
    assert installed(prefix) == {"apple": "1.0", "seed": "1.0"}
    assert json.loads((prefix / "conda-meta" / "state").read_bytes())["env_vars"] == {"N": "1"}
    assert done(world, "run", "-n", "fruit", "sh", "-c", "echo N is $N").strip() == "N is 1"


def test_a_name_that_is_given_beats_the_name_in_the_file_and_that_its_prefix(world: World) -> None:
    other = world.home / "elsewhere"
    folder = described(world, f"name: fruit\nprefix: {other}\ndependencies: [pear]\n")
    bare = described(world, f"prefix: {other}\ndependencies: [pear]\n", "bare.yml")

    done(world, "env", "create", "-n", "given", folder=folder)
    done(world, "env", "create", folder=folder)
    done(world, "env", "create", "-f", "bare.yml", folder=bare)

    assert sorted(path.name for path in (world.home / "envs").iterdir()) == ["fruit", "given"]
    assert installed(other) == {"pear": "1.0"}


@pytest.mark.parametrize("verb", ["create", "update"])
def test_without_a_file_it_is_said_what_is_missing(world: World, verb: str) -> None:
    result = typed(world, "env", verb)

    assert result.returncode == 2
    assert "environment.yml" in result.stderr


def test_an_update_moves_to_the_file_and_prunes_when_told(world: World) -> None:
    folder = described(world, "name: fruit\ndependencies: [apple=1, pear]\n")
    done(world, "env", "create", folder=folder)
    described(world, "name: fruit\ndependencies: [apple=2]\nvariables: {A: b}\n")
    prefix = world.home / "envs" / "fruit"

    done(world, "env", "update", folder=folder)
    after = installed(prefix)
    done(world, "env", "update", "--prune", folder=folder)

    assert after == {"apple": "2.0", "seed": "1.0", "pear": "1.0"}
    assert installed(prefix) == {"apple": "2.0", "seed": "1.0"}


def test_a_file_that_only_sets_variables_asks_no_channel_and_keeps_the_packages(
    world: World,
) -> None:
    folder = described(world, "name: fruit\ndependencies: [apple=1]\n")
    done(world, "env", "create", folder=folder)
    described(
        world,
        "name: fruit\nchannels: [file:///nowhere]\ndependencies: []\nvariables: {A: b}\n",
    )

    done(world, "env", "update", folder=folder)

    prefix = world.home / "envs" / "fruit"
    assert installed(prefix)["apple"] == "1.0"
    assert json.loads((prefix / "conda-meta" / "state").read_bytes())["env_vars"] == {"A": "b"}


@pytest.mark.parametrize("words", [("-n", "new"), ("-p", "{home}/envs/new", "--prune")])
def test_an_update_makes_the_environment_that_is_not_there(
    world: World, words: tuple[str, ...]
) -> None:
    folder = described(world, "dependencies: [pear]\nvariables: {A: b}\n")
    where = [word.replace("{home}", str(world.home)) for word in words]

    done(world, "env", "update", *where, folder=folder)
    done(world, "env", "update", *where, folder=folder)

    prefix = world.home / "envs" / "new"
    assert installed(prefix) == {"pear": "1.0"}
    assert json.loads((prefix / "conda-meta" / "state").read_bytes())["env_vars"] == {"A": "b"}


def test_the_default_packages_join_a_file_unless_told_otherwise(world: World) -> None:
    world.condarc(f"envs_dirs: ['{world.home}/envs']", "create_default_packages: [pear]")
    folder = described(world, "dependencies: [seed]\n")

    done(world, "env", "create", "-n", "with", folder=folder)
    done(world, "env", "create", "-n", "without", "--no-default-packages", folder=folder)

    assert installed(world.home / "envs" / "with") == {"pear": "1.0", "seed": "1.0"}
    assert installed(world.home / "envs" / "without") == {"seed": "1.0"}


def test_an_update_of_nothing_new_changes_nothing(world: World) -> None:
    folder = described(world, "name: fruit\ndependencies: [pear]\nvariables: {A: b}\n")
    done(world, "env", "create", folder=folder)
    history = world.home / "envs" / "fruit" / "conda-meta" / "history"
    before = history.read_bytes()

    said = done(world, "env", "update", folder=folder)

    assert "Nothing to do" in said
    assert history.read_bytes() == before


def test_the_values_of_variables_are_in_no_record_of_the_job(world: World) -> None:
    folder = described(world, "name: f\ndependencies: [pear]\nvariables: {TOKEN: hush-hush}\n")

    done(world, "env", "create", folder=folder)

    records = [path for path in (world.home / ".local").rglob("*") if path.is_file()]
    assert any(path.name == "request.json" for path in records)
    assert not [path for path in records if b"hush-hush" in path.read_bytes()]


def test_a_variable_that_activation_makes_itself_is_refused(world: World) -> None:
    folder = described(world, "name: fruit\ndependencies: [pear]\nvariables: {PATH: /x}\n")

    result = typed(world, "env", "create", folder=folder)

    assert result.returncode == 1
    assert "'PATH' cannot be set" in result.stderr
    assert not (world.home / "envs" / "fruit").exists()


def test_a_frozen_environment_is_changed_only_when_told(world: World) -> None:
    folder = described(world, "name: fruit\ndependencies: [pear]\n")
    done(world, "env", "create", folder=folder)
    (world.home / "envs" / "fruit" / "conda-meta" / "frozen").touch()
    described(world, "name: fruit\ndependencies: [apple]\n")

    refused = typed(world, "env", "update", folder=folder)
    kept = typed(world, "env", "remove", "-y", "-n", "fruit")
    done(world, "env", "update", "--override-frozen", folder=folder)
    done(world, "env", "remove", "--override-frozen", "-y", "-n", "fruit")

    assert [refused.returncode, kept.returncode] == [1, 1]
    assert not (world.home / "envs" / "fruit").exists()


def test_variables_of_a_frozen_environment_are_changed_only_when_told(world: World) -> None:
    done(world, "create", "-n", "fruit")
    meta = world.home / "envs" / "fruit" / "conda-meta"
    (meta / "frozen").touch()
    setting = ("env", "config", "vars", "set", "-n", "fruit", "TASTE=sweet")

    refused = typed(world, *setting)

    assert (refused.returncode, "it is frozen" in refused.stderr) == (1, True)
    assert not (meta / "state").exists()
    done(world, *setting, "--override-frozen")
    assert "TASTE" in (meta / "state").read_text()


def test_an_environment_is_removed_with_its_folder_and_its_place_in_the_registry(
    world: World,
) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple")
    prefix = world.home / "envs" / "fruit"
    assert registered(world.home) == (prefix,)

    document = json.loads(typed(world, "env", "remove", "-n", "fruit", "-y", "--json").stdout)

    assert [each["name"] for each in document["actions"]["UNLINK"]] == ["apple", "seed"]
    assert os.listdir(world.home / "envs") == []
    assert registered(world.home) == ()


def test_what_a_killed_removal_left_is_deleted_by_the_next_one(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "pear")
    dead = subprocess.Popen(["true"])
    dead.wait()
    envs = world.home / "envs"
    (envs / f".old.removed-{dead.pid}" / "conda-meta").mkdir(parents=True)
    (envs / f".other.removed-{os.getpid()}").mkdir()

    done(world, "env", "remove", "-y", "-n", "fruit")

    assert os.listdir(envs) == [f".other.removed-{os.getpid()}"]


def test_files_of_nobody_stay_unless_the_user_says_so(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple")
    prefix = world.home / "envs" / "fruit"
    (prefix / "share" / "notes.txt").write_text("mine", encoding="utf-8")

    looked = typed(world, "remove", "-n", "fruit", "--all", "--dry-run", "--json")
    result = typed(world, "remove", "-n", "fruit", "--all", answers="y\nn\n")

    assert json.loads(looked.stdout)["foreign"] == ["share/notes.txt"]
    assert result.returncode == 0, result.stderr
    assert [path.name for path in prefix.rglob("*")] == ["share", "notes.txt"]
    assert registered(world.home) == ()


def test_all_packages_go_and_come_back_where_the_environment_is_kept(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple")
    prefix = world.home / "envs" / "fruit"

    done(world, "remove", "-y", "-n", "fruit", "--all", "--keep-env")
    emptied = installed(prefix)
    done(world, "undo", "-y", "-n", "fruit")

    assert emptied == {}
    assert installed(prefix) == {"apple": "2.0", "seed": "1.0"}


def test_the_active_environment_and_base_are_not_removed(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "pear")
    prefix = world.home / "envs" / "fruit"

    active = typed(world, "env", "remove", "-y", "-n", "fruit", CONDA_PREFIX=str(prefix))
    base = typed(world, "env", "remove", "-y", "-n", "base", CONDA_ROOT_PREFIX=str(prefix))

    assert "active" in active.stderr
    assert "base environment" in base.stderr
    assert installed(prefix) == {"pear": "1.0"}


def test_a_clone_needs_no_channel_and_has_the_files_of_nobody_too(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple=1")
    source, twin = world.home / "envs" / "fruit", world.home / "envs" / "twin"
    (source / "share" / "mine.txt").write_text(f"see {source}/share", encoding="utf-8")
    (source / "share" / "mine.bin").write_bytes(b"\0" + bytes(source))
    (source / "share" / "link").symlink_to(source / "share" / "mine.txt")
    done(world, "env", "config", "vars", "set", "-n", "fruit", "A=b")
    world.condarc("channels: ['http://127.0.0.1:9/x']", f"envs_dirs: ['{world.home}/envs']")

    done(world, "create", "-y", "-n", "twin", "--clone", "fruit", "--offline")

    assert installed(twin) == {"apple": "1.0", "seed": "1.0"}
    assert (twin / "share" / "mine.txt").read_text(encoding="utf-8") == f"see {twin}/share"
    assert (twin / "share" / "mine.bin").read_bytes() == b"\0" + bytes(source)
    assert (twin / "share" / "link").readlink() == twin / "share" / "mine.txt"
    assert done(world, "env", "config", "vars", "list", "-n", "twin") == "A = b\n"
    assert "# update specs: ['apple=1']" in (twin / "conda-meta" / "history").read_text()


def test_a_clone_takes_neither_names_nor_files(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple")

    result = typed(world, "create", "-y", "-n", "twin", "--clone", "fruit", "pear")

    assert result.returncode == 2
    assert "neither names nor files" in result.stderr


def test_a_renamed_environment_keeps_its_history_and_its_files(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple=1")
    done(world, "install", "-y", "-n", "fruit", "apple=2")
    source, new = world.home / "envs" / "fruit", world.home / "envs" / "new"
    (source / "notes").write_text("mine", encoding="utf-8")

    looked = typed(world, "rename", "-n", "fruit", "new", "--dry-run", "--json")
    there = source.exists()
    document = json.loads(typed(world, "rename", "-n", "fruit", "new", "-y", "--json").stdout)
    done(world, "undo", "-y", "-n", "new")

    assert json.loads(looked.stdout)["dry_run"]
    assert there
    assert document["dst_prefix"] == str(new)
    assert document["untracked_files"] == ["notes"]
    assert os.listdir(world.home / "envs") == ["new"]
    assert installed(new)["apple"] == "1.0"
    assert (new / "notes").read_text(encoding="utf-8") == "mine"
    assert registered(world.home) == (new,)


def test_an_environment_without_packages_is_cloned_and_renamed_like_any_other(
    world: World,
) -> None:
    world.condarc(f"envs_dirs: ['{world.home}/envs']", "create_default_packages: [pear]")
    done(world, "create", "-y", "-n", "plain", "--no-default-packages")
    done(world, "env", "config", "vars", "set", "-n", "plain", "A=b")

    done(world, "create", "-y", "-n", "twin", "--clone", "plain")
    done(world, "rename", "-n", "plain", "new", "-y")

    for name in ("twin", "new"):
        prefix = world.home / "envs" / name
        assert installed(prefix) == {}
        state = json.loads((prefix / "conda-meta" / "state").read_bytes())
        assert state["env_vars"] == {"A": "b"}
    assert sorted(os.listdir(world.home / "envs")) == ["new", "twin"]


def test_a_name_that_is_taken_is_overwritten_by_a_rename_only_where_that_is_said(
    world: World,
) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple")
    done(world, "create", "-y", "-n", "new", "pear")
    fruit, new = world.home / "envs" / "fruit", world.home / "envs" / "new"

    refused = typed(world, "rename", "-n", "fruit", "new")
    of_itself = typed(world, "rename", "-n", "fruit", "fruit", "-y")
    before = installed(fruit)
    done(world, "rename", "-n", "fruit", "new", "-y")

    assert [refused.returncode, of_itself.returncode] == [1, 1]
    assert "is an environment already" in refused.stderr
    assert before["apple"] == "2.0"
    assert "pear" not in installed(new)
    assert installed(new) == before
    assert not fruit.exists()


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("dependencies: [apple=2, seed]\n", 0, "Success"),
        ("dependencies: [apple=1, seed]\n", 1, "apple-2.0-0 does not fit"),
        ("dependencies: [pear]\n", 1, "pear is not there"),
    ],
)
def test_a_file_is_compared_with_what_is_there(
    world: World, text: str, code: int, word: str
) -> None:
    done(world, "create", "-y", "-n", "fruit", "apple")
    folder = described(world, text)

    result = typed(world, "compare", "-n", "fruit", "environment.yml", folder=folder)
    document = typed(world, "compare", "-n", "fruit", "environment.yml", "--json", folder=folder)

    assert (result.returncode, document.returncode) == (code, code)
    assert word in result.stdout
    assert any(word in each for each in json.loads(document.stdout))


def test_variables_are_set_seen_by_programs_and_taken_away(world: World) -> None:
    done(world, "create", "-y", "-n", "fruit", "pear")

    said = done(world, "env", "config", "vars", "set", "-n", "fruit", "A=1", "B=two words")
    seen = done(world, "run", "-n", "fruit", "sh", "-c", "echo $A $B")
    done(world, "env", "config", "vars", "unset", "-n", "fruit", "A")
    left = json.loads(typed(world, "env", "config", "vars", "list", "-n", "fruit", "--json").stdout)

    assert "activated anew" in said
    assert seen == "1 two words\n"
    assert left == {"B": "two words"}


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["set", "PATH=/x"], 1, "'PATH' cannot be set"),
        (["set", "no value"], 2, "NAME=VALUE"),
        (["unset", "NONE"], 1, "'NONE' was not taken away"),
    ],
)
def test_a_variable_that_cannot_be_is_refused(
    world: World, words: list[str], code: int, word: str
) -> None:
    done(world, "create", "-y", "-n", "fruit", "pear")

    result = typed(world, "env", "config", "vars", *words, "-n", "fruit")

    assert result.returncode == code
    assert word in result.stderr
    assert not (world.home / "envs" / "fruit" / "conda-meta" / "state").exists()


def a_wheel(folder: Path, name: str) -> str:
    """Write a wheel that holds one module, and return its file name."""
    info = f"{name}-1.0.dist-info"
    wheel = "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": wheel,
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(inside, text)
    return path.name


@pytest.mark.slow
def test_pip_installs_its_section_from_the_files_folder_and_says_how_it_failed(
    world: World, demo_channel_url: str
) -> None:
    world.condarc(f"channels: ['{demo_channel_url}']", f"envs_dirs: ['{world.home}/envs']")
    folder = described(world, "linked\n", "more.txt")
    one, two = a_wheel(folder, "direct"), a_wheel(folder, "linked")
    pip = f"[--no-index, --find-links ., ./{one}, -r more.txt]"
    described(world, f"name: snake\ndependencies: [python, pip, pip: {pip}]\n")
    assert two

    done_once = typed(
        world, "env", "create", "-f", "project/environment.yml", PYTHONPATH="/nowhere", PIP_USER="1"
    )
    exported = done(world, "export", "-n", "snake")
    described(world, f"name: snake\ndependencies: [pip: {pip.replace('more', 'none')}]\n")
    failed = typed(world, "env", "update", "-f", "project/environment.yml", "--json")

    assert done_once.returncode == 0, done_once.stderr
    assert "Successfully installed direct-1.0 linked-1.0" in done_once.stdout
    assert "  - pip:\n      - direct==1.0\n      - linked==1.0\n" in exported
    assert failed.returncode == 1
    document = json.loads(failed.stdout)
    assert "none.txt" in document["why"]
    assert "those of conda are" in document["what"]
