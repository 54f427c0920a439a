"""When an environment was made and changed is read from its files, and may be unknown."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from xconda_core.engine.environment_entry import times_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conda-meta").mkdir()
    return tmp_path / "conda-meta"


@pytest.fixture
def in_india() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        yield
    time.tzset()


def test_the_first_revision_says_when_it_was_made(folder: Path, in_india: None) -> None:
    (folder / "history").write_text("==> 2024-05-01 12:00:00 <==\n==> 2025-01-01 00:00:00 <==\n")
    assert times_of(folder.parent)["created"] == "2024-05-01T06:30:00+00:00"


def test_what_conda_wrote_down_counts_before_the_first_revision(folder: Path) -> None:
    (folder / "history").write_text("==> 2024-05-01 12:00:00 <==\n")
    (folder / "created_at").write_text("0.0\n")
    assert times_of(folder.parent)["created"] == "1970-01-01T00:00:00+00:00"


def test_the_history_was_changed_last(folder: Path) -> None:
    (folder / "history").write_text("")
    os.utime(folder / "history", (60, 60))
    assert times_of(folder.parent) == {
        "created": None,
        "last_modified": "1970-01-01T00:01:00+00:00",
    }


@pytest.mark.parametrize("text", ["nan", "1e300", "yesterday", "==> 2024-13-45 99:00:00 <=="])
def test_nonsense_is_nothing_known(folder: Path, text: str) -> None:
    (folder / "created_at").write_text(text)
    (folder / "history").write_text(text)
    assert times_of(folder.parent)["created"] is None


def test_nothing_is_known_of_what_is_not_there(tmp_path: Path) -> None:
    assert times_of(tmp_path) == {"created": None, "last_modified": None}
