"""Make a copied Python tree independent of where it was copied from. Layer: testing.

Libraries are found relative to the file that needs them; texts carry the placeholder prefix that
every conda client replaces.
"""

import ast
import os
import pprint
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from xconda_core.package_cache.package_writer import PLACEHOLDER
from xconda_core.testing.elf import is_elf, read_dynamic, with_rpath

SYSTEM_PREFIXES: Final = frozenset({Path("/"), Path("/usr"), Path("/usr/local")})
"""Prefixes that a text may also name for another reason, as in ``/usr/bin/install``."""


def regular_files(folder: Path) -> Iterator[Path]:
    """Yield every file under ``folder`` that is no link, in a fixed order."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if not path.is_symlink():
                yield path


def relocate_libraries(tree: Path, program: Path) -> None:
    """Let each ELF file that names a search path look in ``lib`` of its own tree instead.

    ``program`` gets such a path in any case, and of the inherited kind, so that libraries without
    one find theirs there too.

    Raises:
        NoRoom: a file offers no place for the path.
    """
    for path in regular_files(tree):
        content = path.read_bytes()
        if not is_elf(content):
            continue
        dynamic = read_dynamic(content)
        if path == program or dynamic.rpath is not None or dynamic.runpath is not None:
            way = os.path.relpath(tree / "lib", path.parent)
            path.write_bytes(with_rpath(content, "$ORIGIN" if way == "." else f"$ORIGIN/{way}"))


def relocate_texts(tree: Path, prefix: Path, multiarch: str) -> tuple[Path, ...]:
    """Put the placeholder where texts name ``prefix``, and return the files changed.

    Under a system prefix only what certainly means the prefix is changed: first lines of
    scripts, and values of the build configuration that are a path and name no program; there
    ``lib/MULTIARCH``, Debian's folder of libraries, is ``lib`` as well.
    """
    changed = []
    for path in regular_files(tree):
        before = path.read_bytes()
        if b"\0" in before:
            continue
        if prefix not in SYSTEM_PREFIXES:
            after = before.replace(os.fsencode(prefix), PLACEHOLDER.encode())
        elif path.name.startswith("_sysconfigdata"):
            after = _relocated_configuration(before.decode(), prefix, multiarch).encode()
        else:
            after = before
        if path.parent == tree / "bin":
            after = re.sub(rb"\A#! ?/\S*/(?=python)", f"#!{PLACEHOLDER}/bin/".encode(), after)
        if after != before:
            path.write_bytes(after)
            changed.append(path)
    return tuple(changed)


def _relocated_configuration(source: str, prefix: Path, multiarch: str) -> str:
    """Return a ``_sysconfigdata`` module whose paths below ``prefix`` are the placeholder's."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            variables: Mapping[str, object] = ast.literal_eval(node.value)
            moved = {name: _moved(value, prefix, multiarch) for name, value in variables.items()}
            return f"build_time_vars = {pprint.pformat(moved)}\n"
    return source


def _moved(value: object, prefix: Path, multiarch: str) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"/[^\s:]*", value):
        return value
    path = Path(value)
    if not path.is_relative_to(prefix) or path.is_file():
        return value
    parts = [part for part in path.relative_to(prefix).parts if part != multiarch]
    return "/".join((PLACEHOLDER, *parts))
