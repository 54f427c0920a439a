"""How PowerShell says it. Layer: environment. Pure.

Source: about_Quoting_Rules: within single quotes only single quotes are read, the curly ones too.
"""

import os
from typing import Final

from xconda_core.environment.shells.dialect import Dialect

_SINGLE_QUOTES: Final = "'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_LOW_QUOTES: Final = "\N{SINGLE LOW-9 QUOTATION MARK}\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}"


def quote(text: str) -> str:
    """Return ``text`` as one word of PowerShell."""
    for each in _SINGLE_QUOTES + _LOW_QUOTES:
        text = text.replace(each, each + each)
    return f"'{text}'"


POWERSHELL: Final = Dialect(
    name="powershell",
    script_suffix=".ps1",
    export=lambda name, value: f"$Env:{name} = {quote(value)}",
    unset=lambda name: f"$Env:{name} = $null",
    source=lambda script: f". {quote(script)}",
    path=lambda folders: f"$Env:PATH = {quote(os.pathsep.join(folders))}",
)
