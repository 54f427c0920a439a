"""The error for a plan that was made for another state of its environment. Layer: transaction."""

from typing import ClassVar

from xconda_core.errors import XcondaError


class PlanOutdated(XcondaError):
    """The environment changed after the plan was made."""

    code: ClassVar[str] = "plan-outdated"

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = f"{prefix} was not changed."
        self.why = "it is no longer as it was when this plan was made: somebody else changed it."
        self.fix = "run the command again; a new plan will be made."
