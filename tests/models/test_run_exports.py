"""Run exports: what a package asks of those that are built with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.models.run_exports import InvalidRunExports, RunExports

KEYS = ["weak", "strong", "noarch", "weak_constrains", "strong_constrains"]
specs = st.lists(st.sampled_from(["libpng >=1.6,<1.7.0a0", "_openmp_mutex >=4.5"]), min_size=1)


@given(st.dictionaries(st.sampled_from(KEYS), specs))
def test_run_exports_are_written_as_they_were_read(document: dict[str, Json]) -> None:
    assert RunExports.from_json(document).to_json() == document


def test_a_list_is_a_dictionary_with_only_weak() -> None:
    assert RunExports.from_json(["a >=1"]) == RunExports(weak=("a >=1",))


def test_a_package_without_run_exports_is_an_empty_entry() -> None:
    assert RunExports.from_json({}) == RunExports()
    assert RunExports().to_json() == {}


@pytest.mark.parametrize("document", [None, "a", 1, {"weak": "a"}, {"strong": [1]}, [None]])
def test_what_is_no_list_of_specs_is_refused(document: Json) -> None:
    with pytest.raises(InvalidRunExports, match="must be"):
        RunExports.from_json(document)
