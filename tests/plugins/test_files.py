"""Kinds of environment files that plugins read and write, sections they install, what they find."""

import json
from pathlib import Path

import pytest

from tests.plugins.conftest import PluginWorld

TOML = """
import tomllib


def read(text, name):
    print("reading", name)
    document = tomllib.loads(text)
    if "packages" not in document:
        raise ValueError("it has no packages")
    return plugins.DescribedEnvironment(
        name=document.get("name"), dependencies=tuple(document["packages"])
    )


def write(contents, rules):
    print("writing")
    if rules.from_history:
        raise ValueError("it has no place for wishes")
    lines = [f'name = "{contents.name}"', "[packages]"]
    for platform, records in contents.records.items():
        lines += [f'{platform}.{each.name} = "{each.version}"' for each in records]
    return "\\n".join([*lines, ""])


@plugins.hookimpl
def xconda_environment_specifiers():
    yield plugins.PluginEnvironmentSpecifier("env-toml", read, ("env*.toml",), ("toml",))


@plugins.hookimpl
def xconda_environment_exporters():
    yield plugins.PluginEnvironmentExporter(
        "env-toml", write, ("toml",), ("env.toml",), multiplatform=MANY
    )
"""
MANY = TOML.replace("=MANY", "=True")
ONE = TOML.replace("=MANY", "=False")


def _file(world: PluginWorld, name: str, text: str) -> str:
    path = world.home / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("words", [("env", "create"), ("create",)])
def test_a_file_that_a_plugin_reads_makes_an_environment(
    world: PluginWorld, words: tuple[str, ...]
) -> None:
    world.install("toml", MANY)
    file = _file(world, "env.toml", "packages = ['apple=1']")
    done = world.xconda(*words, "-p", str(world.prefix), "--file", file, "--json")
    assert (done.returncode, json.loads(done.stdout)["success"]) == (0, True)
    assert "reading env.toml" in done.stderr
    assert world.installed() == ["apple 1.0", "seed 1.0"]


def test_a_file_of_another_name_is_read_where_its_kind_is_said(world: PluginWorld) -> None:
    world.install("toml", MANY)
    file = _file(world, "wishes", "packages = ['seed']")
    world.create("apple=1")
    install = ("install", "-p", str(world.prefix), "--file", file)
    assert world.xconda(*install, "--format", "TOML").returncode == 0
    assert world.xconda(*install, CONDA_ENVIRONMENT_SPECIFIER="env-toml").returncode == 0
    refused = world.xconda(*install, "--format", "tomll")
    assert refused.returncode == 2
    assert "pixi.lock, env-toml" in refused.stderr


def test_a_file_that_is_not_what_it_is_said_to_be_says_so(world: PluginWorld) -> None:
    world.install("toml", MANY)
    file = _file(world, "env.toml", "name = 'x'")
    done = world.create("--file", file, "--format", "toml")
    assert done.returncode != 0
    assert "it is no env-toml (it has no packages)" in done.stderr
    by_name = world.create("--file", file)
    assert "neither its name nor its contents tell" in by_name.stderr


def test_a_reader_that_breaks_is_named(world: PluginWorld) -> None:
    world.install("toml", MANY.replace("tomllib.loads(text)", "1 / 0"))
    file = _file(world, "env.toml", "packages = []")
    asked = world.create("--file", file, "--format", "toml")
    assert "The plugin toml broke.\n  why: ZeroDivisionError" in asked.stderr
    assert not world.prefix.exists()
    by_name = world.create("--file", file)
    assert "the plugin toml broke (ZeroDivisionError" in by_name.stderr


def test_what_a_plugin_writes_goes_to_the_screen_and_to_a_file(world: PluginWorld) -> None:
    world.install("toml", MANY)
    world.create("seed")
    shown = world.xconda("export", "-p", str(world.prefix), "--format", "toml")
    assert shown.stdout == 'name = "None"\n[packages]\nlinux-64.seed = "1.0"\n'
    file = world.home / "env.toml"
    done = world.document("export", "-p", str(world.prefix), "--file", str(file))
    assert (done["format"], file.read_text()) == ("env-toml", shown.stdout)


def test_several_platforms_go_into_a_file_that_has_a_place_for_them(world: PluginWorld) -> None:
    world.install("toml", MANY)
    world.create("seed")
    export = ("export", "-p", str(world.prefix), "--format", "toml")
    both = ("--platform", "linux-64", "--platform", "osx-arm64")
    shown = world.xconda(*export, *both).stdout
    assert [line for line in shown.splitlines() if "seed" in line] == [
        'linux-64.seed = "1.0"',
        'osx-arm64.seed = "1.0"',
    ]


def test_several_platforms_do_not_go_into_another(world: PluginWorld) -> None:
    world.install("toml", ONE)
    world.create("seed")
    export = ("export", "-p", str(world.prefix), "--format", "toml")
    done = world.xconda(*export, "--platform", "linux-64", "--platform", "osx-arm64")
    assert "such a file is for one platform" in done.stderr
    history = world.xconda(*export, "--from-history")
    assert "it has no place for wishes." in history.stderr
    assert (done.returncode, history.returncode) == (1, 1)


def test_a_format_that_there_is_not_is_refused(world: PluginWorld) -> None:
    world.install("toml", MANY)
    world.create("seed")
    done = world.xconda("export", "-p", str(world.prefix), "--format", "tomll")
    assert done.returncode == 2
    assert "there is no format tomll" in done.stderr


def test_a_writer_that_breaks_is_named_and_writes_nothing(world: PluginWorld) -> None:
    world.install("toml", MANY.replace('"\\n".join([*lines, ""])', "lines"))
    world.create("seed")
    file = world.home / "env.toml"
    done = world.xconda("export", "-p", str(world.prefix), "--file", str(file))
    assert "it wrote a list, which is no text" in done.stderr
    assert not file.exists()


def test_names_of_xconda_s_own_kinds_are_refused(world: PluginWorld) -> None:
    world.install("toml", MANY.replace('("toml",)', '("explicit",)'))
    world.create("seed")
    done = world.xconda("export", "-p", str(world.prefix), "--format", "nothing")
    assert "has a kind of environment files explicit, which xconda has" in done.stderr


SHELVES = """
import json
import subprocess


def install(wish):
    for line in wish.lines:
        if line == "missing":
            raise NotThere()
        if line == "broken":
            raise KeyError(line)
        with (wish.prefix / "shelf").open("a") as file:
            print(line, wish.folder.name, wish.upgrades, wish.variables["CONDA_PREFIX"], file=file)
    return [f"{len(wish.lines)} things are on the shelf"]


class NotThere(plugins.XcondaError):
    code = "not-there"
    what, why, fix = "The shelf is as it was.", "there is no such thing.", "ask for another."


def load(prefix, records):
    shelf = prefix / "shelf"
    for line in shelf.read_text().splitlines() if shelf.exists() else ():
        name, version = line.split()[0].split("==")
        yield plugins.PackageRecord(
            name=name, version=version, build="0", channel="shelves", subdir="shelves"
        )


@plugins.hookimpl
def xconda_section_installers():
    yield plugins.PluginSectionInstaller("shelf", install)


@plugins.hookimpl
def xconda_prefix_data_loaders():
    yield plugins.PluginPrefixDataLoader("shelf", load)
"""
WISH = "dependencies:\n  - seed\n  - shelf:\n    - book==2\n    - vase==1\n"


def _make(world: PluginWorld, text: str, verb: str = "create") -> str:
    done = world.xconda(
        "env", verb, "-p", str(world.prefix), "--file", _file(world, "environment.yml", text)
    )
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


def test_a_section_is_installed_by_the_plugin_of_its_name(world: PluginWorld) -> None:
    world.install("shelves", SHELVES)
    said = _make(world, WISH)
    assert said.startswith("0\n")
    assert "shelf then: book==2, vase==1" in said
    assert "2 things are on the shelf" in said
    where = f"{world.home.name} False {world.prefix}"
    assert (world.prefix / "shelf").read_text() == f"book==2 {where}\nvase==1 {where}\n"
    _make(world, "dependencies:\n  - shelf: [cup==3]\n", "update")
    assert f"cup==3 {world.home.name} True" in (world.prefix / "shelf").read_text()


