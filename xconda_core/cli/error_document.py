"""A failure as the JSON document that ``--json`` answers with. Layer: cli. Pure.

Readers of conda's documents find their keys: those of every error, and those that
``PackagesNotFoundError`` and ``CondaHTTPError`` have besides.
"""

from collections.abc import Mapping, Sequence

from xconda_core.config.redaction import redacted
from xconda_core.errors import Json, XcondaError
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class Hint(Slotted):
    """A sentence of a plugin that helps with an error, and a name for it that stays the same."""

    text: str
    code: str


def error_document(error: XcondaError, hints: Sequence[Hint] = ()) -> dict[str, Json]:
    """Return a failure with conda's keys and xconda's own; ``hints`` are those of plugins."""
    kind, said = type(error), error.to_json()
    facts = said["facts"]
    return {
        "success": False,
        "error": str(error),
        "message": error.what,
        "exception_name": kind.__name__,
        "exception_type": f"{kind.__module__}.{kind.__qualname__}",
        "caused_by": redacted(repr(error.__cause__)),
        **(_as_conda_says(error.code, facts) if isinstance(facts, dict) else {}),
        **said,
        **_documents(hints),
    }


def _documents(hints: Sequence[Hint]) -> dict[str, Json]:
    """Return the key of the hints; none where there are none."""
    told: list[Json] = [{"text": each.text, "hint_code": each.code} for each in hints]
    return {"hints": told} if told else {}


def _as_conda_says(code: str, facts: Mapping[str, Json]) -> dict[str, Json]:
    """Return what conda's documents of such a failure have besides; what nobody knows is empty."""
    match code:
        case "package-not-found":
            packages, channels = _specs(facts), _texts(facts.get("channels"))
            return {
                "packages": [*packages],
                "packages_formatted": _lines(packages),
                "channel_urls": [*channels],
                "channels_formatted": _lines(channels),
            }
        case "http-refused" | "network-failed":
            status = facts.get("status")
            return {
                "url": facts.get("url"),
                "status_code": status or "000",
                "reason": _reason(status),
                "elapsed_time": "-",
                "response_details": "",
                "json": {},
            }
    return {}


def _specs(facts: Mapping[str, Json]) -> list[str]:
    missing = facts.get("missing")
    described = missing if isinstance(missing, list) else [{"spec": facts.get("spec")}]
    return [str(each["spec"]) for each in described if isinstance(each, dict)]


def _texts(value: Json) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(f"  - {text}" for text in texts)


def _reason(status: Json) -> str:
    from http.client import responses  # only a failure pays for it

    return responses.get(status, "") if isinstance(status, int) else "CONNECTION FAILED"
