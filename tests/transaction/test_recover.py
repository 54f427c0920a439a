"""Whoever opens a prefix next finishes or undoes what was interrupted, and says so once."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xconda_core.events import Noticed
from xconda_core.files.locks import locked
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.transaction.journal import (
    Announcement,
    Header,
    Journal,
    JournalRefused,
    JournalUnreadable,
)
from xconda_core.transaction.recover import recover

Bench = Any  # the workbench of conftest.py
Forked = Callable[[Callable[[], object]], int]
HEADER = Header("xconda install x", "2026-11-20T08:00:00+00:00")


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    (tmp_path / "env/conda-meta").mkdir(parents=True)
    (tmp_path / "env/conda-meta/history").write_text("")
    (tmp_path / "env/old").write_text("old")
    return tmp_path / "env"


def interrupted(prefix: Path, *, committed: bool = False) -> None:
    journal = Journal.begin(prefix, HEADER)
    journal.announce(Announcement(moves=("old",), creates=("old", "new")))
    journal.move_aside("old")
    (prefix / "old").write_text("changed")
    (prefix / "new").write_text("new")
    if committed:
        journal.commit()
    journal.close()


def contents(prefix: Path) -> dict[str, str]:
    return {str(p.relative_to(prefix)): p.read_text() for p in prefix.rglob("*") if p.is_file()}


def test_where_nothing_happened_there_is_nothing_to_say(prefix: Path) -> None:
    assert recover(prefix) is None
    assert recover(prefix / "does-not-exist") is None


def test_an_interrupted_change_is_undone_and_told_in_one_sentence(prefix: Path) -> None:
    interrupted(prefix)

    found = recover(prefix)

    assert found is not None
    assert found.action == "undone"
    assert str(found) == (
        "`xconda install x` of 2026-11-20T08:00:00+00:00 was interrupted in "
        f"{prefix}: nothing of it was kept."
    )
    assert contents(prefix) == {"conda-meta/history": "", "old": "old"}
    assert recover(prefix) is None


def test_a_committed_change_is_finished(prefix: Path) -> None:
    interrupted(prefix, committed=True)

    found = recover(prefix)

    assert found is not None
    assert found.action == "finished"
    assert contents(prefix) == {"conda-meta/history": "", "old": "changed", "new": "new"}


def test_a_torn_last_line_announced_nothing(prefix: Path) -> None:
    interrupted(prefix)
    with (prefix / "conda-meta/.xconda/transaction/work/journal").open("a") as file:
        file.write('{"creates": ["conda-meta/hist')

    recover(prefix)

    assert contents(prefix) == {"conda-meta/history": "", "old": "old"}


def test_a_journal_of_a_newer_xconda_is_left_alone(prefix: Path) -> None:
    interrupted(prefix)
    journal = prefix / "conda-meta/.xconda/transaction/work/journal"
    lines = journal.read_text().splitlines(keepends=True)
    lines[0] = json.dumps(json.loads(lines[0]) | {"format": 2}) + "\n"
    journal.write_text("".join(lines))
    before = contents(prefix)

    with pytest.raises(JournalUnreadable, match="update xconda"):
        recover(prefix)

    assert contents(prefix) == before


@pytest.mark.parametrize("path", ["../precious", "link/precious", "lib/../../precious"])
@pytest.mark.parametrize("key", ["creates", "moves"])
def test_a_journal_of_a_stranger_touches_nothing_outside(prefix: Path, path: str, key: str) -> None:
    interrupted(prefix)
    (prefix.parent / "precious").write_text("precious")
    (prefix / "link").symlink_to(prefix.parent)
    with (prefix / "conda-meta/.xconda/transaction/work/journal").open("a") as file:
        file.write(json.dumps({key: [path]}) + "\n")
    before = contents(prefix)

    with pytest.raises(JournalRefused, match="lies outside"):
        recover(prefix)

    assert (prefix.parent / "precious").read_text() == "precious"
    assert contents(prefix) == before


def test_a_transaction_that_is_still_running_is_left_alone(
    prefix: Path, bench: Bench, forked: Forked
) -> None:
    interrupted(prefix)
    before = contents(prefix)
    lock = prefix / "conda-meta/.xconda/transaction/lock"

    with locked(lock, target=prefix, command="work", cancel=bench.cancel):
        code = forked(lambda: None if recover(prefix) is None else 1 / 0)

    assert code == 0
    assert contents(prefix) == before


def test_the_next_transaction_recovers_first_and_says_so(bench: Bench) -> None:
    bench.bring(bench.package("one", "1", PackageFile(path="a", content=b"1")))
    (bench.prefix / "old").write_text("old")
    interrupted(bench.prefix)

    bench.bring(bench.package("two", "1", PackageFile(path="b", content=b"2")))

    assert any("was interrupted" in e.text for e in bench.events if isinstance(e, Noticed))
    assert bench.read("old") == "old"
    assert bench.read("b") == "2"


def test_a_script_that_outlives_a_killed_xconda_keeps_others_out(
    bench: Bench, forked: Forked, faults: Any
) -> None:
    text = "#!/bin/bash\nkill -9 $PPID\nsleep 0.7\ntouch $PREFIX/late\n"
    slow = bench.package(
        "slow", "1", PackageFile(path="bin/.slow-post-link.sh", content=text.encode())
    )
    assert forked(lambda: bench.bring(slow)) == -9

    assert recover(bench.prefix) is None, "the script still works in the prefix"

    while not (bench.prefix / "late").exists():
        pass
    found = None
    while found is None:
        found = recover(bench.prefix)
    assert found.action == "undone"
    assert set(bench.snapshot()) == {"late"}, "what a script made is nobody's"


@pytest.fixture
def in_use(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Files that make room are open in a program, on a disk that keeps them in their folder."""
    real = os.unlink

    def unlink(path: str, **words: Any) -> None:
        if str(path).endswith("0"):
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), path)
        real(path, **words)

    def switch(on: bool) -> None:
        monkeypatch.setattr(os, "unlink", unlink if on else real)

    return switch


def test_a_file_in_use_that_cannot_be_removed_keeps_nobody_from_the_environment(
    prefix: Path, in_use: Callable[[bool], None]
) -> None:
    interrupted(prefix, committed=True)
    in_use(True)
    found = recover(prefix)
    assert found is not None
    assert found.action == "finished"
    assert recover(prefix) is None
    (kept,) = (prefix / "conda-meta/.xconda/trash").rglob("0")
    assert kept.read_text() == "old"

    in_use(False)
    (prefix / "old").write_text("old")
    interrupted(prefix)
    recover(prefix)
    assert contents(prefix) == {"conda-meta/history": "", "old": "old"}


def test_the_trash_of_a_stranger_leads_nowhere(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_text("dear")
    (prefix / "conda-meta/.xconda").mkdir()
    (prefix / "conda-meta/.xconda/trash").symlink_to(tmp_path / "mine")
    interrupted(prefix)
    recover(prefix)
    assert (tmp_path / "mine/file").read_text() == "dear"
