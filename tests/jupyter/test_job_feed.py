"""A job is followed by reading what was appended, whole lines only."""

from pathlib import Path

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
