"""A document that is no package list, in words. Layer: repodata."""

from typing import ClassVar

from xconda_core.errors import XcondaError


class NotRepodata(XcondaError):
    """A document is not what it should be at its address.

    Attributes:
        url: Where it came from, without credentials.
        reason: What is wrong with it.
    """

    code: ClassVar[str] = "not-repodata"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.what = f"{url} is not the package list of a conda channel."
        self.why = f"{reason}."
        self.fix = "check the channel's address; a proxy or a login page may have answered for it."


class RepodataTooNew(NotRepodata):
    """A document is written in a version that this xconda does not know.

    Attributes:
        version: The version.
    """

    code: ClassVar[str] = "repodata-too-new"

    def __init__(self, url: str, version: object, known: int) -> None:
        super().__init__(url, f"it is of version {version!r}; this xconda reads up to {known}")
        self.version = version
        self.what = f"{url} cannot be read by this xconda."
        self.fix = "update xconda, or leave this channel out."
