"""What CEP 11 documents become on macOS and Windows, as far as it can be told on Linux."""

import json
import plistlib
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.transaction.conftest import Workbench
from tests.transaction.test_shortcuts import document, item
from xconda_core.events import Event, Noticed
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.transaction.desktop_places import file_start
from xconda_core.transaction.menu import BadMenu, MenuFacts, MenuItem, MenuPlatform, read_menu
from xconda_core.transaction.menu_macos import BundleFile, macos_bundles
from xconda_core.transaction.menu_windows import RegistryValue, WindowsMenu, windows_menu
from xconda_core.transaction.shortcuts_macos import bring_bundles

PREFIX = "/Users/me/envs/demo"
LAUNCHER = ("/opt/python", "-m", "xconda_core", "run", "-p", PREFIX)


def one(platform: MenuPlatform, own: Mapping[str, object], **said: object) -> MenuItem:
    facts = MenuFacts(prefix=PREFIX, base_prefix="/opt/forge", home="/Users/me", platform=platform)
    (found,) = read_menu(document(item(platforms={platform: own}, **said)), facts)
    return found


def bundle(own: Mapping[str, object], **said: object) -> dict[str, BundleFile]:
    files = macos_bundles([one("osx", own, **said)], PREFIX, "/Users/me/Applications", LAUNCHER)
    head = f"{file_start(PREFIX)}tools-demo/Ide.app/Contents/"
    assert all(path.startswith(head) for path in files)
    return {path.removeprefix(head): file for path, file in files.items()}


def test_on_macos_an_entry_is_a_bundle_whose_script_runs_in_the_environment() -> None:
    files = bundle({}, icon="{{ MENU_DIR }}/ide.{{ ICON_EXT }}", command=["a b", "$HOME"])

    assert files.keys() == {"Info.plist", "PkgInfo", "MacOS/ide", "Resources/ide.icns"}
    assert files["Resources/ide.icns"].copy_of == f"{PREFIX}/Menu/ide.icns"
    script = files["MacOS/ide"]
    assert script.executable
    started = f"exec {shlex.join(LAUNCHER)} 'a b' '$HOME' \"$@\"\n"
    assert script.content.decode() == f"#!/bin/sh\n{started}"
    said = plistlib.loads(files["Info.plist"].content)
    assert said["CFBundleExecutable"] == "ide"
    assert said["CFBundleDisplayName"] == "Ide"
    assert said["CFBundleIconFile"] == "ide.icns"
    assert said["CFBundleIdentifier"].startswith("org.xconda.")


def test_on_macos_keys_of_the_property_list_are_the_packages_own() -> None:
    own = {
        "CFBundleVersion": "2.5",
        "LSEnvironment": {"WHERE": "{{ PREFIX }}", "APP": "{{ MENU_ITEM_LOCATION }}"},
        "CFBundleURLTypes": [{"CFBundleURLSchemes": ["ide"], "CFBundleTypeRole": None}],
        "info_plist_extra": {"NSHighResolutionCapable": True},
    }
    said = plistlib.loads(bundle(own)["Info.plist"].content)

    assert (said["CFBundleVersion"], said["CFBundleShortVersionString"]) == ("2.5", "2.5")
    app = f"/Users/me/Applications/{file_start(PREFIX)}tools-demo/Ide.app"
    assert said["LSEnvironment"] == {"WHERE": PREFIX, "APP": app}
    assert said["CFBundleURLTypes"] == [{"CFBundleURLSchemes": ["ide"]}]
    assert said["NSHighResolutionCapable"] is True


@pytest.mark.parametrize(
    "own",
    [
        {"link_in_bundle": {"{{ PREFIX }}/bin/a": "{{ MENU_ITEM_LOCATION }}/../../evil"}},
        {"link_in_bundle": {"{{ PREFIX }}/bin/a": "/etc/evil"}},
        {"link_in_bundle": {"{{ PREFIX }}/bin/a": "evil"}},
        {"CFBundleVersion": "1", "info_plist_extra": {"CFBundleVersion": "2"}},
        {"info_plist_extra": ["no object"]},
    ],
)
def test_a_bundle_that_leads_out_of_itself_or_contradicts_itself_is_refused(
    own: Mapping[str, object],
) -> None:
    with pytest.raises(BadMenu):
        bundle(own)


def test_the_script_of_a_bundle_works_in_a_shell(tmp_path: Path) -> None:
    work = tmp_path / "a place"
    work.mkdir()
    files = bundle(
        {}, command=["sh", "-c", 'pwd; echo "$SAID:$1"', "x"], activate=False,
        precommand="export SAID='well, well'", working_dir=str(work),
    )  # fmt: skip
    script = tmp_path / "script"
    script.write_bytes(files["MacOS/ide"].content)

    done = subprocess.run(["sh", script, "a file"], capture_output=True, text=True, check=True)

    assert done.stdout == f"{work}\nwell, well:a file\n"


