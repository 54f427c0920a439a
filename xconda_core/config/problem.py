"""What is wrong with a configuration, all of it at once. Layer: config."""

from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Problem(Slotted):
    """One fault.

    Attributes:
        origin: Path of the file, name of the environment variable, or ``command line``.
        line: Line in the file, counted from 1; 0 where there are no lines.
        key: Name of the setting as it stands there; empty for the file as a whole.
        message: What is wrong, in one sentence.
    """

    origin: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.origin}, line {self.line}" if self.line else self.origin
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class InvalidConfiguration(XcondaError):
    """One or more settings cannot be read."""

    code: ClassVar[str] = "invalid-configuration"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems
        count = "one setting" if len(problems) == 1 else f"{len(problems)} settings"
        self.what = f"Nothing was done: {count} of the configuration cannot be read."
        self.why = "\n       ".join(str(problem) for problem in problems)
        self.fix = "correct it there, or take that line or variable away."
