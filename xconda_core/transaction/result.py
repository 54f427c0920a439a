"""What a transaction did, as a value, or why it was not begun. Layer: transaction."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.values import Slotted, dataclass, field


class PlanOutdated(XcondaError):
    """The environment changed after the plan was made."""

    code: ClassVar[str] = "plan-outdated"

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.prefix = prefix
        self.what = f"{prefix} was not changed."
        self.why = "it is no longer as it was when this plan was made: somebody else changed it."
        self.fix = "run the command again; a new plan will be made."


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionResult(Slotted):
    """A prefix is in its new state.

    Attributes:
        prefix: Absolute path of the environment.
        linked: Package name to its new record, in the order in which they were linked.
        unlinked: Package name to the record that left; a changed package is in both.
        clobbered: Path to the name of the package that has it now, where two wanted it.
        messages: What scripts of packages said to the user.
        file_count: Files, links and byte code that were made.
        revision: Number of the revision that the history got; None where nothing changed.
        only_fetched: The package cache was filled, and the prefix is as it was.
    """

    prefix: PurePath
    linked: Mapping[str, PackageRecord] = field(default_factory=dict)
    unlinked: Mapping[str, PrefixRecord] = field(default_factory=dict)
    clobbered: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    file_count: int = 0
    revision: int | None = None
    only_fetched: bool = False
