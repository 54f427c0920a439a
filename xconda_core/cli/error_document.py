"""A failure as the JSON document that ``--json`` answers with. Layer: cli. Pure."""

from xconda_core.config.redaction import redacted
from xconda_core.errors import Json, XcondaError


def error_document(error: XcondaError) -> dict[str, Json]:
    """Return a failure with conda's keys and xconda's own."""
    kind = type(error)
    return {
        "success": False,
        "error": str(error),
        "message": error.what,
        "exception_name": kind.__name__,
        "exception_type": f"{kind.__module__}.{kind.__qualname__}",
        "caused_by": redacted(repr(error.__cause__)),
        **error.to_json(),
    }
