"""Does an environment meet what blocks in a notebook's code ask for? Layer: engine.

Looked up in what is installed; nothing is solved and nobody is asked.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from xconda_core.environment.formats.script_blocks import ScriptBlock, script_blocks
from xconda_core.errors import Json, XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.values import Slotted, dataclass

_DIST_INFO: Final = "lib/python3*/site-packages/*.dist-info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Slotted):
    """One requirement of a notebook.

    Attributes:
        kind: ``script`` or ``conda-script``: the block that asks.
        text: The requirement as it is written, or what cannot be read.
        is_met: The environment has it; None: that cannot be said.
        found: What is there in its place, empty for nothing.
        fix: What to install, empty where nothing can be offered.
    """

    kind: str
    text: str
    is_met: bool | None
    found: str = ""
    fix: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return it as a document."""
        return {
            "kind": self.kind,
            "text": self.text,
            "is_met": self.is_met,
            "found": self.found,
            "fix": self.fix,
        }


def code_cells(notebook: Path) -> tuple[str, ...]:
    """Return the code of a notebook's cells, nothing where it cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = [each["source"] for each in cells if each["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple("".join(text) if isinstance(text, list) else str(text) for text in sources)


def requirements_of(
    sources: Iterable[str], prefix: Path, installed: Mapping[str, PackageRecord]
) -> tuple[Wanted, ...]:
    """Return what the blocks in ``sources`` ask for, each with whether it is met.

    Args:
        sources: Pieces of code, for example the cells of a notebook.
        prefix: The environment.
        installed: Its conda packages, by name.
    """
    python = _distributions(prefix)
    found: list[Wanted] = []
    for block in script_blocks(sources):
        if block.problem:
            found.append(Wanted(kind=block.kind, text=block.problem, is_met=None))
        found += (_conda(block.kind, text, installed) for text in block.conda)
        found += _python(block, installed)
        found += _pip(block, python)
        found += (
            Wanted(kind=block.kind, text=f"{name} (under a condition)", is_met=None)
            for name in block.conditional
        )
    return tuple(found)


def _conda(kind: str, text: str, installed: Mapping[str, PackageRecord]) -> Wanted:
    try:
        spec = MatchSpec.parse(text)
    except XcondaError:
        return Wanted(kind=kind, text=text, is_met=None)
    record = installed.get(spec.name)
    return Wanted(
        kind=kind,
        text=text,
        is_met=record is not None and spec.matches(record),
        found=f"{record.name} {record.version}" if record else "",
        fix=text,
    )


def _python(block: ScriptBlock, installed: Mapping[str, PackageRecord]) -> Iterator[Wanted]:
    if not block.requires_python:
        return
    record = installed.get("python")
    try:
        wanted = SpecifierSet(block.requires_python)
        is_met = bool(record) and wanted.contains(Version(record.version)) if record else False
    except (InvalidSpecifier, InvalidVersion):
        is_met = None
    yield Wanted(
        kind=block.kind,
        text=f"python {block.requires_python}",
        is_met=is_met,
        found=f"python {record.version}" if record else "",
    )


def _pip(block: ScriptBlock, python: Mapping[str, str]) -> Iterator[Wanted]:
    for text in block.pip:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            yield Wanted(kind=block.kind, text=text, is_met=None)
            continue
        if wanted.marker and not wanted.marker.evaluate():
            continue
        version = python.get(canonicalize_name(wanted.name), "")
        yield Wanted(
            kind=block.kind,
            text=text,
            is_met=bool(version) and wanted.specifier.contains(version, prereleases=True),
            found=f"{wanted.name} {version}" if version else "",
            fix=wanted.name + str(wanted.specifier),
        )


def _distributions(prefix: Path) -> dict[str, str]:
    """Return name to version of every Python project in the environment, whoever installed it."""
    found = (path.name.removesuffix(".dist-info") for path in prefix.glob(_DIST_INFO))
    parts = (name.rpartition("-") for name in found)
    return {canonicalize_name(name): version for name, _, version in parts if name}
