"""What is wrong with a file that describes an environment, and where. Layer: environment."""

from typing import ClassVar

from xconda_core.errors import XcondaError


class InvalidEnvironmentFile(XcondaError):
    """A file that describes an environment cannot be used; nothing was changed.

    Attributes:
        origin: Path or address of the file, without credentials.
        line: Line that the problem stands on, from 1; 0 where it is in no line.
        key: Dotted path of the entry, such as ``dependencies.2``; empty: the whole file.
        problem: What is wrong there.
    """

    code: ClassVar[str] = "invalid-environment-file"

    def __init__(self, origin: str, problem: str, *, line: int = 0, key: str = "") -> None:
        super().__init__(origin, problem, line, key)
        self.origin, self.line, self.key, self.problem = origin, line, key, problem
        self.what = f"{origin} cannot be used."
        place = ", ".join(
            part for part in (f"line {line}" if line else "", f"`{key}`" if key else "") if part
        )
        self.why = f"{place}: {problem}." if place else f"{problem}."
        self.fix = "correct the file and run it again; nothing was changed."
