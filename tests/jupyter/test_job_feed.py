"""A job is followed by reading what was appended, whole lines only."""

from pathlib import Path

from xconda_jupyter.kernel.growing_file import open_file
from xconda_jupyter.kernel.job_feed import JobFeed


def test_only_what_is_new_is_returned(tmp_path: Path) -> None:
    feed, log = JobFeed(str(tmp_path)), tmp_path / "events.jsonl"
    assert feed.lines() == []
    log.write_text('{"time": 1}\n{"time": 2}\n')
    assert feed.lines() == [{"time": 1}, {"time": 2}]
    assert feed.lines() == []
    with log.open("a") as file:
        file.write('{"time": 3}\n')
    assert feed.lines() == [{"time": 3}]


def test_a_line_still_being_written_is_waited_for(tmp_path: Path) -> None:
    feed, log = JobFeed(str(tmp_path)), tmp_path / "events.jsonl"
    text = '{"time": 1, "words": "Läuft"}\n'.encode()
    for cut in range(len(text)):
        log.write_bytes(text[:cut])
        assert feed.lines() == []
    log.write_bytes(text)
    assert feed.lines() == [{"time": 1, "words": "Läuft"}]


def test_plan_and_result_are_none_until_they_are_there(tmp_path: Path) -> None:
    feed = JobFeed(str(tmp_path))
    assert (feed.plan(), feed.result()) == (None, None)
    (tmp_path / "plan.json").write_text('{"operations": []}')
    (tmp_path / "result.json").write_text('{"outcome": "succeeded"}')
    assert feed.plan() == {"operations": []}
    assert feed.result() == {"outcome": "succeeded"}


def test_marks_are_files_that_the_worker_looks_for(tmp_path: Path) -> None:
    feed = JobFeed(str(tmp_path))
    feed.confirm()
    feed.cancel()
    feed.cancel()
    assert (tmp_path / "confirmed").exists()
    assert (tmp_path / "cancel").exists()


def test_reading_a_file_that_somebody_else_has_open_does_not_move_its_writer(
    tmp_path: Path,
) -> None:
    with (tmp_path / "log").open("w+b", buffering=0) as file:
        log = open_file(file.fileno())
        file.write(b"one\ntw")
        assert log.lines() == [b"one"]
        file.write(b"o\n")
        assert log.lines() == [b"two"]
    assert (tmp_path / "log").read_bytes() == b"one\ntwo\n"
