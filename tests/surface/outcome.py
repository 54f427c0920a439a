"""What a run left behind, and the ways to look at it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the command line.

    Attributes:
        exit_code: Its exit code.
        stdout: The answer.
        stderr: What accompanies it.
        asked: Paths that the servers were asked for, in order.
        environments: Name of each environment to name and version of what is installed there.
        condarc: What the user's own file of settings says.
        files: Path below the home to size and number of links, of every file.
    """

    exit_code: int
    stdout: str
    stderr: str
    asked: tuple[str, ...]
    environments: Mapping[str, Mapping[str, str]]
    condarc: str = ""
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    @property
    def document(self) -> Any:
        """What standard output says as JSON; None where it is none."""
        try:
            return json.loads(self.stdout)
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """Everything that a person reads."""
        return self.stdout + self.stderr
