"""JSON Patch as RFC 6902 has it in its appendix, and its refusals."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.repodata.json_patch import patch


@pytest.mark.parametrize(
    ("document", "operation", "result"),
    [
        ({"a": 1}, {"op": "add", "path": "/b", "value": 2}, {"a": 1, "b": 2}),
        ([1, 3], {"op": "add", "path": "/1", "value": 2}, [1, 2, 3]),
        ([1], {"op": "add", "path": "/-", "value": 2}, [1, 2]),
        ({"a": 1}, {"op": "add", "path": "", "value": 2}, 2),
        ({"a": 1}, {"op": "remove", "path": "/a"}, {}),
        ([1, 2, 3], {"op": "remove", "path": "/1"}, [1, 3]),
        ({"a": {"b": 1}}, {"op": "replace", "path": "/a/b", "value": 2}, {"a": {"b": 2}}),
        ({"a": {"b": 1}, "c": {}}, {"op": "move", "from": "/a/b", "path": "/c/d"},
         {"a": {}, "c": {"d": 1}}),
        ([1, 2, 3], {"op": "move", "from": "/0", "path": "/2"}, [2, 3, 1]),
        ({"a": [1]}, {"op": "copy", "from": "/a", "path": "/b"}, {"a": [1], "b": [1]}),
        ({"a/b": 1, "m~n": 2}, {"op": "replace", "path": "/a~1b", "value": 3},
         {"a/b": 3, "m~n": 2}),
        ({"a/b": 1, "m~n": 2}, {"op": "remove", "path": "/m~0n"}, {"a/b": 1}),
        ({"": 1}, {"op": "test", "path": "/", "value": 1}, {"": 1}),
    ],
)  # fmt: skip
def test_an_operation_changes_what_it_says(document: Any, operation: Any, result: Any) -> None:
    assert patch(document, [operation]) == result


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/b", "value": 1},
        {"op": "add", "path": "/b/c", "value": 1},
        {"op": "add", "path": "/list/3", "value": 1},
        {"op": "add", "path": "/list/01", "value": 1},
        {"op": "remove", "path": "/list/-1"},
        {"op": "add", "path": "/number/x", "value": 1},
        {"op": "add", "path": "a", "value": 1},
        {"op": "test", "path": "/number", "value": 8},
        {"op": "move", "from": "/list", "path": "/list/0"},
        {"op": "remove", "path": ""},
        {"op": "explode", "path": "/number"},
        {"path": "/number"},
        {"op": "add", "path": "/x"},
    ],
)
def test_what_has_no_place_in_the_document_is_refused(operation: Any) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        patch({"number": 7, "list": [1, 2]}, [operation])


@given(st.dictionaries(st.text(), st.integers()), st.dictionaries(st.text(), st.integers()))
def test_what_was_added_key_by_key_is_there(first: dict[str, int], more: dict[str, int]) -> None:
    def pointer(key: str) -> str:
        return "/" + key.replace("~", "~0").replace("/", "~1")

    operations = [{"op": "add", "path": pointer(key), "value": more[key]} for key in more]
    assert patch(json.loads(json.dumps(first)), operations) == {**first, **more}
