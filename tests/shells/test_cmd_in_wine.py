"""The batch files of cmd.exe, run by Wine's cmd.exe: not Microsoft's, but one that can be had.

A batch file stands for xconda and says what xconda renders, since Wine's starts no program of this
system. Wine knows no DOSKEY, so the files are called by their paths.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PureWindowsPath

import pytest

from xconda_core.environment.activation_change import ActivationChange
from xconda_core.environment.shells.cmd import CMD
from xconda_core.environment.shells.dialect import program
from xconda_core.environment.shells.hook import FOLDER, hook

Session = Callable[..., list[str]]
STRANGE = "100% a&b|c^d (e) !f! <g> \"h\" 'i'"
STAND_IN = r"""@IF NOT "%~1 %~2"=="-m xconda_core" EXIT /B 9
@IF "%~3"=="shell.cmd.exe" GOTO :TEXT
@ECHO ran %3 %4
@IF "%~3"=="fail" EXIT /B 7
@EXIT /B 0
:TEXT
@IF "%~5"=="nosuch" EXIT /B 1
@TYPE "%~dp0%~4.txt"
@EXIT /B 0
"""


def wine() -> str:
    """Return the program; skips where there is none."""
    known = "/usr/lib/wine/wine64"  # Debian has it there, not on PATH
    found = shutil.which("wine64") or (known if os.access(known, os.X_OK) else None)
    if found is None:
        pytest.skip("there is no Wine")
    return found


def windows(path: Path) -> PureWindowsPath:
    return PureWindowsPath("Z:", path)


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables with an own Windows in it; making it takes some seconds.

    Wine wants more of a system than other programs do, so one that does not start counts as none.
    """
    own = {"WINEPREFIX": str(tmp_path_factory.mktemp("wine")), "WINEDEBUG": "-all", "DISPLAY": ""}
    variables = {"PATH": os.defpath, "HOME": own["WINEPREFIX"], **own}
    said = ""
    with suppress(subprocess.TimeoutExpired):
        for words in (["wineboot", "-i"], ["cmd", "/c", "echo ready"]):
            said = subprocess.run(
                [wine(), *words],
                env=variables, capture_output=True, text=True, timeout=120, check=False,
            ).stdout  # fmt: skip
    if said.strip() != "ready":
        pytest.skip("there is no Wine that starts here")
    return variables


@pytest.fixture
def session(environ: dict[str, str], tmp_path: Path) -> Session:
    """Lines of a batch file in, lines of its output out."""
    stand_in = tmp_path / "xconda here.bat"
    _write(stand_in, STAND_IN)
    script = tmp_path / "50% done.bat"
    _write(script, "@ECHO script of %CONDA_PREFIX%\n")
    path = os.pathsep.join([r"\env", r"\windows"])
    on = {"PATH": path, "CONDA_PREFIX": r"C:\env", "FOO": STRANGE}
    own = PureWindowsPath("Z:", script)
    texts = {
        "hook": hook("cmd.exe", (str(windows(stand_in)), "-m", "xconda_core"), None, None),
        "activate": program(ActivationChange(set=on, activate_scripts=(own,)), CMD, {}),  # type: ignore[arg-type]
        "deactivate": program(ActivationChange(unset=("FOO", "CONDA_PREFIX")), CMD, {}),
        "reactivate": program(ActivationChange(set={"AGAIN": "yes"}), CMD, {}),
    }
    for name, text in texts.items():
        _write(tmp_path / f"{name}.txt", text)

    def run(*lines: str) -> list[str]:
        called = [
            f'@CALL "{windows(FOLDER / "xconda_hook.bat")}" "{windows(stand_in)}" -m xconda_core',
            *(
                line.replace("xconda ", f'@CALL "{windows(FOLDER / "xconda.bat")}" ')
                for line in lines
            ),
            r"@DIR /B %TEMP%\xconda-*.bat",
        ]
        _write(tmp_path / "session.bat", "".join(f"{line}\n" for line in called))
        done = subprocess.run(
            [wine(), "cmd", "/c", str(windows(tmp_path / "session.bat"))],
            env=environ, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return [line.strip() for line in done.stdout.splitlines() if line.strip()]

    return run


def _write(path: Path, text: str) -> None:
    path.write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")


def test_activate_sets_what_is_to_be_set_and_runs_scripts_and_deactivate_takes_it_back(
    session: Session,
) -> None:
    assert session(
        "xconda activate demo",
        "@SET FOO",
        "@SET CONDA_PREFIX",
        "@PATH",
        "xconda deactivate",
        "@IF NOT DEFINED FOO IF NOT DEFINED CONDA_PREFIX ECHO gone",
    ) == [
        r"script of C:\env",
        f"FOO={STRANGE}",
        r"CONDA_PREFIX=C:\env",
        r"PATH=\env;\windows",
        "gone",
    ]


def test_other_commands_are_passed_on_and_a_change_refreshes_what_is_active(
    session: Session,
) -> None:
    assert session(
        "xconda install x",
        "@IF NOT DEFINED AGAIN ECHO nothing is active",
        "xconda activate demo",
        "xconda list y",
        "@IF NOT DEFINED AGAIN ECHO nothing changed",
        "xconda install x",
        "@SET AGAIN",
    ) == [
        "ran install x",
        "nothing is active",
        r"script of C:\env",
        "ran list y",
        "nothing changed",
        "ran install x",
        "AGAIN=yes",
    ]


@pytest.mark.parametrize("line", ["xconda fail", "xconda activate nosuch"])
def test_a_failure_is_told_and_leaves_no_file_behind(session: Session, line: str) -> None:
    said = session(line, "@IF ERRORLEVEL 1 ECHO failed", "@IF DEFINED FOO ECHO changed")
    assert [each for each in said if not each.startswith("ran")] == ["failed"]
