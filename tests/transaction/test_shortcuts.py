"""Entries in the desktop's menus: CEP 11 documents, and what becomes of them on Linux."""

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.transaction.conftest import Workbench
from xconda_core.events import Noticed
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.transaction import execute
from xconda_core.transaction.menu import BadMenu, MenuFacts, MenuItem, read_menu
from xconda_core.transaction.menu_linux import linux_files
from xconda_core.transaction.recover import recover
from xconda_core.transaction.shortcuts import RECORD, bring_shortcuts

FACTS = MenuFacts(prefix="/envs/demo", base_prefix="/opt/forge", home="/home/me", python="3.12")


def document(*items: object, name: object = "Tools ({{ ENV_NAME }})") -> bytes:
    return json.dumps({"$schema": "s", "$id": "i", "menu_name": name, "menu_items": items}).encode()


def item(**said: object) -> dict[str, object]:
    usual = {"name": "Ide", "command": ["{{ BIN_DIR }}/ide", "%F"], "platforms": {"linux": {}}}
    return usual | said


def one(**said: object) -> MenuItem:
    (found,) = read_menu(document(item(**said)), FACTS)
    return found


def entry(**said: object) -> dict[str, str]:
    files = linux_files([one(**said)], FACTS.prefix, "/home/me/.local/share", ["/xc", "run"])
    (text,) = (content for path, content in files.items() if path.endswith(".desktop"))
    lines = text.decode().splitlines()
    assert lines[0] == "[Desktop Entry]"
    return dict(line.split("=", 1) for line in lines[1:])


def test_placeholders_stand_for_places_of_the_environment() -> None:
    found = one(
        description="{{PREFIX}} {{ PYTHON }} {{ PY_VER }} {{ DISTRIBUTION_NAME }} {{ UNKNOWN }}",
        icon="{{ MENU_DIR }}/ide.{{ ICON_EXT }}",
    )
    assert found.menu == "Tools (demo)"
    assert found.command == ("/envs/demo/bin/ide", "%F")
    assert found.description == "/envs/demo /envs/demo/bin/python 3.12 forge {{ UNKNOWN }}"
    assert found.icon == "/envs/demo/Menu/ide.png"


def test_a_platform_may_say_it_otherwise_and_none_is_none() -> None:
    own = {"command": ["other"], "terminal": True, "description": None}
    found = one(description="said", platforms={"linux": own, "win": {"desktop": True}})
    assert (found.command, found.terminal, found.description) == (("other",), True, "said")
    assert read_menu(document(item(platforms={"win": {}, "linux": None})), FACTS) == ()


def test_a_name_may_depend_on_the_environment_being_base() -> None:
    names = {"target_environment_is_base": "B", "target_environment_is_not_base": "Not"}
    base = MenuFacts(prefix="/opt/forge", base_prefix="/opt/forge", home="/home/me")
    assert one(name=names).name == "Not"
    assert [each.name for each in read_menu(document(item(name=names)), base)] == ["B"]


def test_the_first_format_of_menus_is_for_windows_only() -> None:
    assert read_menu(json.dumps({"menu_name": "M", "menu_items": [item()]}).encode(), FACTS) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"no JSON",
        b"[]",
        b"[" * 100_000,
        document(item(), name=7),
        document("text"),
        document(item(name=None)),
        document(item(command=[])),
        document(item(command=["a", 1])),
        document(item(icon=["a"])),
    ],
)
def test_a_menu_that_makes_no_sense_says_so(content: bytes) -> None:
    with pytest.raises(BadMenu):
        read_menu(content, FACTS)


def test_an_entry_starts_its_program_in_the_activated_environment() -> None:
    assert entry()["Exec"] == "/xc run /envs/demo/bin/ide %F"
    assert entry(activate=False)["Exec"] == "/envs/demo/bin/ide %F"


