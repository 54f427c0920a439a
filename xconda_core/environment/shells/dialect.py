"""What a shell must be able to say, and a change said in it. Layer: environment. Pure."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from xconda_core.environment.activation_change import ActivationChange
from xconda_core.environment.activation_names import new_prompt
from xconda_core.errors import XcondaError
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

_IDENTIFIER = regex(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect(Slotted):
    """A family of shells that speak alike.

    Attributes:
        name: The name of the family, as in ``xconda shell.NAME``.
        script_suffix: How the names of its scripts end.
        export: Says that a variable has a value from now on.
        unset: Says that a variable is gone.
        source: Says that a script is run in this shell.
        path: Says what PATH is, folder by folder.
        prompt_variable: The shell's own variable that holds the prompt; empty where it has none.
        show_prompt: Says what that variable is.
        own_paths: On Windows: what the shell calls a folder there.
        one_line: Values cannot have more than one line.
    """

    name: str
    script_suffix: str
    export: Callable[[str, str], str]
    unset: Callable[[str], str]
    source: Callable[[str], str]
    path: Callable[[Sequence[str]], str]
    prompt_variable: str = ""
    show_prompt: Callable[[str, str], str] | None = None
    own_paths: Callable[[str], str] = str
    one_line: bool = False


class ShellCannotHold(XcondaError):
    """A shell has no way to write a value down."""

    code: ClassVar[str] = "shell-cannot-hold"

    def __init__(self, shell: str, variable: str) -> None:
        super().__init__(shell, variable)
        self.shell, self.variable = shell, variable
        self.what = "The environment was not activated."
        self.why = f"{variable} has more than one line, which {shell} cannot write down."
        self.fix = "use PowerShell, or `xconda run`, which needs no shell."


def program(
    change: ActivationChange, dialect: Dialect, environ: Mapping[str, str], windows: bool = False
) -> str:
    """Return the text that a shell evaluates to carry out ``change``.

    PATH comes first, so that what scripts do to it stays done; names that no shell can hold are
    left out.

    Args:
        change: What changes.
        dialect: The language.
        environ: The variables as they are, with the shell's prompt among them where it has one.
        windows: Folders are written as on Windows, and the shell may call them otherwise.

    Raises:
        ShellCannotHold: there is no way to say it.
    """
    own: Callable[[str], str] = dialect.own_paths if windows else str
    values = {name: value for name, value in change.set.items() if is_identifier(name)}
    for name, value in values.items():
        if dialect.one_line and ("\n" in value or "\r" in value):
            raise ShellCannotHold(dialect.name, name)
    path = values.pop("PATH", None)
    lines = []
    if path is not None:
        # To Windows an empty entry says nothing; to a POSIX shell it would be the working folder.
        folders = [each for each in path.split(os.pathsep) if each or not windows]
        lines.append(dialect.path([own(each) for each in folders]))
    lines += [dialect.source(own(str(script))) for script in change.deactivate_scripts]
    lines += [dialect.unset(name) for name in change.unset if is_identifier(name)]
    lines += [dialect.export(name, value) for name, value in values.items()]
    shown = prompt_after(change, dialect, environ)
    if shown is not None and dialect.show_prompt:
        lines.append(dialect.show_prompt(dialect.prompt_variable, shown))
    lines += [dialect.source(own(str(script))) for script in change.activate_scripts]
    return "".join(f"{line}\n" for line in lines)


def prompt_after(
    change: ActivationChange, dialect: Dialect, environ: Mapping[str, str]
) -> str | None:
    """Return the prompt after ``change``; None where the shell has none or it stays as it is."""
    current = environ.get(dialect.prompt_variable, "")
    modifier = "CONDA_PROMPT_MODIFIER"
    if not current or (modifier not in change.set and modifier not in change.unset):
        return None
    shown = new_prompt(current, environ.get(modifier, ""), change.set.get(modifier, ""))
    return None if shown == current else shown


def is_identifier(name: str) -> bool:
    """Whether every shell can hold a variable of that name."""
    return _IDENTIFIER.fullmatch(name) is not None
