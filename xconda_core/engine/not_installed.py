"""The error for questions about a package that is not there. Layer: engine."""

from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.nearest import nearest_words


class NotInstalledThere(XcondaError):
    """A question is about a package that the environment does not have.

    Attributes:
        name: What was asked about.
        prefix: The environment.
        nearest: Installed names that are spelt much like it.
    """

    code: ClassVar[str] = "package-not-installed"

    def __init__(self, name: str, state: EnvironmentState) -> None:
        super().__init__(name, state.prefix)
        self.name, self.prefix = name, state.prefix
        self.nearest = nearest_words(name, state.installed, count=2, cutoff=0.75)
        self.what = f"{name} is not installed."
        self.why = f"no package in {state.prefix} has that name."
        self.fix = f"`xconda list` shows what is there; `xconda search {name}` what there could be."
        if self.nearest:
            self.fix = f"did you mean {' or '.join(self.nearest)}?"
