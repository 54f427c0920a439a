"""The error for a revision that an environment never had. Layer: engine."""

from pathlib import PurePath
from typing import ClassVar

from xconda_core.errors import XcondaError


class RevisionUnknown(XcondaError):
    """The history has no revision of that number."""

    code: ClassVar[str] = "revision-unknown"

    def __init__(self, prefix: PurePath, revision: int, last: int) -> None:
        super().__init__(prefix, revision, last)
        self.prefix, self.revision, self.last = prefix, revision, last
        self.what = f"{prefix} has no revision {revision}."
        self.why = (
            f"its history knows revisions 0 to {last}." if last >= 0 else "it has no history."
        )
        self.fix = "`xconda history` shows what there is."
