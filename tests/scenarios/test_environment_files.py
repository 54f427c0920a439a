"""Environments from files, and files from environments, as a user at a terminal meets them."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.setting_world import World
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

PLATFORMS = ("linux-64", "osx-arm64", "win-64")
PACKAGES = (
    *(
        a_package(name, version, subdir=platform, depends=depends)
        for platform in PLATFORMS
        for name, version, depends in (
            ("apple", "1.0", ("seed >=1",)),
            ("apple", "2.0", ("seed >=2",)),
            ("seed", "1.0", ()),
            ("seed", "2.0", ()),
        )
    ),
    a_package("leaf", depends=["apple"]),
    a_package("mac-only", depends=["__osx >=11"]),
)


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("channels")
    a_channel(folder / "orchard", PACKAGES, subdirs=(*PLATFORMS, "noarch"))
    return folder


@pytest.fixture
def world(tmp_path: Path, channels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "files").mkdir()
    served = tmp_path / "served"
    shutil.copytree(channels, served)
    with serve(served) as server:
        world = World(home, server, monkeypatch)
        world.condarc()
        yield world


def installed(world: World) -> dict[str, str]:
    found = (world.prefix / "conda-meta").glob("*.json")
    records = (json.loads(path.read_bytes()) for path in found)
    return {record["name"]: record["version"] for record in records}


def archive(world: World, name: str) -> str:
    return f"{world.orchard}/linux-64/{name}"


def in_prefix(world: World, *words: str, **environ: str) -> str:
    """Run a command on the environment that must succeed; return what it says."""
    verb, *rest = words
    done = world.xconda(verb, "-p", str(world.prefix), *rest, **environ)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def refused(world: World, *words: str) -> str:
    verb, *rest = words
    done = world.xconda(verb, "-p", str(world.prefix), *rest)
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    return done.stderr


def written(world: World, name: str, text: str) -> str:
    path = world.home.parent / "files" / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_archive_is_installed_alone_and_the_user_is_told(world: World) -> None:
    said = in_prefix(world, "create", "-y", archive(world, "apple-2.0-0.conda"))

    assert installed(world) == {"apple": "2.0"}
    assert "nobody looks at what they need" in said
    (path,) = (world.prefix / "conda-meta").glob("apple-*.json")
    record = json.loads(path.read_bytes())
    assert record["depends"] == ["seed >=2"]
    assert len(record["sha256"]) == 64
    assert record["channel"] == world.orchard


def test_archives_that_are_there_are_not_linked_again(world: World) -> None:
    in_prefix(world, "create", "-y", "apple")

    said = in_prefix(world, "install", "-y", archive(world, "apple-2.0-0.conda"))

    assert "Nothing to do" in said or "No package changes" in said
    assert installed(world) == {"apple": "2.0", "seed": "2.0"}


def test_a_digest_that_differs_keeps_everything_as_it_was(world: World) -> None:
    text = f"@EXPLICIT\n{archive(world, 'seed-1.0-0.conda')}#{'0' * 32}\n"

    said = refused(world, "create", "-y", "--file", written(world, "e.txt", text))

    assert "md5" in said
    assert not world.prefix.exists()


def test_archives_and_names_do_not_go_together(world: World) -> None:
    said = refused(world, "create", "-y", "leaf", archive(world, "apple-2.0-0.conda"))

    assert "do not go together" in said


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("twice.txt", "@EXPLICIT\n{0}/seed-1-0.conda\n{0}/seed-2-0.conda\n", "one seed"),
        ("mac.txt", "@EXPLICIT\n{0}/osx-arm64/seed-1.0-0.conda\n", "osx-arm64"),
        ("mac2.txt", "# platform: osx-arm64\n@EXPLICIT\n{0}/noarch/a-1-0.conda\n", "osx-arm64"),
        ("strange", "who knows\n", "--format"),
        ("gone.txt", None, "no such file"),
        ("bad.yml", "dependencies: [a!!b]\n", "line 1"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_before_anything_is_made(
    world: World, name: str, text: str | None, word: str
) -> None:
    path = str(world.home.parent / "files" / name)
    if text is not None:
        path = written(world, name, text.format(world.orchard))

    said = refused(world, "create", "-y", "--file", path)

    assert word in said
    assert not world.prefix.exists()


def test_a_local_archive_is_taken_by_its_path(world: World, channels: Path) -> None:
    path = channels / "orchard" / "linux-64" / "seed-1.0-0.conda"
    loose = Path(written(world, path.name, ""))
    shutil.copy(path, loose)

    in_prefix(world, "create", "-y", str(loose))

    assert installed(world) == {"seed": "1.0"}


def test_a_tar_of_archives_is_installed_from_without_a_network(
    world: World, channels: Path
) -> None:
    bundle = world.home.parent / "files" / "packages.tar"
    with tarfile.open(bundle, "w") as tar:
        for name in ("seed-2.0-0.conda", "apple-2.0-0.conda", "repodata.json"):
            tar.add(channels / "orchard" / "linux-64" / name, arcname=f"linux-64/{name}")
    empty = Path(written(world, "empty.tar", ""))
    tarfile.open(empty, "w").close()

    in_prefix(world, "create", "-y", "--offline", str(bundle))
    said = refused(world, "install", "-y", str(empty))

    assert installed(world) == {"apple": "2.0", "seed": "2.0"}
    assert "no packages in it" in said


def test_several_files_and_words_are_asked_for_together(world: World) -> None:
    first = written(world, "environment.yml", "dependencies: [leaf]\n")
    second = written(world, "requirements.txt", "apple=1\n")

    in_prefix(world, "create", "-y", "--file", first, "-f", second, "seed=1")

    assert installed(world) == {"leaf": "1.0", "apple": "1.0", "seed": "1.0"}


def test_a_file_over_http_brings_its_channel_and_its_variables(
    world: World, tmp_path: Path
) -> None:
    text = "channels: ['$ORCHARD']\ndependencies: [seed]\nvariables: {COLOUR: red}\n"
    (tmp_path / "served" / "env.yml").write_text(text, encoding="utf-8")
    world.condarc("channels: [http://127.0.0.1:9/nowhere]", channels=False)

    in_prefix(
        world, "create", "-y", "-O", "-c", world.orchard, "--file", f"{world.server.url}/env.yml",
        ORCHARD=world.orchard,
    )  # fmt: skip

    assert installed(world) == {"seed": "2.0"}
    state = json.loads((world.prefix / "conda-meta" / "state").read_bytes())
    assert state["env_vars"] == {"COLOUR": "red"}


def test_install_takes_only_the_packages_of_a_file(world: World) -> None:
    in_prefix(world, "create", "-y", "seed")
    path = written(world, "e.yml", "dependencies: [apple]\nvariables: {A: b}\n")

    in_prefix(world, "install", "-y", "--file", path)

    assert set(installed(world)) == {"seed", "apple"}
    assert not (world.prefix / "conda-meta" / "state").exists()


def test_what_is_exported_makes_the_same_environment_again(world: World) -> None:
    in_prefix(world, "create", "-y", "leaf", "apple=1")
    folder = world.home.parent / "files"
    explicit = folder / "explicit.txt"
    in_prefix(world, "export", "--file", str(explicit))

    for name in (
        "environment.yml",
        "environment.json",
        "explicit.txt",
        "spec.txt",
        "conda-lock.yml",
    ):
        in_prefix(world, "export", "--file", str(folder / name))
        twin = world.home / f"twin-{name}"
        done = world.xconda("create", "-y", "-p", str(twin), "--file", str(folder / name))
        assert done.returncode == 0, done.stderr
        verified = world.xconda("verify", "-p", str(twin), str(explicit))
        assert verified.returncode == 0, verified.stdout


def test_an_export_says_as_much_as_it_is_asked_to(world: World) -> None:
    in_prefix(world, "create", "-y", "leaf", "apple=1")

    whole = in_prefix(world, "export")
    asked = in_prefix(world, "export", "--from-history", "--ignore-channels")
    short = in_prefix(world, "export", "--no-builds", "--ignore-channels")

    assert "- apple=1.0=0" in whole
    assert "dependencies:\n  - apple=1\n  - leaf\n" in asked
    assert "  - seed=2.0\n" in short


def test_a_lock_is_made_for_every_platform_and_made_from_on_its_own(world: World) -> None:
    text = f"channels: ['{world.orchard}']\n"
    text += "dependencies:\n  - leaf\n  - apple=1\n  - mac-only  # [osx]\n"
    source = written(world, "environment.yml", text)
    lock = str(world.home.parent / "files" / "conda-lock.yml")
    platforms = [word for each in PLATFORMS for word in ("--platform", each)]

    made = world.xconda("lock", source, "-o", lock, *platforms)
    again = world.xconda("lock", source, "-o", lock, *platforms, "--check")
    shutil.rmtree(world.home.parent / "served" / "orchard" / "osx-arm64" / "shards")
    created = world.xconda(
        "create", "-y", "-p", str(world.prefix), "--file", lock, "--platform", "osx-arm64"
    )

    assert [made.returncode, again.returncode, created.returncode] == [0, 0, 0], created.stderr
    assert "osx-arm64: 4 packages" in made.stdout
    assert installed(world) == {"leaf": "1.0", "apple": "1.0", "mac-only": "1.0", "seed": "2.0"}
    assert "# update specs: ['leaf', 'apple=1', 'mac-only']" in (
        world.prefix / "conda-meta" / "history"
    ).read_text(encoding="utf-8")


def test_a_lock_that_is_out_of_date_is_told_by_the_exit_code(world: World) -> None:
    lock = str(world.home.parent / "files" / "conda-lock.yml")
    made = world.xconda("lock", "seed=1", "-o", lock)

    checked = world.xconda("lock", "seed=2", "-o", lock, "--check")

    assert (made.returncode, checked.returncode) == (0, 1)
    assert "out of date" in checked.stdout
    assert "seed-1.0" in Path(lock).read_text(encoding="utf-8")


def test_a_lock_without_this_platform_says_which_it_has(world: World) -> None:
    lock = str(world.home.parent / "files" / "conda-lock.yml")
    world.xconda("lock", "seed", "-o", lock, "--platform", "win-64")

    said = refused(world, "create", "-y", "--file", lock)

    assert "nothing for linux-64, but for win-64" in said


def test_verify_tells_what_is_missing_changed_and_besides(world: World) -> None:
    lock = str(world.home.parent / "files" / "conda-lock.yml")
    world.xconda("lock", "apple=1", "seed=1", "-o", lock)
    in_prefix(world, "create", "-y", "seed=2", "leaf")

    done = world.xconda("verify", "-p", str(world.prefix), lock, "--json")

    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert [each["installed"]["name"] for each in found["changed"]] == ["apple", "seed"]
    assert [each["name"] for each in found["extra"]] == ["leaf"]


def test_verify_asks_the_channels_for_every_archive_of_a_lock(world: World) -> None:
    lock = Path(world.home.parent / "files" / "conda-lock.yml")
    world.xconda(
        "lock", "seed=1", "-o", str(lock), "--platform", "linux-64", "--platform", "win-64"
    )
    good = world.xconda("verify", "--archives", str(lock))
    text = lock.read_text(encoding="utf-8")
    digest = text.split("sha256: ")[1].splitlines()[0].strip("'")
    lock.write_text(text.replace(digest, "f" * 64).replace("win-64/seed-1.0", "win-64/seed-0.9"))

    bad = world.xconda("verify", "--archives", str(lock))

    assert (good.returncode, bad.returncode) == (0, 1), bad.stderr
    assert "All 2 archives" in good.stdout
    assert "sha256" in bad.stdout
    assert "404" in bad.stdout


SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "channels" / "conda-forge"


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the conda-forge sample is not here")
def test_a_lock_of_a_real_channel_for_three_platforms_makes_what_a_solve_makes(
    world: World,
) -> None:
    lock = world.home.parent / "files" / "conda-lock.yml"
    platforms = [word for each in PLATFORMS for word in ("--platform", each)]
    specs = ("python=3.12", "numpy", "pandas")
    world.condarc(f"channels: ['{SAMPLE.as_uri()}']", channels=False)

    made = world.xconda("lock", *specs, "-o", str(lock), *platforms)
    verified = world.xconda("verify", "--archives", str(lock))

    assert (made.returncode, verified.returncode) == (0, 0), made.stderr + verified.stderr
    for platform in PLATFORMS:
        plans = [
            planned(world, "--platform", platform, "--file", str(lock)),
            planned(world, "--platform", platform, *specs, CONDA_OVERRIDE_OSX="13.0"),
        ]
        assert plans[0] == plans[1]
        assert len(plans[0]) > 30


def planned(world: World, *words: str, **environ: str) -> list[str]:
    words = ("create", "-n", "x", "--dry-run", "--json", *words)
    done = world.xconda(*words, CONDA_OVERRIDE_GLIBC="2.28", **environ)
    assert done.returncode == 0, done.stdout
    return [each["dist_name"] for each in json.loads(done.stdout)["actions"]["LINK"]]
