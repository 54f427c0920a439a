"""Requests that no run has seen before, made from a seed that is written down with the answer."""

import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import zstandard

ROOT: Final = Path(__file__).parents[2]
PYTHONS: Final = ("", "python=3.10", "python=3.11", "python=3.12", "python>=3.9")


def unseen_requests(channel: Path, seed: int, count: int) -> Mapping[str, Sequence[str]]:
    """Return what :func:`made_requests` makes in a process of its own.

    The memory of a process that is measured is at least that of its parent.
    """
    code = (
        "import json, sys; from pathlib import Path; from tests.benchmarks.unseen import *; "
        "print(json.dumps(made_requests(Path(sys.argv[1]), *map(int, sys.argv[2:]))))"
    )
    command = [sys.executable, "-c", code, str(channel), str(seed), str(count)]
    found: Mapping[str, Sequence[str]] = json.loads(subprocess.check_output(command, cwd=ROOT))
    return found


def made_requests(channel: Path, seed: int, count: int) -> Mapping[str, Sequence[str]]:
    """Return ``count`` requests of one to five packages, half of them with a Python.

    Names are drawn from those that other packages of ``channel`` (unamplified) do not only
    depend on: what people ask for is at the top of the tree as often as inside it.

    Args:
        channel: Folder with ``linux-64`` and ``noarch``.
        seed: The same seed makes the same requests.
        count: How many.
    """
    versions = _versions(channel)
    names = sorted(name for name in versions if not name.startswith("_"))
    draw = random.Random(seed)
    requests = {}
    for number in range(1, count + 1):
        asked = draw.sample(names, draw.choice((1, 1, 2, 3, 5)))
        specs = [_with_version(name, versions[name], draw) for name in asked]
        python = draw.choice(PYTHONS) if draw.random() < 0.6 else ""
        requests[f"unseen {number}"] = [*([python] if python else []), *specs]
    return requests


def _with_version(name: str, versions: Sequence[str], draw: random.Random) -> str:
    """Return ``name``, one time in four with a version that there is."""
    if draw.random() < 0.75:
        return name
    return f"{name}{draw.choice(('>=', '<=', '='))}{draw.choice(versions)}"


def _versions(channel: Path) -> Mapping[str, Sequence[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted(channel.glob("*/repodata.json.zst")):
        if path.parent.name not in {"linux-64", "noarch"}:
            continue
        with path.open("rb") as file:
            document = json.load(zstandard.ZstdDecompressor().stream_reader(file))
        for kind in ("packages", "packages.conda"):
            for record in document.get(kind, {}).values():
                found.setdefault(record["name"], set()).add(record["version"])
    return {name: sorted(found[name]) for name in sorted(found)}
