"""Programs for macOS are signed anew where their prefix was rewritten; `codesign` is a stand-in."""

import hashlib
import stat
from pathlib import Path

import pytest

from tests.transaction.conftest import Workbench
from xconda_core.events import Noticed
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.package_writer import PLACEHOLDER, PackageFile
from xconda_core.transaction import code_signing
from xconda_core.transaction.code_signing import NotSigned

PROGRAM = bytes.fromhex("cffaedfe") + b"code\0" + PLACEHOLDER.encode() + b"/share\0end"


@pytest.fixture
def mac(bench: Workbench) -> Workbench:
    bench.subdir = "osx-arm64"
    return bench


def a_tool(bench: Workbench) -> PackageRecord:
    return bench.package(
        "tool",
        "1.0",
        PackageFile(path="bin/tool", content=PROGRAM, executable=True),
        PackageFile(path="bin/plain", content=bytes.fromhex("cffaedfe") + b"code", executable=True),
        PackageFile(path="bin/script", content=f"#!{PLACEHOLDER}/bin/sh\n".encode()),
        PackageFile(path="share/data", content=b"\0data\0" + PLACEHOLDER.encode() + b"\0"),
        subdir=bench.subdir,
    )


def a_codesign(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    program = folder / "codesign"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(code_signing, "PROGRAM", str(program))
    return program


def warnings(bench: Workbench) -> list[str]:
    return [event.text for event in bench.events if isinstance(event, Noticed)]


def test_a_rewritten_program_is_signed_and_its_record_has_the_signed_digest(
    mac: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_codesign(tmp_path, monkeypatch, f'echo "$@" >> {tmp_path}/asked; shift 3; echo ok >> "$1"')

    mac.bring(a_tool(mac), runs_scripts=True)

    tool = mac.prefix / "bin/tool"
    assert (tmp_path / "asked").read_text() == f"--sign - --force {tool}\n"
    assert tool.read_bytes().endswith(b"ok\n")
    paths = {path.path: path for path in mac.state().installed["tool"].paths}
    assert paths["bin/tool"].sha256_in_prefix == hashlib.sha256(tool.read_bytes()).hexdigest()
    assert warnings(mac) == []


def test_where_signing_fails_the_environment_is_what_it_was(
    mac: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_codesign(tmp_path, monkeypatch, "echo no identity >&2; exit 3")
    mac.bring(mac.package("other", "1.0", PackageFile(path="share/other", content=b"x")))
    before = mac.snapshot()

    with pytest.raises(NotSigned, match="no identity"):
        mac.bring(a_tool(mac), runs_scripts=True)

    assert mac.snapshot() == before


def test_where_there_is_no_codesign_that_is_said(mac: Workbench, tmp_path: Path) -> None:
    with pytest.raises(NotSigned, match=r"bin/tool could not be signed"):
        mac.bring(a_tool(mac), runs_scripts=True)


def test_elsewhere_a_warning_names_the_program_and_the_command(mac: Workbench) -> None:
    mac.bring(a_tool(mac), runs_scripts=False)

    assert warnings(mac) == [
        "on macOS, sign bin/tool of tool before use: `/usr/bin/codesign --sign - --force bin/tool`"
    ]
    assert str(mac.prefix).encode() in (mac.prefix / "bin/tool").read_bytes()


@pytest.mark.parametrize("subdir", ["linux-64", "osx-64"])
def test_other_platforms_start_what_is_not_signed(bench: Workbench, subdir: str) -> None:
    bench.subdir = subdir
    bench.bring(a_tool(bench), runs_scripts=False)
    assert warnings(bench) == []
