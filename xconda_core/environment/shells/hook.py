"""What a shell evaluates at its start, so that it knows ``xconda activate``. Layer: environment.

The function itself lies beside this module, one file per family of shells; here is only what
differs from one installation to the next.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import Final

from xconda_core.environment.shells import csh, fish, powershell

FOLDER: Final = Path(__file__).parent


def hook(
    family: str,
    words: Sequence[str],
    condabin: Path | None,
    environment: str | None,
    *,
    also_conda: bool = False,
) -> str:
    """Return the text for a shell of ``family``.

    Args:
        family: Name of a dialect.
        words: What starts xconda.
        condabin: A folder with nothing but xconda, to be put in front of PATH once.
        environment: What is activated where nothing is active yet; None: nothing.
        also_conda: The function is called ``conda``, too.
    """
    text = _HOOKS[family](words, str(condabin) if condabin else "", environment)
    return f"{text.rstrip()}\n{_ALSO_CONDA[family]}\n" if also_conda else text


def _posix(words: Sequence[str], condabin: str, environment: str | None) -> str:
    program = " ".join(map(quote, words))
    lines = [f'__xconda_exe() {{ {program} "$@"; }}']
    if condabin:
        lines.append(
            f'case ":${{PATH-}}:" in *:{quote(condabin)}:*) ;; '
            f'*) \\export PATH={quote(condabin)}"${{PATH:+:$PATH}}" ;; esac'
        )
    lines.append(_text("xconda.sh"))
    if environment:
        chosen = f"xconda activate {quote(environment)}"
        lines.append(f'if [ "${{CONDA_SHLVL:-0}}" -eq 0 ]; then {chosen}; fi\n')
    return "\n".join(lines)


def _fish(words: Sequence[str], condabin: str, environment: str | None) -> str:
    program = " ".join(map(fish.quote, words))
    lines = [f"function __xconda_exe; {program} $argv; end"]
    if condabin:
        there = fish.quote(condabin)
        lines.append(f"contains -- {there} $PATH; or set -gx PATH {there} $PATH")
    lines.append(_text("xconda.fish"))
    if environment:
        chosen = f"xconda activate {fish.quote(environment)}"
        lines.append(f'if test "$CONDA_SHLVL" -eq 0; {chosen}; end\n')
    return "\n".join(lines)


def _csh(words: Sequence[str], condabin: str, environment: str | None) -> str:
    """Return statements parted by ``;``: what a program says comes to tcsh as one line."""
    program = " ".join(map(csh.quote, words))
    script = csh.quote(str(FOLDER / "xconda.csh"))
    lines = [
        f"set _XCONDA_EXE=({program})",
        f"alias xconda {csh.quote(f'source {script}')}",
        "if (! $?CONDA_SHLVL) setenv CONDA_SHLVL 0",
    ]
    if condabin:
        there = csh.quote(condabin)
        lines.append(f'if (":$PATH\\:" !~ *:{there}:*) setenv PATH {there}:"$PATH"')
    if environment:
        # All of this is one line to tcsh, which would not know the alias yet.
        chosen = f"source {script} activate {csh.quote(environment)}"
        lines.append(f'if ("$CONDA_SHLVL" == 0) {chosen}')
    return "".join(f"{line};\n" for line in lines)


def _xonsh(words: Sequence[str], condabin: str, environment: str | None) -> str:
    lines = [f"__xconda_words = {list(words)!r}"]
    if condabin:
        lines.append(f"if {condabin!r} not in $PATH: $PATH.insert(0, {condabin!r})")
    lines.append(_text("xconda.xsh"))
    if environment:
        lines.append(f"if int($CONDA_SHLVL or 0) == 0: __xconda(['activate', {environment!r}])\n")
    return "\n".join(lines)


def _powershell(words: Sequence[str], condabin: str, environment: str | None) -> str:
    more = ", ".join(map(powershell.quote, words[1:]))
    lines = [
        f"$global:XcondaProgram = {powershell.quote(words[0])}",
        f"$global:XcondaWords = @({more})",
    ]
    if condabin:
        there, part = powershell.quote(condabin), powershell.quote(os.pathsep)
        lines.append(
            f"if (-not ($Env:PATH.Split({part}) -contains {there}))"
            f" {{ $Env:PATH = {there} + {part} + $Env:PATH }}"
        )
    lines.append(_text("xconda.ps1"))
    if environment:
        chosen = f"xconda activate {powershell.quote(environment)}"
        lines.append(f"if ($Env:CONDA_SHLVL -eq '0') {{ {chosen} }}\n")
    return "\n".join(lines)


def _cmd(words: Sequence[str], condabin: str, environment: str | None) -> str:
    batch = FOLDER / "xconda.bat"
    lines = [
        f'@SET "XCONDA_EXE={words[0]}"',
        f'@SET "XCONDA_WORDS={" ".join(words[1:])}"',
        f'@DOSKEY xconda=CALL "{batch}" $*',
        '@IF NOT DEFINED CONDA_SHLVL SET "CONDA_SHLVL=0"',
    ]
    if condabin:
        lines.append(f'@IF "%CONDA_SHLVL%"=="0" SET "PATH={condabin};%PATH%"')
    if environment:
        lines.append(f'@IF "%CONDA_SHLVL%"=="0" CALL "{batch}" activate "{environment}"')
    return "".join(f"{line}\n" for line in lines)


_ALSO_CONDA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "posix": 'conda() { xconda "$@"; }',
        "fish": "function conda --wraps xconda; xconda $argv; end",
        "csh": "alias conda xconda;",
        "xonsh": "aliases['conda'] = aliases['xconda']",
        "powershell": "Set-Alias -Scope Global -Name conda -Value xconda",
        "cmd.exe": f'@DOSKEY conda=CALL "{FOLDER / "xconda.bat"}" $*',
    }
)


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


_HOOKS: Final[Mapping[str, Callable[[Sequence[str], str, str | None], str]]] = MappingProxyType(
    {
        "posix": _posix,
        "fish": _fish,
        "csh": _csh,
        "xonsh": _xonsh,
        "powershell": _powershell,
        "cmd.exe": _cmd,
    }
)
