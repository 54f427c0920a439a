"""What a journal says is read back, however it was cut off, and whatever files are called."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from hypothesis import given
from hypothesis import strategies as st

from xconda_core.errors import Json
from xconda_core.transaction.journal_lines import line_of, whole_lines

# Names of files as Python has them: bytes that are no text are lone surrogates.
names = st.binary(min_size=1, max_size=8).map(os.fsdecode)
documents = st.dictionaries(st.sampled_from(["moves", "creates"]), st.lists(names, max_size=3))


@given(st.lists(documents, max_size=4), st.integers(0, 200))
def test_whole_lines_are_read_and_a_torn_one_is_not(said: list[dict[str, Json]], cut: int) -> None:
    lines = [line_of(document) for document in said]
    content = b"".join(lines)[:cut]
    whole, length = 0, 0
    for line in lines:
        length += len(line)
        whole += length <= cut
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        assert whole_lines(file.name) == said[:whole]


def test_a_journal_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert whole_lines(str(tmp_path / "journal")) == []
