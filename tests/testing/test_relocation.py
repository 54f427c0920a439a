"""An environment made of a repackaged Python stands on its own.

py-rattler solves and installs it from the served channel, so nothing of ours but the packages is
under test; then everything it was made from is hidden, and it runs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import BuildChannel
from tests.standing_alone import Alone, can_hide_folders
from xconda_core.testing import debian_python
from xconda_core.testing.channel_server import serve
from xconda_core.testing.interpreter import Interpreter, probe
from xconda_core.testing.relocation import SYSTEM_PREFIXES

DEBIAN = Path("/usr/bin/python3")
INSTALLER = Path(__file__).with_name("rattler_install.py")
SPECS = ("python", "ipykernel", "numpy", "pandas", "requests", "pip")
pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed environment, alone, and the interpreter that it was made from."""

    alone: Alone
    interpreter: Interpreter

    @property
    def prefix(self) -> Path:
        return self.alone.prefix


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
    hidden = (source, channel, channel_cache, folder / "cache")
    return Environment(Alone(prefix, hidden), interpreter)


def install(channel: Path, specs: Iterable[str], prefix: Path, cache: Path) -> None:
    with serve(channel) as server:
        words = [server.url, str(prefix), str(cache), *specs]
        done = subprocess.run(
            [sys.executable, str(INSTALLER), *words], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr


def test_it_runs_with_nothing_from_outside_but_the_c_library(environment: Environment) -> None:
    # The assertions are those of every environment that must stand on its own.
    environment.alone.expect_nothing_from_outside()
    assert environment.alone.question()["prefix"] == str(environment.prefix)


def test_it_says_that_it_lives_in_the_prefix(environment: Environment) -> None:
    answer = environment.alone.question()
    prefix, interpreter = environment.prefix, environment.interpreter

    assert answer["prefix"] == str(prefix)
    assert answer["version"] == interpreter.version
    assert answer["purelib"] == str(prefix / interpreter.site_packages)
    assert answer["scripts"] == str(prefix / "bin")
    assert answer["libdir"] == str(prefix / "lib")


def test_pip_sees_a_complete_installation_by_conda(environment: Environment) -> None:
    shown = environment.alone.run("pip", "show", "--verbose", "--files", "ipykernel").splitlines()

    assert "Installer: conda" in shown
    assert "  ipykernel/__init__.py" in shown
    assert f"Location: {environment.prefix / environment.interpreter.site_packages}" in shown


def test_commands_run_by_their_entry_points(environment: Environment) -> None:
    assert environment.alone.run("ipython", "--version").strip()
    assert environment.alone.run("f2py", "-v").strip()


def test_the_standard_library_comes_compiled_and_stays_as_it_was_installed(
    environment: Environment,
) -> None:
    stdlib = environment.prefix / "lib" / f"python{environment.interpreter.short_version}"
    before = stdlib_files(stdlib)

    environment.alone.run(
        "python", "-c", "import json, asyncio, email, xml.dom, concurrent.futures"
    )

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
