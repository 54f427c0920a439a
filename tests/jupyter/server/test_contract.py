"""What is kept of the contract is what the server does, and what the panel believes."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.jupyter.server.contract import SCHEMA
from xconda_jupyter.server.documents import Document
from xconda_jupyter.server.openapi import text

TYPES = Path(__file__).parents[3] / "labextension" / "src" / "api" / "types.ts"
INTERFACE = re.compile(r"export interface I(\w+)(?: extends I(\w+))? \{\n(.*?)\n\}", re.DOTALL)
FIELD = re.compile(r"^  (?:readonly )?(\w+)(\??): (.*?);?$", re.MULTILINE)
# The panel's name where it is another than the server's.
NAMES = {"ExportedFile": "File"}


def test_the_schema_that_is_kept_is_that_of_the_types() -> None:
    assert SCHEMA.read_text() == text()


def interfaces() -> dict[str, tuple[str, dict[str, str]]]:
    """Return name to base and fields of every interface that has a counterpart in the schema."""
    schemas = json.loads(SCHEMA.read_text())["components"]["schemas"]
    found = {}
    for name, base, body in INTERFACE.findall(TYPES.read_text()):
        fields = {field: kind for field, _, kind in FIELD.findall(body)}
        if NAMES.get(name, name) in schemas:
            found[name] = (base, fields)
    return found


@pytest.mark.parametrize("name", interfaces())
def test_the_panel_reads_no_field_that_the_server_does_not_have(name: str) -> None:
    schemas: dict[str, Any] = json.loads(SCHEMA.read_text())["components"]["schemas"]
    _, fields = interfaces()[name]
    properties = schemas[NAMES.get(name, name)]["properties"]
    assert set(fields) <= set(properties)


@pytest.mark.parametrize("name", interfaces())
def test_what_can_be_null_is_so_for_the_panel_too(name: str) -> None:
    schemas: dict[str, Any] = json.loads(SCHEMA.read_text())["components"]["schemas"]
    properties = schemas[NAMES.get(name, name)]["properties"]
    _, fields = interfaces()[name]
    nullable = {field for field in fields if {"type": "null"} in properties[field].get("anyOf", ())}
    assert {field for field, kind in fields.items() if "null" in kind} >= nullable


def test_the_main_documents_are_known_to_the_panel() -> None:
    assert {"Environment", "Package", "Job", "JobSummary", "Plan", "Operation", "Revision"} <= set(
        interfaces()
    )


def test_a_document_with_an_unknown_field_of_a_newer_worker_is_read() -> None:
    class Known(Document, frozen=True, kw_only=True):
        name: str

    assert msgspec.json.decode(b'{"name": "a", "newer": 1}', type=Known).name == "a"
