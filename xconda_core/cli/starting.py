"""How xconda itself is started again: by the shell's function, by a start-up file. Layer: cli."""

import os
import sys
from pathlib import Path
from typing import Final

MODULE_WORDS: Final = (sys.executable, "-m", "xconda_core")
"""What starts it whichever program there is."""
_NAME = "xconda.exe" if os.name == "nt" else "xconda"


def starting_words(started_as: str | None = None) -> tuple[str, ...]:
    """Return the words that start this xconda from anywhere.

    Args:
        started_as: The program as it was typed; that of this process unless given.
    """
    typed = Path(sys.argv[0] if started_as is None else started_as)
    if is_conda(typed):
        return (str(typed.absolute()),)
    for program in (typed.absolute(), Path(sys.executable).with_name(_NAME)):
        if program.name in (_NAME, "xconda") and program.is_file():
            return (str(program),)
    return MODULE_WORDS


def is_conda(typed: Path | None = None) -> bool:
    """Whether xconda goes by the name of ``conda``: a link of that name leads to it.

    Args:
        typed: The program as it was typed; that of this process unless given.
    """
    program = Path(sys.argv[0]) if typed is None else typed
    return program.stem == "conda" and program.resolve().name in (_NAME, "xconda")
