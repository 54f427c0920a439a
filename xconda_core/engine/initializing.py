"""``init``: make shells know xconda when they start, and take that back. Layer: engine.

A file is replaced in one step, and keeps its permissions, its owner, and the link it is behind.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import ClassVar, Final, Literal

from xconda_core.environment.shells.hook import FOLDER
from xconda_core.environment.start_up_files import (
    SHELLS,
    Scope,
    autorun_with,
    autorun_without,
    condabin_lines,
    has_block,
    hook_lines,
    start_up_file,
    with_block,
    without_block,
)
from xconda_core.errors import XcondaError
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import NotWritable, refusals_named
from xconda_core.values import Slotted, dataclass

_TASK: Final = "change the start of the shell"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
Result = Literal["created", "modified", "removed", "no change"]


class ShellNotHere(XcondaError):
    """A shell has no start-up file on this machine."""

    code: ClassVar[str] = "shell-not-here"

    def __init__(self, shell: str, scope: Scope) -> None:
        super().__init__(shell, scope)
        self.shell, self.scope = shell, scope
        self.what = f"{shell} was not initialized."
        self.why = f"this machine has no start-up file of {shell} for {_WHOSE[scope]}."
        self.fix = "cmd.exe is on Windows only; `xconda init --help` lists the shells."


_WHOSE: Final[Mapping[Scope, str]] = {"user": "one user", "system": "everybody"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(Slotted):
    """What is asked for.

    Attributes:
        shells: Which shells, of :data:`SHELLS`.
        scopes: For this user, for everybody, or both.
        words: What starts xconda.
        condabin: The folder with nothing but xconda.
        environ: Environment variables.
        home: The user's home.
        only_path: Not the function, only the folder on PATH.
        reverse: Take it back.
        top: The root of the file system.
        platform: As in ``sys.platform``.
        base: xconda's own base environment; None where base is another tool's.
    """

    shells: tuple[str, ...]
    scopes: tuple[Scope, ...]
    words: tuple[str, ...]
    condabin: Path
    environ: Mapping[str, str]
    home: Path
    only_path: bool = False
    reverse: bool = False
    top: Path = Path("/")
    platform: str = sys.platform
    base: Path | None = None


@dataclass(frozen=True, slots=True)
class FileChange(Slotted):
    """What becomes of one start-up file.

    Attributes:
        shell: The shell that reads it.
        path: The file; for cmd.exe, the key of the registry.
        before: What it holds; None where there is no such file.
        after: What it is to hold; None where it goes.
    """

    shell: str
    path: str
    before: str | None
    after: str | None

    @property
    def result(self) -> Result:
        """What becomes of it in one word, as ``--json`` has it."""
        if self.before == self.after:
            return "no change"
        if self.before is None:
            return "created"
        return "removed" if self.after is None else "modified"


def plan_initialization(wish: Wish) -> tuple[FileChange, ...]:
    """Return what becomes of every file; nothing is written.

    Raises:
        ShellNotHere: a shell has no start-up file here.
        StartUpFileDamaged: a block has lost one of its ends.
        FileOperationFailed: a file cannot be read.
    """
    changes = [_launcher(wish), *_for_scripts(wish)]
    for scope in wish.scopes:
        for shell in wish.shells:
            if shell == "cmd.exe":
                changes.append(_registry_change(wish, scope))
                continue
            path = start_up_file(shell, scope, wish.environ, wish.home, wish.platform, wish.top)
            if path is None:
                raise ShellNotHere(shell, scope)
            changes.append(_file_change(shell, path, wish))
    return tuple(changes)


def carry_out(changes: Sequence[FileChange]) -> None:
    """Write what :func:`plan_initialization` planned, file by file.

    Raises:
        FileOperationFailed: a file cannot be written; it is as it was.
    """
    for change in changes:
        if change.result == "no change":
            continue
        if change.shell == "cmd.exe" and change.path == _AUTORUN:
            _write_registry(change.after or "")
            continue
        with refusals_named(_TASK, change.path):
            _write(Path(change.path), change.after)


def present_shells(wish: Wish, on_path: Sequence[str]) -> tuple[str, ...]:
    """Return the shells whose program is among ``on_path``, or whose start-up file is there."""
    found = []
    for shell in SHELLS:
        path = start_up_file(shell, "user", wish.environ, wish.home, wish.platform, wish.top)
        if shell in on_path or (path is not None and path.exists()):
            found.append(shell)
    return tuple(found)


def _file_change(shell: str, path: Path, wish: Wish) -> FileChange:
    with refusals_named(_TASK, path):
        before = _text(path.read_bytes()) if path.exists() else None
    if wish.reverse:
        after = None if before is None else without_block(before, path)
    else:
        lines = (
            condabin_lines(shell, wish.condabin)
            if wish.only_path
            else hook_lines(shell, wish.words)
        )
        after = with_block(before, lines, path)
    return FileChange(shell, str(path), before, after)


def _launcher(wish: Wish) -> FileChange:
    """Return the program in condabin; it goes with the last block that may need it."""
    windows = wish.platform == "win32"
    path = wish.condabin / ("xconda.bat" if windows else "xconda")
    text = f'#!/bin/sh\nexec {" ".join(map(quote, wish.words))} "$@"\n'
    if windows:
        text = "".join(
            f"@{line}\r\n"
            for line in (
                f'SET "XCONDA_EXE={wish.words[0]}"',
                f'SET "XCONDA_WORDS={" ".join(wish.words[1:])}"',
                f'"{FOLDER / "xconda.bat"}" %*',  # which `call xconda activate` in a script needs
            )
        )
    return _own_file("xconda", path, text, wish)


def _for_scripts(wish: Wish) -> list[FileChange]:
    """Return what scripts look for below ``conda info --base``, where conda has it."""
    if wish.base is None or wish.platform == "win32":
        return []
    hook = wish.base / "etc" / "profile.d" / "conda.sh"
    words = " ".join(map(quote, wish.words))
    told = f'# Made by `xconda init`: {{}}\neval "$({words} shell.posix hook conda)"\n'
    known = told.format('for `. "$(conda info --base)/etc/profile.d/conda.sh"`.')
    active = told.format("for `source activate NAME`.") + 'conda activate "$@"\n'
    return [
        _own_file("conda", hook, known, wish),
        _own_file("conda", wish.base / "bin" / "activate", active, wish),
    ]


def _own_file(shell: str, path: Path, text: str, wish: Wish) -> FileChange:
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    after = (before if _is_needed(wish) else None) if wish.reverse else text
    return FileChange(shell, str(path), before, after)


def _is_needed(wish: Wish) -> bool:
    """Whether another start-up file of the user has a block of xconda's."""
    others = (shell for shell in SHELLS if shell not in wish.shells or "user" not in wish.scopes)
    for shell in others:
        path = start_up_file(shell, "user", wish.environ, wish.home, wish.platform, wish.top)
        if path is not None and path.is_file() and has_block(_text(path.read_bytes())):
            return True
    return False


