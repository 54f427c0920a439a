"""A channel of the size of an everyday environment, the same each time it is made."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from xconda_core.package_cache.package_writer import PLACEHOLDER, PackageFile
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

WORDS = ("value", "index", "table", "channel", "prefix", "record", "order", "lamp", "shelf")
SHARE_WITH_PREFIX = 0.02  # of the files of real environments


def environment_channel(folder: Path, packages: int, files: int, seed: int = 1) -> Path:
    """Write ``packages`` packages with about ``files`` files, and one named ``all`` that needs all.

    One is Python, which is the one that runs this and so compiles; of the rest two thirds are
    ``noarch: python``, all of one size but the first ten, which have half of the files.
    """
    chance = random.Random(seed)
    names = [f"package-{number:02}" for number in range(packages - 2)]
    made = [_python(), *_packages(names, files, chance)]
    made.append(a_package("all", depends=["python", *names], files={}))
    return a_channel(folder, made)


def _packages(names: list[str], files: int, chance: random.Random) -> Iterator[SimulatedPackage]:
    for number, name in enumerate(names):
        large = number < 10
        count = files // 2 // 10 if large else files // 2 // max(1, len(names) - 10)
        is_python = number % 3 > 0
        start = "site-packages" if is_python else "lib"
        contents = {
            f"{start}/{name.replace('-', '_')}/part{i // 40}/module{i}.py": _text(chance)
            for i in range(count)
        }
        yield a_package(
            name,
            depends=["python"],
            noarch="python" if is_python else None,
            subdir="noarch" if is_python else "linux-64",
            files=contents,
            entry_points=[f"{name} = {name.replace('-', '_')}:main"] if is_python else [],
        )


def _text(chance: random.Random) -> bytes:
    """Return a source of some kilobytes that compiles and does not compress to nothing."""
    lines = int(chance.lognormvariate(3.7, 1.0))
    head = f"# {PLACEHOLDER}\n" if chance.random() < SHARE_WITH_PREFIX else ""
    body = "".join(
        f"{chance.choice(WORDS)}_{chance.getrandbits(20):x} = {chance.getrandbits(64)}\n"
        for _ in range(lines)
    )
    return (head + body).encode()


def _python() -> SimulatedPackage:
    version = ".".join(map(str, sys.version_info[:3]))
    minor = ".".join(version.split(".")[:2])
    text = f'#!/bin/sh\nexec {sys.executable} "$@"\n'.encode()
    files = [
        PackageFile(path=f"bin/python{minor}", content=text, executable=True),
        PackageFile(path="bin/python", link_target=f"python{minor}"),
    ]
    return a_package("python", version, subdir="linux-64", files=files)