def test_words_of_a_command_arrive_as_they_are() -> None:
    words = ["a b", 'q"u', "c$d", "back\\slash", "100%", ""]
    text = entry(command=["ide", *words], activate=False)["Exec"]
    text = text.replace("\\\\", "\\").replace("\\$", "$")
    assert [word.replace("%%", "%") for word in shlex.split(text)] == ["ide", *words]


def test_what_is_to_run_before_runs_in_a_shell_and_keeps_the_files_to_open() -> None:
    said = entry(precommand="export A=1", activate=False, command=["ide", "%F"])["Exec"]
    assert said == 'bash -c "export A=1 && exec \\\\"\\\\$@\\\\"" bash ide %F'


def test_keys_of_the_desktop_are_written_as_it_wants_them() -> None:
    own = {
        "Categories": ["Development", "A;B"],
        "NoDisplay": False,
        "StartupWMClass": "two\nlines",
        "TryExec": "{{ MENU_ITEM_LOCATION }}",
        "Unheard": "of",
    }
    said = entry(platforms={"linux": own}, terminal=True, working_dir="/tmp")
    assert said["Categories"] == "Development;A\\;B;"
    assert (said["NoDisplay"], said["Terminal"]) == ("false", "true")
    assert said["StartupWMClass"] == "two\\nlines"
    assert said["TryExec"].startswith("/home/me/.local/share/applications/xconda-")
    assert said["Path"] == "/tmp"
    assert "Unheard" not in said


def test_a_menu_shows_its_entries_and_has_a_name() -> None:
    both = read_menu(document(item(), item(name="<Two>")), FACTS)
    files = linux_files(both, FACTS.prefix, "/data", [])
    (menu,) = (content for path, content in files.items() if path.endswith(".menu"))
    (folder,) = (content for path, content in files.items() if path.endswith(".directory"))
    root = ElementTree.fromstring(menu)
    shown = [name.text for name in root.iter("Filename")]
    assert [f"data/applications/{name}" in files for name in shown] == [True, True]
    assert b"Name=Tools (demo)" in folder


def test_own_kinds_of_files_are_declared() -> None:
    own = {"MimeType": ["application/x-a"], "glob_patterns": {"application/x-a": '*."a"'}}
    files = linux_files([one(platforms={"linux": own})], FACTS.prefix, "/data", [])
    (text,) = (content for path, content in files.items() if path.endswith(".xml"))
    glob = ElementTree.fromstring(text)[0][0]
    assert glob.attrib == {"pattern": '*."a"'}


@pytest.fixture
def home(bench: Workbench) -> Path:
    return bench.prefix.parent / "home"


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": "/nowhere"}


def with_menu(bench: Workbench, name: str, version: str = "1.0", **said: object) -> PackageRecord:
    menu = PackageFile(path=f"Menu/{name}.json", content=document(item(name=name, **said)))
    return bench.package(name, version, menu)


def shown(home: Path) -> list[str]:
    """What stands in the desktop's folders, without what tells environments apart."""
    files = (path for path in home.rglob("*") if path.is_file())
    return sorted(path.name.split("-", 2)[2] for path in files)


ALL = ["tools-base-ide.desktop", "tools-base.directory", "tools-base.menu"]


