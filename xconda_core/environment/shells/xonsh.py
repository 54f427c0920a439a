"""How xonsh says it: it is Python with ``$NAME``. Layer: environment. Source: its tutorial."""

import os
from typing import Final

from xconda_core.environment.shells.dialect import Dialect
from xconda_core.regex import regex

_PLAIN: Final = regex(r"[\w@%+=:,./ -]*")


def _word(text: str) -> str:
    """Return ``text`` as one word of a command."""
    return f'"{text}"' if _PLAIN.fullmatch(text) else f"@({text!r})"


XONSH: Final = Dialect(
    name="xonsh",
    script_suffix=".bat" if os.name == "nt" else ".sh",
    export=lambda name, value: f"${name} = {value!r}",
    unset=lambda name: f"try:\n    del ${name}\nexcept KeyError:\n    pass",
    source=lambda script: (
        f"source-{'cmd' if os.name == 'nt' else 'bash'} --suppress-skip-message"
        f"{'' if os.name == 'nt' else ' -n'} {_word(script)}"
    ),
    path=lambda folders: f"$PATH = {os.pathsep.join(folders)!r}",
)
