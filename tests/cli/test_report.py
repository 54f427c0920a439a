"""`xconda report` tells what a bug report needs, and no secret of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SECRETS = ("hunter2", "tk-1234")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    records = home / "envs" / "demo" / "conda-meta"
    records.mkdir(parents=True)
    (records / "history").write_text(
        "==> 2026-11-20 10:00:00 <==\n"
        "# cmd: xconda create -n demo -c http://me:hunter2@host/x pear\n"
        "# conda version: 26.7.0\n+http://host/t/tk-1234/x::pear-1-0\n"
    )
    channel = '"channel": "https://host/t/tk-1234/orchard"'
    (records / "pear-1-0.json").write_text(
        f'{{"name": "pear", "version": "1", "build": "0", "build_number": 0, {channel}}}'
    )
    (home / ".condarc").write_text(
        f"envs_dirs: ['{home}/envs']\nchannels: ['https://host/t/tk-1234/orchard']\n"
        "proxy_servers:\n  https: http://me:hunter2@proxy:80\n"
    )
    return home


def run(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "xconda_core", "report", "-n", "demo", *words],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "CONDA_HTTPS_PROXY": "http://u:hunter2@p"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_has_versions_configuration_packages_and_revisions_and_no_secret(home: Path) -> None:
    done = run(home, "--file", "-")
    assert (done.stderr, done.returncode) == ("", 0)
    for words in ("xconda 0.", "proxy_servers:", "pear-1-0", "xconda create -n demo", "plugins"):
        assert words in done.stdout
    assert [secret for secret in SECRETS if secret in done.stdout] == []
    assert str(home) not in done.stdout


def test_the_home_is_a_tilde_and_another_path_that_has_it_as_a_part_is_not(home: Path) -> None:
    kept = (f"{home}-old/x", f"{home}.bak", f"{home}ing", f"/mnt{home}/x")
    tilde = (f"{home}/x", f"-p{home}", f"file://{home}/y", f"'{home}'", f"{home}.")
    log = home / ".local" / "state" / "xconda" / "last-operation.log"
    log.parent.mkdir(parents=True)
    log.write_text("\n".join(f"line {path} end" for path in (*kept, *tilde)))

    lines = [line.strip() for line in run(home, "--file", "-").stdout.splitlines()]

    for path in kept:
        assert f"line {path} end" in lines
    for path in tilde:
        assert f"line {path.replace(str(home), '~')} end" in lines


def test_it_is_written_where_it_is_said_and_never_over_a_file(home: Path) -> None:
    document = json.loads(run(home, "--json").stdout)
    text = (home / document["path"]).read_text()
    assert "this machine" in text
    again = run(home, "--file", document["path"])
    assert (again.returncode, "was not written" in again.stderr) == (1, True)
    assert (home / document["path"]).read_text() == text


def test_a_part_that_cannot_be_told_is_no_reason_not_to_tell_the_rest(home: Path) -> None:
    (home / "envs" / "demo" / "conda-meta" / "pear-1-0.json").write_text("{")
    said = run(home, "--file", "-").stdout
    assert "not known: " in said
    assert "configuration" in said


def test_a_name_that_is_no_text_is_spelled_out(home: Path) -> None:
    environ = {"HOME": str(home), "CONDA_ENVS_PATH": os.fsdecode(b"/j\xfcrgen/envs")}
    xconda = [sys.executable, "-m", "xconda_core", "report", "--file", "told.txt"]
    done = subprocess.run(xconda, env=environ, cwd=home, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "j\\udcfcrgen" in (home / "told.txt").read_text("utf-8")
