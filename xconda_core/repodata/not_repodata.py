"""What of a document cannot be read here, in words. Layer: repodata. Source: CEP 48."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from xconda_core.errors import XcondaError

LATEST_REVISION: Final = 3  # of repodata
_LONGEST: Final = 500  # characters of a channel's message; it is not to fill the screen


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


def unread_revisions(declared: Any) -> Sequence[tuple[str, str]]:
    """Return the revisions with packages for newer clients only, and why they are left out.

    Args:
        declared: ``info.repodata_revisions`` of a package list; what is none says nothing.
    """
    revisions = declared if isinstance(declared, Mapping) else {}
    return [
        (name, _why(about))
        for name, about in revisions.items()
        if isinstance(name, str)
        and isinstance(about, Mapping)
        and about.get("n_packages") != 0
        and name[:1] == "v"
        and name[1:].isdecimal()
        and int(name[1:]) > LATEST_REVISION
    ]


def _why(about: Mapping[str, Any]) -> str:
    number, message = about.get("n_packages"), about.get("message")
    packages = f"{number} packages" if isinstance(number, int) else "packages"
    why = f"{packages} that only a newer xconda can read"
    words = " ".join(message.split()) if isinstance(message, str) else ""
    said = "".join(filter(str.isprintable, words))[:_LONGEST]
    return f"{why}; the channel says: {said}" if said else why
