"""Where the records of an earlier revision are found again."""

from pathlib import Path

import pytest

from xconda_core.engine.found_records import FoundRecords
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.repodata.memory_index import MemoryIndex


@pytest.mark.parametrize("line", ["foo", "foo-1", "", "c::foo"])
def test_a_damaged_line_of_the_history_is_a_package_that_nobody_knows(
    tmp_path: Path, line: str
) -> None:
    find = FoundRecords(tmp_path, EnvironmentState(prefix=tmp_path), "", lambda: MemoryIndex(()))

    assert find(line) is None
