"""The whole environment of a program in an activated prefix, scripts included."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.environment.activation import ActivationFailed, run_environment

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="activation scripts of POSIX shells"
)
ENVIRON = {"PATH": os.defpath + ":/usr/bin:/bin", "HOME": "/nowhere", "SHLVL": "7"}


def a_script(prefix: Path, text: str, name: str = "a.sh", folder: str = "activate.d") -> Path:
    path = prefix / "etc" / "conda" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_without_scripts_no_shell_is_started(tmp_path: Path) -> None:
    after = run_environment(tmp_path, {"PATH": "/no/shell/here", "odd name": "kept"})
    assert after["PATH"] == f"{tmp_path}/bin:/no/shell/here"
    assert after["odd name"] == "kept"


def test_scripts_are_sourced_in_order_after_the_variables_are_set(tmp_path: Path) -> None:
    a_script(tmp_path, 'export SEEN="$CONDA_PREFIX"; unset HOME\n', "1.sh")
    a_script(tmp_path, 'export SEEN="$SEEN/second" PATH="/mine:$PATH"\n', "2.sh")
    after = run_environment(tmp_path, ENVIRON)
    assert after["SEEN"] == f"{tmp_path}/second"
    assert after["PATH"].startswith(f"/mine:{tmp_path}/bin:")
    assert "HOME" not in after


def test_what_shells_change_by_themselves_stays_as_it_was(tmp_path: Path) -> None:
    a_script(tmp_path, "export A=1\n")
    after = run_environment(tmp_path, ENVIRON | {"PWD": "/elsewhere", "_": "me"})
    assert (after["SHLVL"], after["PWD"], after["_"]) == ("7", "/elsewhere", "me")
    assert "OLDPWD" not in after


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_exported_functions_and_odd_names_survive_either_shell(tmp_path: Path, shell: str) -> None:
    a_script(tmp_path / "env", "export A=1\n")
    (tmp_path / "bin").mkdir()
    if shell == "bash" and not Path("/bin/bash").exists():
        pytest.skip("there is no bash")
    if shell == "bash":
        (tmp_path / "bin" / "bash").symlink_to("/bin/bash")
    environ = {"PATH": f"{tmp_path}/bin", "BASH_FUNC_module%%": "() {  :\n}", "a.b": "c"}
    after = run_environment(tmp_path / "env", environ)
    assert after["a.b"] == "c"
    assert after["BASH_FUNC_module%%"].startswith("() {")


def test_what_scripts_print_and_how_they_end_disturbs_nothing(tmp_path: Path) -> None:
    a_script(
        tmp_path, "echo A=evil; echo oops >&2; printf 'B=evil\\0'; set -- x y; false\n", "1.sh"
    )
    a_script(tmp_path, "export GOOD=yes\n[ -n '' ] && export BAD=1\n", "2.sh")
    after = run_environment(tmp_path, ENVIRON)
    assert after["GOOD"] == "yes"
    assert not {"A", "B", "BAD"} & after.keys()


def test_a_process_that_a_script_leaves_behind_holds_nothing_up(tmp_path: Path) -> None:
    a_script(tmp_path, "sleep 20 &\nexport A=1\n")
    start = time.monotonic()
    assert run_environment(tmp_path, ENVIRON)["A"] == "1"
    assert time.monotonic() - start < 10


def test_the_active_environments_scripts_run_before_it_makes_way(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    a_script(old, 'export TRACE="left $CONDA_PREFIX"\n', folder="deactivate.d")
    a_script(new, 'export TRACE="$TRACE, entered $CONDA_PREFIX"\n')
    environ = ENVIRON | {"CONDA_PREFIX": str(old), "CONDA_SHLVL": "1"}
    assert run_environment(new, environ)["TRACE"] == f"left {old}, entered {new}"


def test_damage_in_the_environment_that_is_left_is_no_reason_to_stay(tmp_path: Path) -> None:
    (tmp_path / "old" / "conda-meta").mkdir(parents=True)
    (tmp_path / "old" / "conda-meta" / "state").write_text("{")
    environ = ENVIRON | {"CONDA_PREFIX": str(tmp_path / "old"), "CONDA_SHLVL": "1"}
    assert run_environment(tmp_path / "new", environ)["CONDA_SHLVL"] == "2"


def test_a_script_that_ends_the_shell_is_named_with_what_it_said(tmp_path: Path) -> None:
    a_script(tmp_path, "true\n", "1.sh")
    script = a_script(tmp_path, "echo no licence >&2\nexit 3\n", "2.sh")
    with pytest.raises(ActivationFailed) as caught:
        run_environment(tmp_path, ENVIRON)
    assert caught.value.script == str(script)
    assert "no licence" in caught.value.why


def test_a_script_that_does_not_end_is_stopped_with_its_children(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = a_script(tmp_path, f"sh -c 'echo $$ > {pid}; exec sleep 60'\n")
    with pytest.raises(ActivationFailed, match=r"within 0\.5 seconds") as caught:
        run_environment(tmp_path, ENVIRON, time_limit=0.5)
    assert caught.value.script == str(script)
    deadline = time.monotonic() + 5
    while is_running(int(pid.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(int(pid.read_text()))


def test_a_prefix_with_quotes_and_blanks_works(tmp_path: Path) -> None:
    prefix = tmp_path / 'it\'s a $HOME "place"'
    a_script(prefix, 'export SEEN="$CONDA_PREFIX"\n')
    assert run_environment(prefix, ENVIRON)["SEEN"] == str(prefix)


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=50))
def test_any_value_comes_through_a_shell_unchanged(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    prefix = tmp_path_factory.mktemp("env")
    a_script(prefix, "export A=1\n")
    assert run_environment(prefix, ENVIRON | {"VALUE": value})["VALUE"] == value


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