def test_bundles_come_and_go_and_others_stay(tmp_path: Path) -> None:
    applications, said = tmp_path / "Applications", list[Event]()
    icon = tmp_path / "ide.icns"
    icon.write_bytes(b"a picture")
    foreign = applications / "Mine.app/Contents/Info.plist"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    link = {"link_in_bundle": {"/bin/sh": "{{ MENU_ITEM_LOCATION }}/Contents/Resources/sh"}}
    entry = one("osx", link | {"entitlements": ["a"]}, icon=str(icon))

    bring_bundles([entry], PREFIX, applications, LAUNCHER, said.append)
    bring_bundles([entry], PREFIX, applications, LAUNCHER, said.append)
    (app,) = applications.glob("xconda-*/Ide.app")
    assert (app / "Contents/Resources/ide.icns").read_bytes() == b"a picture"
    assert (app / "Contents/Resources/sh").is_symlink()
    assert (app / "Contents/MacOS/ide").stat().st_mode & 0o777 == 0o755
    bring_bundles([], PREFIX, applications, LAUNCHER, said.append)

    assert [path.name for path in applications.iterdir()] == ["Mine.app"]
    assert foreign.read_text() == "mine"
    texts = {event.text for event in said if isinstance(event, Noticed)}
    assert texts == {"Ide wants entitlements, which xconda does not do"}


def on_windows(own: Mapping[str, object], **said: object) -> WindowsMenu:
    return windows_menu([one("win", own, **said)], PREFIX, ("C:\\py\\python.exe", "-m", "x"))


def test_on_windows_an_entry_is_a_link_in_a_folder_of_its_environment() -> None:
    menu = on_windows({}, command=["C:/w.exe", "/K", "a b"], icon="{{ MENU_DIR }}/i.ico")

    (link,) = menu.shortcuts
    assert link.path == f"{file_start(PREFIX)}tools-demo\\Ide.lnk"
    assert link.target == "C:\\py\\python.exe"
    assert link.arguments == '-m x C:\\w.exe /K "a b"'
    assert link.working_dir == "%USERPROFILE%"
    assert link.app_id == "xconda.tools-demo-ide"
    assert (menu.scripts, menu.registry) == ({}, ())


def test_on_windows_a_terminal_or_a_command_before_needs_a_batch_file() -> None:
    menu = on_windows({"terminal": True, "precommand": "SET A=1"}, command=["C:/x.exe", "a b"])

    (script,) = menu.scripts.values()
    assert script == '@ECHO OFF\r\nSET A=1\r\nC:\\py\\python.exe -m x C:\\x.exe "a b" %*\r\n'
    (link,) = menu.shortcuts
    assert link.target == "cmd.exe"
    assert link.arguments.startswith("/D /K ")


def test_on_windows_programs_are_offered_for_their_kinds_of_files_and_addresses() -> None:
    own = {"file_extensions": [".AB", ".ab"], "url_protocols": ["ide"]}
    menu = on_windows(own, command=["C:/ide.exe"], activate=False)

    classes = "HKEY_CURRENT_USER\\Software\\Classes"
    kind = f"{file_start(PREFIX)}tools-demo-ide.ab"
    command = 'C:\\ide.exe "%1"'
    assert RegistryValue(f"{classes}\\.ab\\OpenWithProgids", kind, "") in menu.registry
    for key in (kind, "ide"):
        opens = f"{classes}\\{key}\\shell\\open\\command"
        assert RegistryValue(opens, "", command) in menu.registry
    assert RegistryValue(f"{classes}\\ide", "URL Protocol", "") in menu.registry
    assert not any(value.key == f"{classes}\\.ab" for value in menu.registry), "the user chooses"


@pytest.mark.parametrize(
    ("subdir", "told"),
    [
        ("win-64", "Ide.lnk is for the start menu of Windows, and was not made here"),
        ("osx-arm64", "Ide.app is for Applications of macOS, and was not made here"),
    ],
)
def test_an_environment_for_another_system_says_which_entries_it_would_have_there(
    bench: Workbench, subdir: str, told: str
) -> None:
    bench.subdir = subdir
    content = document(item(platforms={"win": {}, "osx": {}, "linux": {}}))
    package = bench.package("ide", "1.0", PackageFile(path="Menu/ide.json", content=content))

    bench.bring(package, runs_scripts=False)

    assert told in [event.text for event in bench.events if isinstance(event, Noticed)]
    assert json.loads((bench.prefix / "conda-meta/ide-1.0-0.json").read_bytes())["name"] == "ide"
