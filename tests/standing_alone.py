"""Run programs of an environment where everything that it was made from is hidden."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OF_THE_C_LIBRARY = re.compile(r"/(locale|gconv)/|/(ld-linux|lib(c|m|dl|rt|util|pthread|resolv)\b)")
QUESTION = """
import numpy, pandas, ipykernel, ssl, sqlite3, ctypes
import bz2, curses, decimal, lzma, readline, requests, uuid, zlib, zmq, psutil, debugpy
import json, site, sys, sysconfig
assert pandas.DataFrame({"a": [1, 2]})["a"].sum() == 3
assert sqlite3.connect(":memory:").execute("select 1 + 1").fetchone() == (2,)
assert ssl.create_default_context() and ctypes.CDLL(None).getpid() > 0
with open("/proc/self/maps") as maps:
    fields = [line.rstrip("\\n").split(None, 5) for line in maps]
answer = {
    "path": sys.path,
    "mapped": sorted({columns[5] for columns in fields if len(columns) == 6}),
    "prefix": sys.prefix,
    "purelib": sysconfig.get_path("purelib"),
    "scripts": sysconfig.get_path("scripts"),
    "libdir": sysconfig.get_config_var("LIBDIR"),
    "version": sys.version.split()[0],
}
print(json.dumps(answer))
"""


@dataclass(frozen=True, slots=True)
class Alone:
    """An installed environment, and the folders that it must not need."""

    prefix: Path
    hidden: tuple[Path, ...]

    def run(self, *command: str) -> str:
        """Run a command of the environment where the folders are hidden, and return its output."""
        program = shlex.join([str(self.prefix / "bin" / command[0]), *command[1:]])
        hide = [f"mount -t tmpfs none {shlex.quote(str(folder))}" for folder in self.hidden]
        script = " && ".join([*hide, f"exec {program}"])
        answer = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def question(self) -> dict[str, Any]:
        """Import what it has, and return what its Python says of itself."""
        answer: dict[str, Any] = json.loads(self.run("python", "-c", QUESTION))
        return answer

    def expect_nothing_from_outside(self) -> None:
        """See that no mapped file or ``sys.path`` entry is foreign but the system's C library's."""
        answer = self.question()
        prefix = str(self.prefix)
        files = [path for path in answer["mapped"] if path.startswith("/")]
        foreign = [path for path in files if not path.startswith(prefix)]
        assert answer["prefix"] == prefix
        assert [path for path in answer["path"] if path and not path.startswith(prefix)] == []
        assert [path for path in foreign if not OF_THE_C_LIBRARY.search(path)] == []
        assert any("/libssl" in path and path.startswith(prefix) for path in files)
        assert any("/libstdc++" in path and path.startswith(prefix) for path in files)


def can_hide_folders() -> bool:
    command: Sequence[str] = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(command, check=False).returncode == 0
