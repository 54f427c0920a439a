"""What starting up may cost, in modules: the time belongs to ``make bench``."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source import Module, modules
from xconda_core.testing.simulator import a_channel, a_package

_NEEDED_BY_NONE = {"asyncio", "difflib", "email", "importlib.metadata", "pycosat", "requests"}
_NEEDED_BY_NONE |= {
    "_hashlib",
    "decimal",
    "uuid",
    "rich",
    "ruamel",
    "subprocess",
    "typing_extensions",
    "urllib.request",
}
_ONLY_FOR_SOLVING = {"archspec", "zstandard", "xconda_core.repodata.source"}
_ONLY_FOR_SOLVING |= {"xconda_core.engine.job", "xconda_core.solver.search"}
_ONLY_FOR_CHANGING = {
    f"xconda_core.{name}"
    for name in (
        "engine.execution",
        "engine.undo",
        "environment.activation",
        "net.session",
        "transaction.execute",
        "transaction.fetch",
        "transaction.journal",
        "transaction.link",
    )
}

_BRINGS_LISTS = {
    f"xconda_core.repodata.{name}"
    for name in ("asking", "bringing", "documents", "folder_source", "store_shelf", "turns")
} | {"concurrent.futures", "xconda_core.files.locks"}


@dataclass(frozen=True, slots=True)
class World:
    """A home, an environment in it and a channel, all of them small.

    Attributes:
        environ: The environment variables of a command.
        prefix: The environment.
        channel: Address of the channel.
    """

    environ: Mapping[str, str]
    prefix: Path
    channel: str

    def filled_in(self, words: str) -> list[str]:
        return words.format(prefix=self.prefix, channel=self.channel).split()


def _modules_after(statement: str, environ: Mapping[str, str] | None = None) -> set[str]:
    program = (
        "import os, sys\n"
        "os.execve = lambda *words: sys.exit()\n"  # what `run` ends with
        "try:\n"
        f"    {statement}\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(*sorted(sys.modules), sep='\\n', file=sys.__stderr__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=environ,
    )
    return set(done.stderr.split("\n"))


def _loaded_by(words: Sequence[str], world: World) -> set[str]:
    """Return the modules that a command has loaded when it is over, and has ended well."""
    program = f"from xconda_core.cli.main import main; code = main({[*words]!r}); assert not code"
    return _modules_after(program, world.environ)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("home")
    prefix, channel = home / "env", home / "channel"
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    record = {"name": "stone", "version": "1.0", "build": "0", "build_number": 0, "depends": []}
    packages = {"stone-1.0-0.conda": {**record, "sha256": "0" * 64, "size": 1}}
    for subdir, listed in (("linux-64", packages), ("noarch", {})):
        (channel / subdir).mkdir(parents=True)
        document = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": listed}
        (channel / subdir / "repodata.json").write_text(json.dumps(document))
    environ = {"HOME": str(home), "CONDA_SUBDIR": "linux-64", "PATH": "/usr/bin:/bin"}
    return World(environ, prefix, channel.as_uri())


def test_help_loads_at_most_110_modules(world: World) -> None:
    names = _loaded_by(["--help"], world)
    assert names & (_NEEDED_BY_NONE | _ONLY_FOR_SOLVING | _ONLY_FOR_CHANGING | {"msgspec"}) == set()
    assert len(names) <= 110, f"{len(names)} modules, of which bare Python has {len(_bare())}"


@pytest.mark.parametrize(
    "words", ["list -p {prefix}", "env list", "config --show channels", "run -p {prefix} true"]
)
def test_a_command_that_looks_loads_neither_solver_nor_transaction(
    world: World, words: str
) -> None:
    names = _loaded_by(world.filled_in(words), world)
    activates = {"xconda_core.environment.activation"} if words.startswith("run") else set()
    unneeded = (_NEEDED_BY_NONE | _ONLY_FOR_SOLVING | _ONLY_FOR_CHANGING) - activates
    assert names & unneeded - ({"subprocess"} if activates else set()) == set()
    assert _own(names) <= 122  # four of them look whether a plugin is there (decision 0170)
    assert len(names - _bare()) <= 200


def test_info_looks_at_the_machine_and_at_nothing_else(world: World) -> None:
    names = _loaded_by(["info"], world)
    unneeded = (_NEEDED_BY_NONE | _ONLY_FOR_CHANGING | _ONLY_FOR_SOLVING) - {"archspec"}
    assert names & unneeded - {"subprocess"} == set()  # both are archspec's
    assert _own(names) <= 122  # four of them look whether a plugin is there (decision 0170)


def test_a_dry_run_loads_what_choosing_takes_and_nothing_of_carrying_out(world: World) -> None:
    words = "create --dry-run -p {prefix}2 --override-channels -c {channel} stone"
    for _ in range(2):  # the first one puts the channel in order
        names = _loaded_by(world.filled_in(words), world)
    assert names & (_NEEDED_BY_NONE | _ONLY_FOR_CHANGING | {"archspec"}) == set()
    assert _own(names) <= 184  # the same four, and one for news
    assert len(names - _bare()) <= 262


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("create --dry-run -p {prefix}4", 178),
        ("search", 148),
        ("repoquery search", 152),
        ("repoquery depends", 152),
        ("repoquery whoneeds", 152),
    ],
)
def test_a_list_of_a_folder_that_is_known_is_not_read_nor_what_reads_it_loaded(
    world: World, tmp_path: Path, words: str, most: int
) -> None:
    folder = a_channel(tmp_path / "channel", [a_package("stone")])
    for path in folder.rglob("repodata*"):
        os.utime(path, (1_500_000_000, 1_500_000_000))
    whole = f"{words} --override-channels -c {folder.as_uri()} stone"
    program = (
        "import sys\n"
        "opened = lambda event, words: event == 'open' and said.append(str(words[0]))\n"
        "said = []\n"
        "sys.addaudithook(opened)\n"
        "from xconda_core.cli.main import main\n"
        f"assert main({world.filled_in(whole)!r}) == 0\n"
        f"print(*(each for each in said if {str(folder)!r} in each), *sys.modules)"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-I", "-c", program],
            env=world.environ,
            capture_output=True,
            check=True,
            text=True,
        )
    names = set(done.stdout.splitlines()[-1].split())
    assert [name for name in names if name.startswith(str(folder))] == []
    assert names & (_BRINGS_LISTS | _NEEDED_BY_NONE | {"xconda_core.api", "platform"}) == set()
    assert _own(names) <= most


def test_a_dry_run_compiles_no_names_of_types(world: World) -> None:
    words = "create --dry-run -p {prefix}3 --override-channels -c {channel} stone"
    program = (
        "import builtins\n"
        "whole = builtins.compile\n"
        "def compiled(text, place, mode, *rest, **named):\n"
        "    assert mode != 'eval', text\n"
        "    return whole(text, place, mode, *rest, **named)\n"
        "builtins.compile = compiled\n"
        "from xconda_core.cli.main import main\n"
        f"raise SystemExit(main({world.filled_in(words)!r}))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], env=world.environ, check=False)
    assert done.returncode == 0, "`typing.Union` of a text: the first costs 3 % of a start"


def _own(names: Iterable[str]) -> int:
    return sum(name.startswith("xconda_core") for name in names)


def _bare() -> set[str]:
    return _modules_after("pass")


def test_importing_the_front_door_loads_no_port() -> None:
    names = _modules_after("import xconda_core.api")
    assert {"requests", "rich", "ruamel", "asyncio", "pycosat"} & names == set()


@pytest.mark.parametrize("module", modules("xconda_core"), ids=lambda module: module.path)
def test_values_are_made_with_what_is_quick_to_define(module: Module) -> None:
    slow = [
        node.lineno
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom)
        and (
            node.module == "dataclasses"
            or (node.module == "typing" and any(each.name == "NamedTuple" for each in node.names))
        )
    ]
    assert slow == [], "`from xconda_core.values import dataclass, NamedTuple` (decision 0110)"
