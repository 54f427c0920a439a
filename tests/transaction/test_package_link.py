"""Where the files of one package go, and which commands are made for it."""

from pathlib import Path

import pytest

from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction import windows_launchers
from xconda_core.transaction.contents import PackageContents
from xconda_core.transaction.noarch_python import EntryPoint
from xconda_core.transaction.package_link import NoLauncher, link_of
from xconda_core.transaction.python_layout import layout_of
from xconda_core.transaction.windows_launchers import launcher_path

PYTHON = PackageRecord(name="python", version="3.12.4", build="0")


def a_package(*commands: str, noarch: str | None = "python") -> PackageContents:
    record = PackageRecord(name="tool", version="1.0", build="0", noarch=noarch)
    points = tuple(EntryPoint(command, "tool", "main") for command in commands)
    return PackageContents(record=record, folder=Path("/pkgs/x"), paths=(), entry_points=points)


@pytest.mark.parametrize(
    ("subdir", "program"),
    [("win-64", "cli-64.exe"), ("win-arm64", "cli-arm64.exe"), ("win-32", "cli-32.exe")],
)
def test_the_launcher_is_that_of_the_environments_platform(subdir: str, program: str) -> None:
    link = link_of(a_package("tool"), "", layout_of(PYTHON, subdir))

    assert list(link.scripts) == ["Scripts/tool-script.py"]
    assert list(link.launchers) == ["Scripts/tool.exe"]
    found = Path(link.launchers["Scripts/tool.exe"])
    assert found.name == program
    assert found.read_bytes()[:2] == b"MZ"


@pytest.mark.parametrize("subdir", ["linux-64", "osx-arm64", "linux-aarch64"])
def test_where_the_kernel_starts_commands_no_launcher_is_copied(subdir: str) -> None:
    link = link_of(a_package("tool"), "", layout_of(PYTHON, subdir))

    assert (list(link.scripts), dict(link.launchers)) == (["bin/tool"], {})


def test_without_setuptools_a_package_with_commands_is_refused_and_one_without_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(windows_launchers, "find_spec", lambda name: None)
    assert launcher_path("cli-64.exe") is None
    windows = layout_of(PYTHON, "win-64")

    with pytest.raises(NoLauncher) as raised:
        link_of(a_package("tool", "other"), "", windows)

    assert raised.value.commands == ("tool", "other")
    assert "pip install setuptools" in raised.value.fix
    assert link_of(a_package(), "", windows).scripts == {}
