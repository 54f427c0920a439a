"""Where a ``noarch: python`` package goes in a given Python, and its commands. Layer: transaction.

Pure. Source: conda's noarch python packages, CEP 17 (``python_site_packages_path``), CEP 20.
"""

import shlex
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.regex import regex
from xconda_core.transaction.python_layout import PythonLayout, minor_version
from xconda_core.values import Slotted, dataclass

_LONGEST_SHEBANG: Final = 127  # with the end of the line, as conda counts it
_MEANT_BY_SHELL: Final = frozenset('"$`\\')
_ENTRY_POINT: Final = regex(
    r"\s*(?P<command>[\w.+-]+)\s*=\s*(?P<module>[\w.]+)\s*:\s*(?P<function>[\w.]+)\s*"
)
_SCRIPT: Final = """\
# -*- coding: utf-8 -*-
import re
from collections.abc import Mapping
import sys

from {module} import {imported}

if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
    sys.exit({function}())
"""


class BadEntryPoint(XcondaError):
    """A package names a command that cannot be made."""

    code: ClassVar[str] = "bad-entry-point"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self.what = "A package was not linked: one of its commands makes no sense."
        self.why = f"an entry point reads `NAME = MODULE:FUNCTION`, not {text!r}."
        self.fix = "tell the channel's owners; leave the package out until it is mended."


@dataclass(frozen=True, slots=True)
class EntryPoint(Slotted):
    """A command that calls a Python function.

    Attributes:
        command: File name of the command.
        module: Dotted name of the module.
        function: Name, perhaps dotted, in the module.
    """

    command: str
    module: str
    function: str


def noarch_path(path: str, layout: PythonLayout) -> str:
    """Return where a file of a ``noarch: python`` package goes, relative to the prefix."""
    if path.startswith("site-packages/"):
        return layout.site_packages + path[len("site-packages") :]
    if path.startswith("python-scripts/"):
        return layout.scripts + path[len("python-scripts") :]
    return path


def pyc_path(path: str, version: str) -> str:
    """Return where Python ``version`` keeps the byte code of the source ``path``."""
    folder, slash, name = path.rpartition("/")
    major, _, minor = minor_version(version).partition(".")
    if major == "2":
        return f"{path}c"
    stem = name.removesuffix(".py")
    return f"{folder}{slash}__pycache__/{stem}.cpython-{major}{minor}.pyc"


def parse_entry_point(text: str) -> EntryPoint:
    """Read ``NAME = MODULE:FUNCTION``.

    Raises:
        BadEntryPoint: it is something else, or the name is no plain file name.
    """
    match = _ENTRY_POINT.fullmatch(text)
    if match is None or match["command"].strip(".") == "":
        raise BadEntryPoint(text)
    return EntryPoint(match["command"], match["module"], match["function"])


def entry_point_script(entry: EntryPoint, python: str) -> str:
    """Return the text of the command, to be run by the interpreter at the absolute path."""
    return shebang_for(python) + windows_entry_point_script(entry)


def windows_entry_point_script(entry: EntryPoint) -> str:
    """Return the text of the command where a launcher knows the interpreter: no first line."""
    imported = entry.function.partition(".")[0]
    return _SCRIPT.format(module=entry.module, imported=imported, function=entry.function)


def shebang_for(python: str) -> str:
    """Return the first line or lines of a command that the interpreter at ``python`` runs.

    Where the kernel could not follow it (blanks, 127 bytes or more) ``sh`` starts the
    interpreter; the lines are Python too: an empty text joined to a longer one.
    """
    line = f"#!{python}\n"
    if " " not in python and len(line.encode()) <= _LONGEST_SHEBANG:
        return line
    # As conda writes it, unless the shell would read more in the path than its letters.
    quoted = shlex.quote(python) if set(python) & _MEANT_BY_SHELL else f'"{python}"'
    return f"#!/bin/sh\n'''exec' {quoted} \"$0\" \"$@\" #'''\n"
