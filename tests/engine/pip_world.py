"""An environment in which conda and pip have both installed things, without either running."""

import csv
from collections.abc import Mapping
from pathlib import Path

from xconda_core.testing.simulator import SimulatedPackage, a_package

SITE = "lib/python3.12/site-packages"


def a_project(name: str, version: str, text: str = "") -> dict[str, bytes]:
    """Return the files of a Python project as a wheel of it would have them."""
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nA description.\n"
    module = name.replace("-", "_")
    return {
        f"{SITE}/{module}/__init__.py": (text or f"version = {version!r}\n").encode(),
        f"{SITE}/{module}-{version}.dist-info/METADATA": metadata.encode(),
    }


def conda_packages() -> list[SimulatedPackage]:
    """Return what the channel has: two projects, and what needs one of them."""
    return [
        a_package("python", "3.12.1"),
        a_package("greeter", "2.0", depends=["python"], files=a_project("greeter", "2.0")),
        a_package("host", "1.0", depends=["greeter >=1"]),
        a_package("tool", "1.0"),
    ]


def pip_install(
    prefix: Path, name: str, version: str, extra: Mapping[str, bytes] | None = None
) -> None:
    """Do to ``prefix`` what pip does: files, byte code, and a RECORD of them."""
    module = name.replace("-", "_")
    info = f"{SITE}/{module}-{version}.dist-info"
    files = {
        **a_project(name, version, text=f"version = '{version} of pip'\n"),
        f"{SITE}/{module}/__pycache__/__init__.cpython-312.pyc": b"compiled",
        f"bin/{module}": b"#!/bin/sh\n",
        f"{info}/INSTALLER": b"pip\n",
        **(extra or {}),
    }
    for path, content in files.items():
        place = prefix / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    with (prefix / info / "RECORD").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        for path in [*files, f"{info}/RECORD"]:
            inside = path.removeprefix(f"{SITE}/")
            rows.writerow([inside if inside != path else f"../../../{path}", "", ""])


def files_of(prefix: Path) -> dict[str, bytes]:
    """Return every file outside ``conda-meta``, with its content."""
    return {
        str(path.relative_to(prefix)): path.read_bytes()
        for path in sorted(prefix.rglob("*"))
        if path.is_file() and "conda-meta" not in path.parts
    }
