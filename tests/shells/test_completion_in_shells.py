"""Tab, in real shells at a real terminal, offers what may follow a command of xconda."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.screen import Screen
from tests.shells.real_shells import SHELLS, RealShell, require

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shells of a POSIX system")
TEACHES = {
    "bash": ('PS1="ready> "', 'eval "$(xconda completion bash)"'),
    "zsh": (
        'PS1="ready> "', "autoload -U compinit; compinit -u", 'eval "$(xconda completion zsh)"',
    ),
}  # fmt: skip
TAUGHT = [each for each in SHELLS if each.name in TEACHES]


WRITTEN = [
    ("xconda rena", "rename"),
    ("xconda install --override-c", "--override-channels"),
    ("xconda list -n orch", "orchard"),
    ("xconda list --name=orch", "--name=orchard"),
    ("xconda remove -n orchard apples", "appleseed"),
    ("xconda repoquery who", "whoneeds"),
    ("xconda compare .cond", ".condarc"),
]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Variables of a user who has an environment ``orchard`` with two packages."""
    program = tmp_path / "bin" / "xconda"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m xconda_core "$@"\n')
    program.chmod(0o755)
    records = tmp_path / "envs" / "orchard" / "conda-meta"
    records.mkdir(parents=True)
    (records / "history").touch()
    for name in ("appleseed", "pear"):
        record = f'{{"name": "{name}", "version": "1", "build": "0", "build_number": 0}}'
        (records / f"{name}-1-0.json").write_text(record)
    (tmp_path / ".condarc").write_text(f"envs_dirs: ['{tmp_path}/envs']\n")
    return {
        "HOME": str(tmp_path), "PATH": f"{program.parent}:/usr/bin:/bin", "LANG": "C.UTF-8",
        "TERM": "xterm", "COLUMNS": "100",
    }  # fmt: skip


@pytest.fixture(params=TAUGHT, ids=lambda shell: shell.name)
def screen(
    request: pytest.FixtureRequest, tmp_path: Path, environ: dict[str, str]
) -> Iterator[Screen]:
    """A shell that knows what to offer."""
    shell: RealShell = request.param
    require(shell, os.environ)
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        [*shell.words, "-i"], env=environ, cwd=tmp_path, stdin=terminal, stdout=terminal,
        stderr=terminal, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(terminal)
        at = Screen(keyboard, process)
        for line in TEACHES[shell.name]:
            at.type(line.encode() + b"\n")
        at.type(b"echo tau''ght\n")
        at.read_until(b"taught\r\n")
        at.read_until(b"ready> ")
        yield at
        process.kill()
    os.close(keyboard)


def test_tab_completes_a_word_and_offers_all_that_fit(screen: Screen) -> None:
    for written, becomes in WRITTEN:
        screen.type(written.encode() + b"\t")
        screen.read_until(becomes.encode())
        screen.seen = b""
        screen.type(b"\x15")  # Ctrl-U: the line is given up
    screen.type(b"xconda re\t\t")
    for word in (b"remove", b"rename", b"repoquery", b"redo"):
        screen.read_until(word)


def test_fish_is_told_what_fits_and_what_it_is_for(tmp_path: Path, environ: dict[str, str]) -> None:
    require(next(each for each in SHELLS if each.name == "fish"), os.environ)
    asked = [f"complete -C '{written}'" for written, _ in (*WRITTEN, ("xconda re", ""))]
    script = "\n".join(["xconda completion fish | source", *asked])
    done = subprocess.run(
        ["fish", "--no-config", "-c", script], env=environ, cwd=tmp_path, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert {becomes for _, becomes in WRITTEN} <= {
        line.partition("\t")[0] for line in done.stdout.splitlines()
    }
    assert "remove\ttake packages away" in done.stdout.splitlines()