def test_shortcuts_come_and_go_with_their_package(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    bench.bring(with_menu(bench, "ide"), environ=environ)
    assert shown(home) == ALL
    bench.bring(environ=environ)
    assert shown(home) == []


def test_a_new_version_brings_its_own_and_a_bystander_stays(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    other = with_menu(bench, "other")
    bench.bring(with_menu(bench, "ide"), other, environ=environ)
    bench.bring(with_menu(bench, "ide", "2.0", command=["v2"]), other, environ=environ)
    (entry,) = home.rglob("*ide.desktop")
    assert entry.read_text().count(" v2\n") == 1
    assert list(home.rglob("*other.desktop"))


def test_environments_do_not_touch_the_shortcuts_of_others_nor_foreign_files(
    bench: Workbench,
    new_bench: Callable[[str], Workbench],
    home: Path,
    environ: dict[str, str],
) -> None:
    package = with_menu(bench, "ide")
    second = new_bench("second")
    foreign = home / ".local/share/applications/tools_ide.desktop"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    bench.bring(package, environ=environ)
    second.bring(package, environ=environ)
    assert len(list(foreign.parent.iterdir())) == 3
    bench.bring(environ=environ)
    assert len(list(foreign.parent.iterdir())) == 2
    assert foreign.read_text() == "mine"


def test_an_environment_for_another_platform_has_none(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    bench.subdir = "win-64"
    bench.bring(with_menu(bench, "ide"), environ=environ)
    assert not home.exists()


def test_a_failed_transaction_leaves_the_menus_as_they_were(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    bench.bring(with_menu(bench, "ide"), environ=environ)
    script = PackageFile(path="bin/.bad-post-link.sh", content=b"exit 1\n", executable=True)
    with pytest.raises(Exception, match="bad"):
        bench.bring(with_menu(bench, "new"), bench.package("bad", "1.0", script), environ=environ)
    assert shown(home) == ALL
    assert json.loads(bench.read(RECORD))["packages"] == {"ide": ["Menu/ide.json"]}


def test_shortcuts_of_a_change_that_was_killed_after_its_commit_come_with_its_recovery(
    bench: Workbench,
    home: Path,
    environ: dict[str, str],
    forked: Callable[[Callable[[], object]], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package = with_menu(bench, "ide")

    def killed() -> None:
        monkeypatch.setattr(execute, "bring_shortcuts", lambda *_: os._exit(9))
        bench.bring(package, environ=environ)

    assert forked(killed) == 9
    assert not home.exists()
    found = recover(bench.prefix)
    assert found is not None
    assert found.action == "finished"
    bring_shortcuts(bench.prefix, environ, bench.events.append)
    assert shown(home) == ALL


def test_what_goes_wrong_in_menus_is_said_and_the_package_is_there(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    home.write_text("no folder")
    bad = PackageFile(path="Menu/bad.json", content=b"{")
    early = with_menu(bench, "ide", precreate="echo")
    bench.bring(early, bench.package("bad", "1.0", bad), environ=environ)
    said = [event.text for event in bench.events if isinstance(event, Noticed)]
    assert [text.partition(":")[0] for text in said] == [
        "bad has no shortcut",
        "ide wants a command to run before its shortcut is made; it was not run.",
        "the menus of your desktop are not up to date",
    ]
    assert set(bench.state().installed) == {"ide", "bad"}


def test_a_record_of_a_stranger_reads_no_file_elsewhere(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    bench.bring(bench.package("plain"), environ=environ)
    secret = bench.prefix.parent / "secret.json"
    secret.write_bytes(document(item()))
    packages = {"a": ["../secret.json", "Menu/../../secret.json", str(secret), 7], "b": None}
    (bench.prefix / RECORD).write_text(json.dumps({"format": 1, "packages": packages}))
    bring_shortcuts(bench.prefix, environ, bench.events.append)
    assert not home.exists()


def test_what_a_newer_xconda_wrote_of_shortcuts_is_left_alone(
    bench: Workbench, home: Path, environ: dict[str, str]
) -> None:
    bench.bring(with_menu(bench, "ide"), environ=environ)
    newer = json.dumps({"format": 2, "packages": {}})
    (bench.prefix / RECORD).write_text(newer)
    bench.bring(environ=environ)
    assert shown(home) == ALL
    assert bench.read(RECORD) == newer


def test_the_desktop_is_told_where_it_has_a_program_for_that(
    bench: Workbench, home: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    program = tmp_path / "programs" / "update-desktop-database"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/told\n')
    program.chmod(0o755)
    bench.bring(with_menu(bench, "ide"), environ=environ | {"PATH": f"{program.parent}:/bin"})
    assert (tmp_path / "told").read_text().strip() == str(home / ".local/share/applications")
