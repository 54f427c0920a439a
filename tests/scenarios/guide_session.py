"""One bash of a user who has `alias conda=xconda`, and what each line typed into it came to."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Typed:
    """What one line came to.

    Attributes:
        code: Its exit code.
        out, err: What it wrote.
        active: The active environment afterwards, empty for none.
        home: The user's home; the shell is in its folder ``project``.
    """

    code: int
    out: str
    err: str
    active: str
    home: Path

    @property
    def project(self) -> Path:
        return self.home / "project"

    @property
    def condarc(self) -> str:
        path = self.home / ".condarc"
        return path.read_text() if path.is_file() else ""

    def prefix(self, name: str) -> Path:
        return self.project / name if name.startswith("./") else self.home / "envs" / name

    def installed(self, name: str) -> dict[str, str]:
        """Return name and version of every package of an environment, as its records say."""
        paths = (self.prefix(name) / "conda-meta").glob("*.json")
        records = (json.loads(path.read_bytes()) for path in paths)
        return dict(sorted((record["name"], record["version"]) for record in records))

    def document(self) -> Any:
        return json.loads(self.out)


Check = Callable[[Typed], None]


@dataclass(slots=True)
class Shell:
    """A running bash.

    Attributes:
        home: The user's home.
        environ: Variables that it starts with.
    """

    home: Path
    environ: Mapping[str, str]
    _bash: "subprocess.Popen[str]" = field(init=False)

    def __post_init__(self) -> None:
        (self.home / "project").mkdir(parents=True)
        bin_folder = self.home / "bin"
        bin_folder.mkdir()
        launcher = bin_folder / "xconda"
        launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xconda_core "$@"\n')
        launcher.chmod(0o755)
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=self.home / "project",
            env={**self.environ, "HOME": str(self.home), "PATH": f"{bin_folder}:/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.type('shopt -s expand_aliases; eval "$(xconda shell.bash hook)"; alias conda=xconda')

    def type(self, line: str) -> Typed:
        """Type a line and wait until it is done; nobody is there to be asked."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        mark = uuid.uuid4().hex
        out, err = self.home / "stdout", self.home / "stderr"
        end = f'printf "%s\\t%s\\t%s\\n" {mark} "$?" "$CONDA_PREFIX"'
        self._bash.stdin.write(f"{{ {line}\n}} </dev/null >{out} 2>{err}\n{end}\n")
        self._bash.stdin.flush()
        for answer in self._bash.stdout:
            if answer.startswith(mark):
                _, code, active = answer.rstrip("\n").split("\t")
                return Typed(int(code), out.read_text(), err.read_text(), active, self.home)
        raise AssertionError(f"the shell ended at {line!r}")

    def leave(self) -> None:
        assert self._bash.stdin is not None
        self._bash.stdin.close()
        self._bash.wait(30)
