"""A failure as the JSON document that ``--json`` answers with. Layer: cli. Pure."""

from collections.abc import Sequence

from xconda_core.config.redaction import redacted
from xconda_core.errors import Json, XcondaError
from xconda_core.values import dataclass


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence of a plugin that helps with an error, and a name for it that stays the same."""

    text: str
    code: str


def error_document(error: XcondaError, hints: Sequence[Hint] = ()) -> dict[str, Json]:
    """Return a failure with conda's keys and xconda's own; ``hints`` are those of plugins."""
    kind = type(error)
    return {
        "success": False,
        "error": str(error),
        "message": error.what,
        "exception_name": kind.__name__,
        "exception_type": f"{kind.__module__}.{kind.__qualname__}",
        "caused_by": redacted(repr(error.__cause__)),
        **error.to_json(),
        **_documents(hints),
    }


def _documents(hints: Sequence[Hint]) -> dict[str, Json]:
    """Return the key of the hints; none where there are none."""
    told: list[Json] = [{"text": each.text, "hint_code": each.code} for each in hints]
    return {"hints": told} if told else {}
