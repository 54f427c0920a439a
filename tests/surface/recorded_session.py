"""The session of which conda's documents were recorded, typed again line by line."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xconda_core.in_process import CommandResult, run_command
from xconda_core.testing.simulator import a_channel, a_package

RECORDED: dict[str, Any] = json.loads(
    Path(__file__).with_name("documents.json").read_text(encoding="utf-8")
)
YEAR_2020 = 1_590_000_000_000  # milliseconds since 1970
PACKAGES = (
    a_package("aaa", "1.0", timestamp=YEAR_2020, license="MIT"),
    a_package("aaa", "2.0", timestamp=YEAR_2020, license="MIT"),
    a_package("bbb", "1.0", depends=["aaa"], timestamp=YEAR_2020, license="MIT"),
)
CHANNEL = "--override-channels -c file://{place}/chan"


@dataclass(frozen=True, slots=True)
class Line:
    """One command of the session.

    Attributes:
        name: What the recording calls it.
        words: What is typed.
        exit_code: What it ends with, as conda's does unless ``docs/json.md`` says else.
    """

    name: str
    words: str
    exit_code: int = 0


SESSION = (
    Line("info", "info --json"),
    Line("info --envs", "info --envs --json"),
    Line("create --dry-run", f"create -n t1 --dry-run --json {CHANNEL} bbb"),
    Line("create", f"create -y -n t1 --json {CHANNEL} aaa=1.0"),
    Line("create -q", f"create -y -q -n t1b --json {CHANNEL} aaa=1.0"),
    Line("install", f"install -y -n t1 --json {CHANNEL} bbb"),
    Line("install (already)", f"install -y -n t1 --json {CHANNEL} bbb"),
    Line("install (unknown package)", f"install -y -n t1 --json {CHANNEL} nosuchpkg", 1),
    Line("install (conflict)", f"install -y -n t1 --json {CHANNEL} aaa=1.0 aaa=2.0", 1),
    Line("update --all --dry-run", f"update --all -n t1 --dry-run --json {CHANNEL}"),
    Line("update", f"update -y --all -n t1 --json {CHANNEL}"),
    Line("list", "list -n t1 --json"),
    Line("list --revisions", "list --revisions -n t1 --json"),
    Line("list --explicit", "list --explicit -n t1 --json"),
    Line("list --size", "list --size -n t1 --json"),
    Line("install --revision", f"install -y --revision 0 -n t1 --json {CHANNEL}"),
    Line("search", f"search --json {CHANNEL} aaa"),
    Line("search (missing)", f"search --json {CHANNEL} zzz", 1),
    Line("search --info", f"search --info --json {CHANNEL} bbb"),
    Line("search --envs", "search --envs --json aaa"),
    Line("env list", "env list --json"),
    Line("export", "export -n t1 --json"),
    Line("export --format yaml", "export -n t1 --format environment-yaml"),
    Line("env export", "env export -n t1 --json"),
    Line("config --show", "config --show --json"),
    Line("config --show-sources", "config --show-sources --json"),
    Line("config --describe", "config --describe solver --json"),
    Line("config --get", "config --get channels --json --file {place}/home/x.rc"),
    Line(
        "config --set",
        "config --set auto_update_conda false --json --file {place}/home/x.rc",
    ),
    Line("config --validate", "config --validate --json"),
    Line("env config vars set", "env config vars set -n t1 FOO=1"),
    Line("env config vars list", "env config vars list -n t1 --json"),
    Line("compare", "compare -n t1 --json {place}/cmp.yml", 1),
    Line("clean --dry-run", "clean --all --dry-run --json"),
    Line("notices", f"notices --json {CHANNEL}"),
    Line("plugins list", "plugins list --json"),
    Line("doctor", "doctor -n t1 --json"),
    Line("rename", "rename -n t1b t1c --json"),
    Line("run", "run -n t1 --json env", 2),
    Line("remove --dry-run", "remove -n t1 --dry-run --json aaa"),
    Line("remove", "remove -y -n t1 --json aaa"),
    Line("env create", "env create -y -n t2 --json -f {place}/unreachable.yml", 1),
    Line("env update", "env update -n t2 --json -f {place}/cmp2.yml"),
    Line("env remove", "env remove -y -n t2 --json"),
    Line("remove --all", "remove -y --all -n t1 --json"),
    Line("commands", "commands"),
)


def play(place: Path) -> dict[str, CommandResult]:
    """Type the session in an empty home below ``place``; return what each line came to."""
    a_channel(place / "chan", PACKAGES)
    (place / "home").mkdir()
    files = {
        "cmp.yml": "dependencies:\n- aaa=1.0\n- zzz\n",
        "cmp2.yml": f"channels:\n- file://{place}/chan\n- nodefaults\ndependencies:\n- aaa=1.0\n",
        "unreachable.yml": "channels:\n- http://127.0.0.1:9/far\ndependencies:\n- aaa\n",
    }
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": f"{place}/home",
        "CONDA_ROOT_PREFIX": f"{place}/root",
        "CONDA_ENVS_DIRS": f"{place}/envs",
        "CONDA_PKGS_DIRS": f"{place}/pkgs",
        "CONDA_SUBDIR": "linux-64",
        "CONDA_SOLVER": "xconda",
        "CONDA_CHANNELS": f"file://{place}/chan",
        "CONDA_REMOTE_MAX_RETRIES": "0",
        "NO_PROXY": "127.0.0.1",
    }
    return {
        line.name: run_command(
            *shlex.split(line.words.replace("{place}", str(place))), environ=environ
        )
        for line in SESSION
    }
