r"""How fish says it. Layer: environment. Pure.

Source: fish's language, section Quotes: in double quotes only ``\``, ``"`` and ``$`` are read.
"""

from typing import Final

from xconda_core.environment.shells.dialect import Dialect
from xconda_core.environment.windows_paths import to_posix


def quote(text: str) -> str:
    """Return ``text`` as one word of fish."""
    for read in '\\"$':
        text = text.replace(read, f"\\{read}")
    return f'"{text}"'


FISH: Final = Dialect(
    name="fish",
    script_suffix=".fish",
    export=lambda name, value: f"set -gx {name} {quote(value)}",
    unset=lambda name: f"set -e {name}",
    source=lambda script: f"source {quote(script)}",
    path=lambda folders: f"set -gx PATH {' '.join(map(quote, folders))}",
    own_paths=to_posix,
)
