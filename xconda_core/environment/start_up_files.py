"""Which file a shell reads at its start, and the block of xconda's in it. Layer: environment.

Source: the start-up sections of bash(1), zsh(1), fish(1), tcsh(1), xonsh's and PowerShell's pages.
The block stands between two marks of its own, beside conda's block if there is one; every byte
outside of it belongs to the user. Pure but for whether a file is there.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import ClassVar, Final, Literal

from xconda_core.environment.shells import csh, fish, powershell
from xconda_core.errors import XcondaError

Scope = Literal["user", "system"]
SHELLS: Final = ("bash", "zsh", "fish", "tcsh", "xonsh", "powershell", "cmd.exe")

_BEGIN: Final = "# >>> xconda initialize >>>"
_END: Final = "# <<< xconda initialize <<<"
_NO_NEWLINE: Final = "# The line before this block had no end of its own."
_NEW_FILE: Final = "# This file was made for this block."
_TOLD: Final = "# Managed by `xconda init`; `xconda init --reverse` takes this block out again."


class StartUpFileDamaged(XcondaError):
    """The block in a start-up file has lost one of its ends, so nobody knows what is the user's."""

    code: ClassVar[str] = "start-up-file-damaged"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = f"{path} was not changed."
        self.why = reason
        self.fix = f"look at {path}: take out what `xconda init` once wrote, then run it again."


def start_up_file(
    shell: str,
    scope: Scope,
    environ: Mapping[str, str],
    home: Path,
    platform: str,
    top: Path = Path("/"),
) -> Path | None:
    """Return the file that ``shell`` reads at its start; None where it has none.

    Args:
        shell: One of :data:`SHELLS`.
        scope: Of this user or of everybody.
        environ: The variables that shells look at.
        home: The user's home.
        platform: As in ``sys.platform``.
        top: The root of the file system.
    """
    if scope == "system":
        return _for_everybody(shell, top)
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    login_only = platform in ("darwin", "win32", "cygwin")  # their terminals start login shells
    if shell == "zsh":
        return Path(environ.get("ZDOTDIR") or home) / ".zshrc"
    if shell == "tcsh":  # a new .tcshrc would hide an old .cshrc
        only_csh = (home / ".cshrc").exists() and not (home / ".tcshrc").exists()
        return home / (".cshrc" if only_csh else ".tcshrc")
    if shell == "powershell":
        below = "Documents/PowerShell" if platform == "win32" else "powershell"
        return (home if platform == "win32" else config) / below / "profile.ps1"
    return {
        "bash": home / (".bash_profile" if login_only else ".bashrc"),
        "fish": config / "fish" / "config.fish",
        "xonsh": home / ".xonshrc",
    }.get(shell)


def _for_everybody(shell: str, top: Path) -> Path | None:
    etc = top / "etc"
    return {
        "bash": etc / "profile.d" / "xconda.sh",
        "zsh": etc / ("zsh/zshrc" if (etc / "zsh").is_dir() else "zshrc"),
        "fish": etc / "fish" / "conf.d" / "xconda.fish",
        "tcsh": etc / "csh.cshrc",
        "xonsh": etc / "xonsh" / "xonshrc",
        "powershell": top / "opt/microsoft/powershell/7/profile.ps1",
    }.get(shell)


def hook_lines(shell: str, words: Sequence[str]) -> list[str]:
    """Return what makes ``shell`` know xconda, which ``words`` start; nothing once that is gone."""
    if shell == "fish":
        program = " ".join(map(fish.quote, words))
        start = f"    {program} shell.fish hook | source"
        return [f"if test -x {fish.quote(words[0])}", start, "end"]
    if shell == "tcsh":
        program = " ".join(map(csh.quote, words))
        return [f"if (-x {csh.quote(words[0])}) then", f"    eval \"`{program} shell.tcsh hook`\"",
                "endif"]  # fmt: skip
    if shell == "xonsh":
        program = " ".join(f"@({word!r})" for word in words)
        return [
            f"if __import__('os').access({words[0]!r}, 1):",
            f"    execx($({program} shell.xonsh hook))",
        ]
    if shell == "powershell":
        program = " ".join(map(powershell.quote, words))
        return [
            f"if (Test-Path {powershell.quote(words[0])}) {{",
            f"    & {program} shell.powershell hook | Out-String | Invoke-Expression",
            "}",
        ]
    program = " ".join(map(quote, words))
    start = f'    eval "$({program} shell.{shell} hook)"'
    return [f"if [ -x {quote(words[0])} ]; then", start, "fi"]


