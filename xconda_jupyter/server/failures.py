"""Failures as documents, ``{code, what, why, fix, facts}``, and the HTTP status of each."""

from collections.abc import Mapping
from typing import Any, Final

_STATUS: Final[Mapping[str, int]] = {
    "environment-not-found": 404,
    "not-an-environment": 404,
    "job-unknown": 404,
    "revision-unknown": 404,
    "request-not-understood": 400,
    "prefix-not-allowed": 403,
    "channel-not-allowed": 403,
    "environment-not-writable": 403,
    "environment-in-use": 409,
    "notebook-not-allowed": 403,
    "notebook-not-found": 404,
    "notebook-unreadable": 422,
    "worker-died": 500,
    "unexpected": 500,
    "too-many-requests": 429,
}
_REFUSED: Final = 422  # understood and not possible: unsatisfiable, unknown package, frozen ...


class Failed(Exception):
    """What was asked could not be done.

    Attributes:
        document: ``{code, what, why, fix, facts}``, as the command line's ``--json`` has it.
        status: HTTP status code.
    """

    def __init__(self, document: Mapping[str, Any], status: int | None = None) -> None:
        self.document = dict(document)
        code = str(document.get("code", ""))
        self.status = status or _STATUS.get(code, _REFUSED)
        super().__init__(str(document.get("what", code)))


def refused(code: str, what: str, why: str, fix: str, **facts: Any) -> Failed:
    """Return a failure that the server itself found."""
    return Failed({"code": code, "what": what, "why": why, "fix": fix, "facts": facts})
