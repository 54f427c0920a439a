"""What is written with an indentation is what the standard library would write."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.files.json_text import json_text

texts = st.text()
plain = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | texts
documents = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@given(documents)
def test_it_is_indented_as_the_standard_library_does(document: Json) -> None:
    expected = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    assert json_text(document).decode() == expected


@pytest.mark.parametrize("odd", ["name-\udcff", 10**30])
def test_what_only_the_standard_library_can_write_is_written_too(odd: Json) -> None:
    assert json.loads(json_text({"odd": [odd]})) == {"odd": [odd]}
