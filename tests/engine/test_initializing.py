"""What `init` writes into start-up files, and what it leaves alone."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.engine.initializing import (
    FileChange,
    ShellNotHere,
    Wish,
    carry_out,
    plan_initialization,
)
from xconda_core.environment.start_up_files import (
    SHELLS,
    StartUpFileDamaged,
    autorun_with,
    autorun_without,
    hook_lines,
    start_up_file,
    with_block,
    without_block,
)

RC = Path("/home/ada/.bashrc")
CONDAS_BLOCK = (
    "# >>> conda initialize >>>\n# !! Contents within this block are managed by 'conda init' !!\n"
    '__conda_setup="$(conda shell.bash hook)"\n# <<< conda initialize <<<\n'
)


def a_wish(home: Path, **words: Any) -> Wish:
    usual: dict[str, Any] = {
        "shells": ("bash",),
        "scopes": ("user",),
        "words": ("/opt/x conda/bin/xconda",),
        "condabin": home / "condabin",
        "environ": {},
        "home": home,
        "platform": "linux",
        "top": home / "top",
    }
    return Wish(**(usual | words))


def done(wish: Wish) -> dict[str, str]:
    changes = plan_initialization(wish)
    carry_out(changes)
    return {change.shell: change.result for change in changes}


texts = st.text(st.sampled_from("ab#\n\r"), max_size=12) | st.just(CONDAS_BLOCK)


@given(before=st.none() | texts, after=texts)
def test_taking_the_block_out_gives_back_every_character(before: str | None, after: str) -> None:
    one = with_block(before, ["one"], RC)
    assert without_block(one, RC) == before
    if before is not None and (not before or before.endswith("\n")):
        assert without_block(one + after, RC) == before + after


@given(before=st.none() | texts, after=texts)
def test_a_second_time_changes_nothing_and_another_block_takes_its_place(
    before: str | None, after: str
) -> None:
    one = with_block(before, ["one"], RC) + after
    assert with_block(one, ["one"], RC) == one
    assert with_block(one, ["two"], RC) == with_block(before, ["two"], RC) + after


def test_condas_block_stays_and_both_are_there() -> None:
    both = with_block(CONDAS_BLOCK, ["ours"], RC)
    assert both.startswith(CONDAS_BLOCK)
    assert without_block(both, RC) == CONDAS_BLOCK


def test_lines_end_as_those_of_the_file_do() -> None:
    assert with_block("a\r\n", ["b"], RC).count("\r\n") == with_block("a\r\n", ["b"], RC).count(
        "\n"
    )


@pytest.mark.parametrize("cut", ["# >>> xconda initialize >>>", "# <<< xconda initialize <<<"])
def test_half_a_block_is_not_touched(cut: str) -> None:
    text = with_block("mine\n", ["ours"], RC).replace(f"{cut}\n", "")
    with pytest.raises(StartUpFileDamaged, match="parts"):
        with_block(text, ["x"], RC)
    with pytest.raises(StartUpFileDamaged, match="parts"):
        without_block(text, RC)


def test_a_file_keeps_its_link_its_permissions_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "rc"
    real.parent.mkdir()
    real.write_bytes(b"# caf\xe9\n")
    real.chmod(0o640)
    (tmp_path / ".bashrc").symlink_to(real)
    assert done(a_wish(tmp_path)) == {"xconda": "created", "bash": "modified"}
    assert (tmp_path / ".bashrc").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes().startswith(b"# caf\xe9\n# >>> xconda")
    assert done(a_wish(tmp_path, reverse=True)) == {"xconda": "removed", "bash": "modified"}
    assert real.read_bytes() == b"# caf\xe9\n"


def test_a_second_time_no_file_is_written(tmp_path: Path) -> None:
    done(a_wish(tmp_path))
    inode = (tmp_path / ".bashrc").stat().st_ino
    assert done(a_wish(tmp_path)) == {"xconda": "no change", "bash": "no change"}
    assert (tmp_path / ".bashrc").stat().st_ino == inode


def test_what_was_made_goes_and_the_program_goes_with_the_last_block(tmp_path: Path) -> None:
    shells = ("bash", "fish")
    done(a_wish(tmp_path, shells=shells))
    first = done(a_wish(tmp_path, shells=("bash",), reverse=True))
    second = done(a_wish(tmp_path, shells=("fish",), reverse=True))
    assert first == {"xconda": "no change", "bash": "removed"}
    assert second == {"xconda": "removed", "fish": "removed"}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_program_in_condabin_starts_xconda(tmp_path: Path) -> None:
    done(a_wish(tmp_path, words=("/bin/echo", "it's"), shells=()))
    said = subprocess.run(
        [tmp_path / "condabin" / "xconda", "a b"], capture_output=True, text=True, check=True
    )
    assert said.stdout == "it's a b\n"


def test_scripts_find_below_an_own_base_what_they_find_below_condas(tmp_path: Path) -> None:
    program = tmp_path / "xconda"
    program.write_text('#!/bin/sh\necho "conda() { echo conda \\"\\$@\\"; }; echo $*;"\n')
    program.chmod(0o755)
    base = tmp_path / "base"
    wish = a_wish(tmp_path, words=(str(program),), base=base)
    assert done(wish)["conda"] == "created"
    lines = f". '{base}/etc/profile.d/conda.sh'; conda list; . '{base}/bin/activate' one"
    said = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [
        "shell.posix hook conda",
        "conda list",
        "shell.posix hook conda",
        "conda activate one",
    ]
    assert done(a_wish(tmp_path, base=base, reverse=True))["conda"] == "removed"
    assert [path for path in base.rglob("*") if path.is_file()] == []


def test_condabin_puts_only_a_folder_on_path(tmp_path: Path) -> None:
    done(a_wish(tmp_path, only_path=True))
    script = 'PATH=/bin; . ~/.bashrc; echo "$PATH"; type xconda >/dev/null 2>&1'
    said = subprocess.run(
        ["/bin/sh", "-c", script], env={"HOME": str(tmp_path)}, capture_output=True, check=True
    )
    assert said.stdout.decode() == f"{tmp_path}/condabin:/bin\n"


def test_cmd_exe_is_on_windows_only(tmp_path: Path) -> None:
    with pytest.raises(ShellNotHere):
        plan_initialization(a_wish(tmp_path, shells=("cmd.exe",)))


def test_what_else_cmd_exe_starts_by_itself_stays() -> None:
    value = autorun_with("chcp 65001", "hook.bat")
    assert value == "chcp 65001 & hook.bat"
    assert autorun_with(value, "hook.bat") == value
    assert autorun_without(value, "hook.bat") == "chcp 65001"
    assert autorun_without("hook.bat", "hook.bat") == ""


def test_for_everybody_files_of_the_system_are_written(tmp_path: Path) -> None:
    (tmp_path / "top" / "etc" / "zsh").mkdir(parents=True)
    done(a_wish(tmp_path, shells=("bash", "zsh", "fish", "tcsh"), scopes=("system",)))
    etc = tmp_path / "top" / "etc"
    written = {str(path.relative_to(etc)) for path in etc.rglob("*") if path.is_file()}
    assert written == {"profile.d/xconda.sh", "zsh/zshrc", "fish/conf.d/xconda.fish", "csh.cshrc"}


def test_each_shell_has_the_start_up_file_that_it_reads(tmp_path: Path) -> None:
    environ = {"ZDOTDIR": str(tmp_path / "z"), "XDG_CONFIG_HOME": str(tmp_path / "c")}
    here = [start_up_file(shell, "user", environ, tmp_path, "linux") for shell in SHELLS]
    assert here == [
        tmp_path / ".bashrc", tmp_path / "z" / ".zshrc", tmp_path / "c" / "fish" / "config.fish",
        tmp_path / ".tcshrc", tmp_path / ".xonshrc",
        tmp_path / "c" / "powershell" / "profile.ps1", None,
    ]  # fmt: skip
    assert start_up_file("bash", "user", {}, tmp_path, "darwin") == tmp_path / ".bash_profile"


def test_a_cshrc_is_not_hidden_by_a_new_tcshrc(tmp_path: Path) -> None:
    (tmp_path / ".cshrc").touch()
    assert start_up_file("tcsh", "user", {}, tmp_path, "linux") == tmp_path / ".cshrc"


def test_powershell_gets_what_powershell_reads() -> None:
    assert hook_lines("powershell", ("/it's/xconda",)) == [
        "if (Test-Path '/it''s/xconda') {",
        "    & '/it''s/xconda' shell.powershell hook | Out-String | Invoke-Expression",
        "}",
    ]


def test_a_file_in_utf_16_stays_one(tmp_path: Path) -> None:
    profile = tmp_path / ".config" / "powershell" / "profile.ps1"
    profile.parent.mkdir(parents=True)
    profile.write_bytes("é\r\n".encode("utf-16"))
    done(a_wish(tmp_path, shells=("powershell",)))
    assert "xconda initialize" in profile.read_text("utf-16")
    done(a_wish(tmp_path, shells=("powershell",), reverse=True))
    assert profile.read_bytes() == "é\r\n".encode("utf-16")


def test_a_change_says_what_becomes_of_its_file() -> None:
    states = (None, "a", "b")
    results = {FileChange("x", "y", old, new).result for old in states for new in states}
    assert results == {"created", "modified", "removed", "no change"}
