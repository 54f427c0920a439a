"""A shell that `xconda init` was run for knows xconda when it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shells.real_shells import SHELLS, Home, RealShell, require

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shells of a POSIX system")
STARTED = {  # as a terminal starts it: the start-up file is read
    "bash": ("bash", "-i"),
    "zsh": ("zsh", "-i"),
    "fish": ("fish",),
    "tcsh": ("tcsh",),
    "xonsh": (sys.executable, "-m", "xonsh", "--rc", ".xonshrc", "-i"),
}


@pytest.mark.parametrize(
    "shell", [each for each in SHELLS if each.name in STARTED], ids=lambda s: s.name
)
def test_init_makes_a_new_shell_know_activate_and_reverse_takes_it_back(
    shell: RealShell, tmp_path: Path
) -> None:
    require(shell, os.environ)
    home = Home(tmp_path, shell)
    prefix = home.environment("one")
    (tmp_path / ".condarc").write_text(f"envs_dirs: ['{tmp_path}/envs']\n")
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}

    def run(words: tuple[str, ...], text: str = "") -> str:
        done = subprocess.run(
            words, env=environ, cwd=tmp_path, input=text, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    program = (sys.executable, "-m", "xconda_core")
    assert "created" in run((*program, "init", shell.name))
    session = "xconda activate one\nprintenv CONDA_PREFIX\nexit\n"
    assert f"{prefix}\n" in run(STARTED[shell.name], session)
    assert "removed" in run((*program, "init", "--reverse", shell.name))
    assert f"{prefix}\n" not in run(STARTED[shell.name], session)
