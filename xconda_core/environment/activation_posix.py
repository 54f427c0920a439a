"""Write an activation as a program for a POSIX shell. Layer: environment. Pure."""

from shlex import quote
from typing import Final

from xconda_core.environment.activation_change import ActivationChange
from xconda_core.regex import regex

_IDENTIFIER: Final = regex(r"[A-Za-z_][A-Za-z0-9_]*")


def is_identifier(name: str) -> bool:
    """Whether a shell can hold a variable of that name."""
    return _IDENTIFIER.fullmatch(name) is not None


def variables_program(change: ActivationChange) -> list[str]:
    """Return the commands that unset and export what ``change`` says."""
    gone = [f"unset {name}" for name in change.unset if is_identifier(name)]
    new = [
        f"export {name}={quote(value)}" for name, value in change.set.items() if is_identifier(name)
    ]
    return [*gone, *new]
