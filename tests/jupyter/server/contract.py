"""The kept contract of the server, and what holds answers against it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from xconda_jupyter.server.openapi import answer_of
from xconda_jupyter.server.routes import ROUTES

SCHEMA = Path(__file__).parents[3] / "docs" / "server-schema.json"


def check_answer(method: str, path: str, document: Any) -> None:
    """Fail where an answer is not as the kept schema says, or has fields that it does not name."""
    handler = next(each for route, each in ROUTES if re.fullmatch(route, f"/xconda/{path}"))
    kind = answer_of(handler, method.lower())
    assert kind is not None, f"{method} {path} is not in the contract"
    check_document(document, kind.__name__)


def check_document(document: Any, kind: str) -> None:
    """Fail where ``document`` is not a ``kind`` of the kept schema."""
    _validator(kind).validate(document)


@cache
def _validator(kind: str) -> Draft202012Validator:
    contract = json.loads(SCHEMA.read_text())
    for schema in contract["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False  # here; clients take what is new
    return Draft202012Validator({**contract, "$ref": f"#/components/schemas/{kind}"})