def test_going_back_says_that_what_a_plugin_installed_stays(world: PluginWorld) -> None:
    world.install("shelves", SHELVES)
    assert world.create("seed").returncode == 0
    assert _make(world, WISH.replace("seed", "apple"), "update").startswith("0\n")
    assert world.xconda("install", "-p", str(world.prefix), "apple=1").returncode == 0

    spared = world.xconda("undo", "-p", str(world.prefix))
    undone = world.xconda("install", "--revision", "0", "-p", str(world.prefix))
    redone = world.xconda("redo", "-p", str(world.prefix))

    said = "what shelf installed after revision 0 stays: that cannot be undone\n"
    assert said in undone.stderr
    assert [each.returncode for each in (spared, undone, redone)] == [0, 0, 0]
    assert "shelf" not in spared.stderr + redone.stderr
    assert (world.prefix / "shelf").exists()


def test_what_a_plugin_finds_is_listed_and_exported_and_installed_again(
    world: PluginWorld, tmp_path: Path
) -> None:
    world.install("shelves", SHELVES)
    _make(world, WISH)
    assert world.installed() == ["book 2", "seed 1.0", "vase 1"]
    rows = world.document("list", "-p", str(world.prefix), "book")
    assert (rows[0]["channel"], rows[0]["platform"]) == ("shelves", "shelves")
    assert "book" not in world.xconda("list", "-p", str(world.prefix), "--no-pip").stdout
    text = world.xconda("export", "-p", str(world.prefix)).stdout
    assert "- shelf:\n" in text
    twin = tmp_path / "twin"
    made = world.xconda("env", "create", "-p", str(twin), "--file", _file(world, "t.yml", text))
    assert (made.returncode, (twin / "shelf").read_text().count("==")) == (0, 2)


def test_a_section_that_nobody_installs_ends_in_a_clear_error(world: PluginWorld) -> None:
    assert "nothing here installs the packages of a section 'shelf'" in _make(world, WISH)
    world.install("shelves", SHELVES)
    said = _make(world, WISH.replace("shelf:", "shelve:"))
    assert "a section 'shelve': there are `pip`, `shelf`" in said
    assert not world.prefix.exists()


def test_an_installer_that_cannot_says_why_and_conda_s_packages_are_there(
    world: PluginWorld,
) -> None:
    world.install("shelves", SHELVES)
    said = _make(world, WISH.replace("book==2", "missing"))
    assert said.startswith("1\n")
    assert "there is no such thing." in said
    assert world.installed() == ["seed 1.0"]


def test_an_installer_that_breaks_is_named(world: PluginWorld) -> None:
    world.install("shelves", SHELVES)
    said = _make(world, WISH.replace("book==2", "broken"))
    assert said.startswith("1\n")
    assert "The plugin shelves broke.\n  why: KeyError: 'broken'" in said
    assert world.installed() == ["seed 1.0"]


@pytest.mark.parametrize("given", ["[1]", "{'seed': 1}", "1 / 0", "None"])
def test_a_loader_that_breaks_is_named_and_the_list_goes_on(world: PluginWorld, given: str) -> None:
    world.install(
        "shelves",
        f"""
@plugins.hookimpl
def xconda_prefix_data_loaders():
    yield plugins.PluginPrefixDataLoader("shelf", lambda prefix, records: {given})
""",
    )
    world.create("seed")
    done = world.xconda("list", "-p", str(world.prefix))
    assert done.returncode == 0
    assert "seed" in done.stdout
    assert ("the plugin shelves broke" in done.stderr) == (given != "None")


def test_a_package_of_conda_goes_before_one_that_a_plugin_found(world: PluginWorld) -> None:
    world.install("shelves", SHELVES)
    _make(world, WISH.replace("book==2", "seed==9"))
    assert world.installed() == ["seed 1.0", "vase 1"]
