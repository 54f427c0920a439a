"""Tiny universes of packages as text, for tests of solvers. Layer: testing.

A line is a candidate::

    numpy 2.0 py312_0 needs python 3.12.* and blas >=3 allows scipy >=1.10

``build`` may be left out (``0``), and so may ``needs`` and ``allows`` (constraints). A number after
the last ``_`` of the build is its build number. ``[track_features]`` at the end of a line gives it
a tracked feature.
"""

import re
from typing import Final

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.memory_index import MemoryIndex

MAIN: Final = "https://example.org/main"
_AND: Final = re.compile(r" and (?![^\[]*\])")  # not the one inside a condition


def record(line: str, channel: str = MAIN) -> PackageRecord:
    """Return the candidate of one line."""
    line, features = line.removesuffix(" [track_features]"), line.endswith(" [track_features]")
    said, _, allows = line.partition(" allows ")
    parts, _, needs = said.partition(" needs ")
    name, version, *build = parts.split()
    build_string = build[0] if build else "0"
    number = build_string.rpartition("_")[2]
    return PackageRecord(
        name=name,
        version=version,
        build=build_string,
        build_number=int(number) if number.isdigit() else 0,
        subdir="linux-64",
        channel=channel,
        fn=f"{name}-{version}-{build_string}.conda",
        depends=tuple(_AND.split(needs)) if needs else (),
        constrains=tuple(_AND.split(allows)) if allows else (),
        track_features=("old",) if features else (),
    )


def records(text: str, channel: str = MAIN) -> list[PackageRecord]:
    """Return the candidates of all lines that are not empty."""
    return [record(line.strip(), channel) for line in text.splitlines() if line.strip()]


def universe(text: str) -> MemoryIndex:
    """Return an index of them, in one channel."""
    return MemoryIndex(records(text), channels=["main"])


def machine(*facts: str) -> tuple[VirtualPackage, ...]:
    """Return facts of a machine, each ``name version`` and perhaps a build."""
    return tuple(VirtualPackage(*fact.split()) for fact in facts)


def specs(*texts: str) -> tuple[MatchSpec, ...]:
    """Return specs."""
    return tuple(MatchSpec.parse(text) for text in texts)
