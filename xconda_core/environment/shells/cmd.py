"""How cmd.exe says it, as a batch file that it calls. Layer: environment. Pure.

Source: ``cmd /?`` and ``set /?``: within ``set "NAME=..."`` a batch file reads percent signs alone.
"""

from typing import Final

from xconda_core.environment.shells.dialect import Dialect


def quote(text: str) -> str:
    """Return ``text`` as it stands in a batch file between quotation marks."""
    return text.replace("%", "%%")


CMD: Final = Dialect(
    name="cmd.exe",
    script_suffix=".bat",
    export=lambda name, value: f'@SET "{name}={quote(value)}"',
    unset=lambda name: f'@SET "{name}="',
    source=lambda script: f'@CALL "{quote(script)}"',
    path=lambda folders: f'@SET "PATH={quote(";".join(folders))}"',
    prompt_variable="PROMPT",
    show_prompt=lambda name, value: f'@SET "{name}={quote(value)}"',
    one_line=True,
)
