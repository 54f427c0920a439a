"""The shells of this machine, each with the few words a scenario needs. Layer: tests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote as posix_quote

import pytest

from xconda_core.environment.shells import csh, fish

_STARTS = [sys.executable, "-m", "xconda_core"]
CHANGED_BY_SHELLS = {
    "_", "SHLVL", "PWD", "OLDPWD", "BASH_EXECUTION_STRING", "COLUMNS", "LINES", "ARGS", "ARG0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RealShell:
    """One shell.

    Attributes:
        name: Its name, as in ``xconda shell.NAME``.
        words: What starts it with a script; the script's path follows.
        suffix: How the names of its activation scripts end.
    """

    name: str
    words: tuple[str, ...]
    suffix: str

    def quote(self, text: str) -> str:
        """Return ``text`` as one word of this shell."""
        if self.name == "xonsh":
            return f"@({text!r})"
        return {"fish": fish.quote, "tcsh": csh.quote}.get(self.name, posix_quote)(text)

    def hook(self, more: str = "") -> str:
        """Return the line that makes the shell know xconda, as its user writes it."""
        program = " ".join(self.quote(word) for word in _STARTS)
        if self.name == "fish":
            return f"{program} shell.fish hook{more} | source"
        if self.name == "xonsh":
            return f"execx($({program} shell.xonsh hook{more}))"
        if self.name == "tcsh":
            return f'eval "`{program} shell.tcsh hook{more}`"'
        return f'eval "$({program} shell.{self.name} hook{more})"'

    def dump(self, path: Path) -> str:
        """Return the line that writes the exported variables to ``path``."""
        return f"/usr/bin/env -0 > {self.quote(str(path)) if self.name != 'xonsh' else path}"

    def append(self, text: str, path: Path) -> str:
        """Return the line of an activation script that adds a line to ``path``."""
        family = "posix" if self.name == "xonsh" else self.name
        quote = {"fish": fish.quote, "tcsh": csh.quote}.get(family, posix_quote)
        return f"echo {quote(text)} >> {quote(str(path))}\n"


SHELLS = (
    RealShell("bash", ("bash", "--norc"), ".sh"),
    RealShell("zsh", ("zsh", "-f"), ".sh"),
    RealShell("dash", ("dash",), ".sh"),
    RealShell("fish", ("fish", "--no-config"), ".fish"),
    RealShell("tcsh", ("tcsh", "-f"), ".csh"),
    RealShell("xonsh", (sys.executable, "-m", "xonsh", "--no-rc"), ".sh"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """A home whose user has one shell, and environments in ``envs``."""

    folder: Path
    shell: RealShell

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def environment(self, name: str, scripts: bool = False, variables: str = "") -> Path:
        """Make an environment; its scripts say in the log that they ran."""
        prefix = self.folder / "envs" / name
        (prefix / "conda-meta").mkdir(parents=True)
        (prefix / "conda-meta" / "history").touch()
        if variables:
            text = f'{{"version": 1, "env_vars": {variables}}}'
            (prefix / "conda-meta" / "state").write_text(text, encoding="utf-8")
        for verb in ("activate", "deactivate") if scripts else ():
            for each in ("a", "b"):
                path = prefix / "etc" / "conda" / f"{verb}.d" / f"{each}{self.shell.suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self.shell.append(f"{name} {verb} {each}", self.log))
        return prefix

    def runs(self, *lines: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run the lines in the shell, which knows xconda, and return what came of it."""
        script = self.folder / "script"
        script.write_text("\n".join([self.shell.hook(), *lines, ""]), encoding="utf-8")
        (self.folder / ".condarc").write_text(f"envs_dirs: ['{self.folder}/envs']\n{RC}")
        return subprocess.run(
            [*self.shell.words, str(script)],
            env={"HOME": str(self.folder), "PATH": PATH, "LANG": "C.UTF-8", **environ},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def variables(self, *steps: str, **environ: str) -> list[dict[str, str]]:
        """Return the exported variables at the start, and after each of the steps."""
        lines = [self.shell.dump(self.folder / "0")]
        for number, step in enumerate(steps, start=1):
            lines += [step, self.shell.dump(self.folder / str(number))]
        done = self.runs(*lines, **environ)
        complaints = [line for line in done.stderr.splitlines() if "warning: over" not in line]
        assert complaints == []
        return [read_variables(self.folder / str(n)) for n in range(len(steps) + 1)]


PATH = "/usr/local/bin:/usr/bin:/bin"
RC = "auto_activate: no\n"


def read_variables(path: Path) -> dict[str, str]:
    """Return what ``env -0`` wrote, without what shells change by themselves."""
    entries = (os.fsdecode(each).partition("=") for each in path.read_bytes().split(b"\0") if each)
    return {name: value for name, _, value in entries if not _is_shells_own(name)}


def _is_shells_own(name: str) -> bool:
    return name in CHANGED_BY_SHELLS or name.startswith("XONSH")


def require(shell: RealShell, environ: Mapping[str, str]) -> None:
    """Skip where the shell is not installed; in CI it must be."""
    there = shutil.which(shell.words[0]) is not None
    if shell.name == "xonsh":
        words = [sys.executable, "-c", "import xonsh"]
        there = subprocess.run(words, capture_output=True, check=False).returncode == 0
    if not there and environ.get("CI") == "true":
        pytest.fail(f"{shell.name} is not installed")
    if not there:
        pytest.skip(f"{shell.name} is not installed")
