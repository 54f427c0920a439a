"""An environment made of a repackaged Python stands on its own.

py-rattler solves and installs it from the served channel, so nothing of ours but the packages is
under test; then everything it was made from is hidden, and it runs.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import BuildChannel
from xconda_core.testing import debian_python
from xconda_core.testing.channel_server import serve
from xconda_core.testing.interpreter import Interpreter, probe
from xconda_core.testing.relocation import SYSTEM_PREFIXES

DEBIAN = Path("/usr/bin/python3")
INSTALLER = Path(__file__).with_name("rattler_install.py")
SPECS = ("python", "ipykernel", "numpy", "pandas", "requests", "pip")
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

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed environment, and the folders that it must not need."""

    prefix: Path
    interpreter: Interpreter
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


def can_hide_folders() -> bool:
    command = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(command, check=False).returncode == 0


@pytest.fixture(scope="module", params=["running", "debian"])
def environment(
    request: pytest.FixtureRequest,
    build_channel: BuildChannel,
    channel_cache: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Environment:
    if not can_hide_folders():
        pytest.skip("folders cannot be hidden here (unshare --mount needs root)")
    python = Path(sys.executable)
    if request.param == "debian":
        python = DEBIAN
        if not python.exists() or not debian_python.is_patched(probe(python).stdlib):
            pytest.skip(f"{DEBIAN} is not Debian's")
    folder = tmp_path_factory.mktemp("standalone")
    channel, prefix = build_channel(python), folder / "environment"
    install(channel, SPECS, prefix, folder / "cache")
    interpreter = probe(python)
    is_systems = interpreter.prefix in SYSTEM_PREFIXES
    source = interpreter.stdlib if is_systems else interpreter.prefix
    return Environment(prefix, interpreter, (source, channel, channel_cache, folder / "cache"))


def install(channel: Path, specs: Iterable[str], prefix: Path, cache: Path) -> None:
    with serve(channel) as server:
        words = [server.url, str(prefix), str(cache), *specs]
        done = subprocess.run(
            [sys.executable, str(INSTALLER), *words], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr


def test_it_runs_with_nothing_from_outside_but_the_c_library(environment: Environment) -> None:
    answer = json.loads(environment.run("python", "-c", QUESTION))
    prefix = str(environment.prefix)
    files = [path for path in answer["mapped"] if path.startswith("/")]
    foreign = [path for path in files if not path.startswith(prefix)]

    assert [path for path in answer["path"] if path and not path.startswith(prefix)] == []
    assert [path for path in foreign if not OF_THE_C_LIBRARY.search(path)] == []
    assert any("/libssl" in path and path.startswith(prefix) for path in files)
    assert any("/libstdc++" in path and path.startswith(prefix) for path in files)


def test_it_says_that_it_lives_in_the_prefix(environment: Environment) -> None:
    answer = json.loads(environment.run("python", "-c", QUESTION))
    prefix, interpreter = environment.prefix, environment.interpreter

    assert answer["prefix"] == str(prefix)
    assert answer["version"] == interpreter.version
    assert answer["purelib"] == str(prefix / interpreter.site_packages)
    assert answer["scripts"] == str(prefix / "bin")
    assert answer["libdir"] == str(prefix / "lib")


def test_pip_sees_a_complete_installation_by_conda(environment: Environment) -> None:
    shown = environment.run("pip", "show", "--verbose", "--files", "ipykernel").splitlines()

    assert "Installer: conda" in shown
    assert "  ipykernel/__init__.py" in shown
    assert f"Location: {environment.prefix / environment.interpreter.site_packages}" in shown


def test_commands_run_by_their_entry_points(environment: Environment) -> None:
    assert environment.run("ipython", "--version").strip()
    assert environment.run("f2py", "-v").strip()


def test_the_standard_library_comes_compiled_and_stays_as_it_was_installed(
    environment: Environment,
) -> None:
    stdlib = environment.prefix / "lib" / f"python{environment.interpreter.short_version}"
    before = stdlib_files(stdlib)

    environment.run("python", "-c", "import json, asyncio, email, xml.dom, concurrent.futures")

    assert stdlib_files(stdlib) == before
    assert len([path for path in before if path.suffix == ".pyc"]) > 300


def stdlib_files(stdlib: Path) -> set[Path]:
    return {
        Path(where, name)
        for where, folders, names in os.walk(stdlib)
        for name in names
        if "site-packages" not in where and not name.startswith("_sysconfigdata")
    }


def test_there_is_no_test_suite_and_no_package_in_it(environment: Environment) -> None:
    (record,) = (environment.prefix / "conda-meta").glob("python-3*.json")
    files = [Path(path) for path in json.loads(record.read_bytes())["files"]]
    inside = [path.parts[path.parts.index("site-packages") + 1 :] for path in files
              if "site-packages" in path.parts]  # fmt: skip

    assert inside == [("README.txt",)]
    assert [path for path in files if "test" in path.parts or "tests" in path.parts] == []