def condabin_lines(shell: str, condabin: Path) -> list[str]:
    """Return what puts the folder with nothing but xconda on the PATH of ``shell``."""
    folder = str(condabin)
    if shell == "fish":
        return [
            f"contains -- {fish.quote(folder)} $PATH; or set -gx PATH {fish.quote(folder)} $PATH"
        ]
    if shell == "tcsh":
        return [f'setenv PATH {csh.quote(folder)}":$PATH"']
    if shell == "xonsh":
        return [f"$PATH.insert(0, {folder!r})"]
    if shell == "powershell":
        added = f"{powershell.quote(folder)} + [IO.Path]::PathSeparator"
        return [f"$Env:PATH = {added} + $Env:PATH"]
    return [f'export PATH={quote(folder)}"${{PATH:+:$PATH}}"']


def with_block(text: str | None, lines: Sequence[str], path: Path) -> str:
    """Return ``text`` with a block of ``lines``: in the place of the one it has, or at its end.

    Args:
        text: What the file holds; None where there is no file.
        lines: The block, without its marks.
        path: The file, for what an error says.

    Raises:
        StartUpFileDamaged: it has the beginning of a block without its end.
    """
    before, notes, after, end = _parted(text or "", path)
    if notes is None:
        notes = [_NEW_FILE] if text is None else [_NO_NEWLINE] if _is_cut(before) else []
        before += end if _is_cut(before) else ""
    block = [_BEGIN, _TOLD, *notes, *lines, _END]
    return before + "".join(f"{line}{end}" for line in block) + after


def without_block(text: str, path: Path) -> str | None:
    """Return ``text`` as it was without the block; None where the file was made for it.

    Raises:
        StartUpFileDamaged: it has the beginning of a block without its end.
    """
    before, notes, after, end = _parted(text, path)
    if notes is None:
        return text
    if _NO_NEWLINE in notes and not after:
        before = before.removesuffix(end)
    if _NEW_FILE in notes and not before and not after:
        return None
    return before + after


def has_block(text: str) -> bool:
    """Whether a block of xconda's begins in ``text``."""
    return _BEGIN in text.splitlines()


def _is_cut(text: str) -> bool:
    return bool(text) and not text.endswith("\n")


def _parted(text: str, path: Path) -> tuple[str, list[str] | None, str, str]:
    """Return what is before the block, its notes (None: no block), what is after, how lines end."""
    lines = text.splitlines(keepends=True)
    marks = [line.strip("\r\n") for line in lines]
    begins = [at for at, mark in enumerate(marks) if mark == _BEGIN]
    ends = [at for at, mark in enumerate(marks) if mark == _END]
    if not begins and not ends:
        return text, None, "", "\r\n" if "\r\n" in text else "\n"
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise StartUpFileDamaged(path, "it has not one whole block of xconda's, but parts of some.")
    begin, end = begins[0], ends[0]
    notes = [mark for mark in marks[begin:end] if mark in (_NO_NEWLINE, _NEW_FILE)]
    line_end = lines[begin].removeprefix(_BEGIN)
    return "".join(lines[:begin]), notes, "".join(lines[end + 1 :]), line_end


def autorun_with(value: str, command: str) -> str:
    """Return cmd.exe's AutoRun with ``command`` in it, once."""
    kept = autorun_without(value, command)
    return f"{kept} & {command}" if kept else command


def autorun_without(value: str, command: str) -> str:
    """Return cmd.exe's AutoRun without ``command``; what else it starts stays."""
    parts = [part.strip() for part in value.split(" & ")]
    return " & ".join(part for part in parts if part and part != command)
