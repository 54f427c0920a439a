"""How bash, zsh, dash and their like say it. Layer: environment. Pure. Source: POSIX, XCU 2."""

from shlex import quote
from typing import Final

from xconda_core.environment.shells.dialect import Dialect
from xconda_core.environment.windows_paths import to_posix

POSIX: Final = Dialect(
    name="posix",
    script_suffix=".sh",
    export=lambda name, value: f"export {name}={quote(value)}",
    unset=lambda name: f"unset {name}",
    source=lambda script: f". {quote(script)}",
    path=lambda folders: f"export PATH={quote(':'.join(folders))}",
    prompt_variable="PS1",
    show_prompt=lambda name, value: f"{name}={quote(value)}",
    own_paths=to_posix,
)
