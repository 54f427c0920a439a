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
PROGRAM = (sys.executable, "-m", "xconda_core")
CONDAS_BLOCK = """\
# mine
# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
conda() { export BY_CONDA="$*"; }
# <<< conda initialize <<<
# mine as well"""


@pytest.mark.parametrize(
    "shell", [each for each in SHELLS if each.name in STARTED], ids=lambda s: s.name
)
def test_init_makes_a_new_shell_know_activate_and_reverse_takes_it_back(
    shell: RealShell, tmp_path: Path
) -> None:
    require(shell, os.environ)
    prefix = Home(tmp_path, shell).environment("one")

    assert "created" in run(tmp_path, (*PROGRAM, "init", shell.name))
    session = "xconda activate one\nprintenv CONDA_PREFIX\nexit\n"
    assert f"{prefix}\n" in run(tmp_path, STARTED[shell.name], session)
    assert "removed" in run(tmp_path, (*PROGRAM, "init", "--reverse", shell.name))
    assert f"{prefix}\n" not in run(tmp_path, STARTED[shell.name], session)


@pytest.mark.parametrize("shell", SHELLS[:2], ids=lambda s: s.name)
def test_beside_condas_own_block_both_live_and_reverse_takes_only_ours(
    shell: RealShell, tmp_path: Path
) -> None:
    require(shell, os.environ)
    prefix = Home(tmp_path, shell).environment("one")
    start_up = tmp_path / f".{shell.name}rc"
    start_up.write_text(CONDAS_BLOCK)
    by_conda = "conda activate one\nprintenv BY_CONDA\n"
    by_xconda = "xconda activate one\nprintenv CONDA_PREFIX\nxconda deactivate\n"
    by_alias = "alias conda=xconda\nconda activate one\nprintenv CONDA_DEFAULT_ENV\n"

    run(tmp_path, (*PROGRAM, "init", shell.name))
    both = run(tmp_path, STARTED[shell.name], f"{by_conda}{by_xconda}{by_alias}exit\n")
    start_up.write_text(start_up.read_text() + "export AFTER=mine\n")
    run(tmp_path, (*PROGRAM, "init", "--reverse", shell.name))
    without = run(tmp_path, STARTED[shell.name], f"{by_conda}exit\n")

    assert [line for line in both.splitlines() if line in ("activate one", str(prefix), "one")] == [
        "activate one",
        str(prefix),
        "one",
    ]
    assert "activate one\n" in without
    assert start_up.read_text() == f"{CONDAS_BLOCK}\nexport AFTER=mine\n"


@pytest.mark.parametrize(
    "shell", [each for each in SHELLS if each.name in STARTED], ids=lambda s: s.name
)
def test_a_new_shell_starts_in_the_default_environment_unless_that_is_switched_off(
    shell: RealShell, tmp_path: Path
) -> None:
    require(shell, os.environ)
    one = Home(tmp_path, shell).environment("one")
    default = "default_activation_env: one\n"
    run(tmp_path, (*PROGRAM, "init", shell.name))

    on = run(tmp_path, STARTED[shell.name], "printenv CONDA_PREFIX\nexit\n", default)
    off = run(
        tmp_path,
        STARTED[shell.name],
        "printenv CONDA_PREFIX\necho came here\nexit\n",
        f"{default}auto_activate: false\n",
    )

    assert f"{one}\n" in on
    assert "came here" in off
    assert f"{one}\n" not in off


def run(home: Path, words: tuple[str, ...], text: str = "", settings: str = "") -> str:
    """Return all that a program says to what is typed, with the environments of ``home``."""
    (home / ".condarc").write_text(f"envs_dirs: ['{home}/envs']\n{settings}")
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
    done = subprocess.run(
        words, env=environ, cwd=home, input=text, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr
