"""How tcsh and csh say it. Layer: environment. Pure.

Source: tcsh(1), Lexical structure: within single quotes only ``!`` and the end of a line are read,
and a backslash before them takes that away.
"""

from typing import Final

from xconda_core.environment.shells.dialect import Dialect
from xconda_core.environment.windows_paths import to_posix


def quote(text: str) -> str:
    """Return ``text`` as one word of tcsh."""
    inside = text.replace("'", "'\\''").replace("!", "\\!").replace("\n", "\\\n")
    return f"'{inside}'"


CSH: Final = Dialect(
    name="csh",
    script_suffix=".csh",
    export=lambda name, value: f"setenv {name} {quote(value)};",
    unset=lambda name: f"unsetenv {name};",
    source=lambda script: f"source {quote(script)};",
    path=lambda folders: f"setenv PATH {quote(':'.join(folders))};",
    prompt_variable="prompt",
    show_prompt=lambda name, value: f"set {name}={quote(value)};",
    own_paths=to_posix,
)
