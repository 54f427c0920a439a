"""Text of strangers before it reaches a terminal: shown, never obeyed. Layer: cli. Pure.

Channels, scripts of packages and names of files may hold escape sequences, which can move the
cursor over what was said, or rename the window.
"""

from typing import Final

_COMMANDS: Final = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"
}


def harmless(text: str) -> str:
    """Return ``text`` with what a terminal would obey spelled out, but for tabs and line ends."""
    return text if text.isprintable() else text.translate(_COMMANDS)