def _text(content: bytes) -> str:
    """Return the text of a file so that every byte of it can be written again."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16")
    return content.decode("utf-8", "surrogateescape")


def _write(path: Path, text: str | None) -> None:
    target = path.resolve()
    if text is None:
        target.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.stat() if target.exists() else None
    mode = old.st_mode & 0o7777 if old else 0o777 if text.startswith("#!") else 0o666
    owner = old or target.parent.stat()
    mine = owner.st_uid == os.geteuid()
    if old and not mine and os.geteuid() != 0:
        raise PermissionError(1, "it belongs to another user", str(target))
    was_utf_16 = old is not None and target.read_bytes()[:2] in _UTF_16
    encoded = text.encode("utf-16") if was_utf_16 else text.encode("utf-8", "surrogateescape")
    write_bytes(target, encoded, mode)
    if old:
        target.chmod(mode)  # the umask had a say in the new file
    if not mine and os.geteuid() == 0:
        os.chown(target, owner.st_uid, owner.st_gid)


_AUTORUN: Final = r"HKEY_CURRENT_USER\Software\Microsoft\Command Processor\AutoRun"


def _registry_change(wish: Wish, scope: Scope) -> FileChange:
    if wish.platform != "win32" or scope != "user":
        raise ShellNotHere("cmd.exe", scope)
    words = " ".join([f'"{wish.words[0]}"', *wish.words[1:]])
    command = f'"{FOLDER / "xconda_hook.bat"}" {words}'
    before = _read_registry()
    after = autorun_without(before, command) if wish.reverse else autorun_with(before, command)
    return FileChange("cmd.exe", _AUTORUN, before, after)


def _read_registry() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _AUTORUN.split("\\", 1)[1][:-8]) as key:
                return str(winreg.QueryValueEx(key, "AutoRun")[0])
        except FileNotFoundError:
            return ""
    raise ShellNotHere("cmd.exe", "user")


def _write_registry(value: str) -> None:
    if sys.platform == "win32":
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _AUTORUN.split("\\", 1)[1][:-8]) as key:
            winreg.SetValueEx(key, "AutoRun", 0, winreg.REG_EXPAND_SZ, value)
    else:
        raise NotWritable(_TASK, _AUTORUN, "there is no registry")
