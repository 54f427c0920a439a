"""How many processors may be used: the machine's, the process's, the container's."""

import os
from pathlib import Path

import pytest

from xconda_core.files.processors import usable_processors


@pytest.fixture
def sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(16)), raising=False)


@pytest.mark.usefixtures("sixteen")
@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("10000 100000\n", 1),
        ("6400000 100000\n", 16),
        ("max 100000\n", 16),
        ("nonsense", 16),
        ("100000 0\n", 16),
    ],
)
def test_the_quota_of_a_container_is_respected(tmp_path: Path, said: str, count: int) -> None:
    (tmp_path / "cpu.max").write_text(said)
    assert usable_processors(tmp_path) == count


@pytest.mark.usefixtures("sixteen")
@pytest.mark.parametrize(("quota", "count"), [("300000", 3), ("-1", 16)])
def test_the_quota_of_an_old_container_is_respected(tmp_path: Path, quota: str, count: int) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000")
    assert usable_processors(tmp_path) == count


@pytest.mark.usefixtures("sixteen")
def test_without_a_quota_the_processors_of_this_process_count(tmp_path: Path) -> None:
    assert usable_processors(tmp_path) == 16


def test_a_system_that_ties_no_process_to_processors_counts_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert usable_processors(tmp_path) == 3
