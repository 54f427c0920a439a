"""The jobs store: one folder per job, readable by anybody at any moment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.engine.job_folder import JobFolder, JobsFolderUnusable, LogLine
from xconda_core.engine.jobs_store import JobsStore, JobUnknown, Owner
from xconda_core.events import Event, JobFinished, PhaseStarted


@pytest.fixture
def store(tmp_path: Path) -> JobsStore:
    return JobsStore(tmp_path / "state" / "jobs")


def a_job(store: JobsStore, owner: Owner | None = None) -> JobFolder:
    return store.create({"verb": "install"}, owner or Owner.this_process("cli"))


def append(folder: JobFolder, *events: Event) -> None:
    with folder.events_path.open("a", encoding="utf-8") as file:
        for at, event in enumerate(events):
            file.write(json.dumps(LogLine(float(at), event, None, 0.5, "words").to_json()) + "\n")


def a_dead_process() -> Owner:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    alive = Owner.this_process("kernel")
    return Owner(pid=process.pid, started="1", host=alive.host, kind="kernel")


def test_a_new_job_is_running_and_says_what_was_asked(store: JobsStore) -> None:
    job = store.read(a_job(store))
    assert (job.status, job.request["verb"], job.owner.pid) == ("running", "install", os.getpid())


def test_a_request_is_kept_without_the_credentials_of_its_channels(store: JobsStore) -> None:
    secret = ["https://me:pass@example.org/ch", "https://example.org/t/tk-123/ch"]
    folder = store.create({"channels": [*secret, "conda-forge"]}, Owner.this_process("cli"))
    text = (folder.path / "request.json").read_text()
    assert "pass" not in text
    assert "tk-123" not in text
    assert "conda-forge" in text


def test_only_the_user_may_read_a_job(store: JobsStore) -> None:
    folder = a_job(store)
    assert folder.path.stat().st_mode & 0o077 == 0


def test_the_newest_job_comes_first(store: JobsStore) -> None:
    folders = [a_job(store) for _ in range(3)]
    for number, folder in enumerate(folders):
        folder.path.rename(folder.path.with_name(f"2026010{number}T000000000-abcdef"))
    assert [job.id[:8] for job in store.jobs()] == ["20260102", "20260101", "20260100"]


def test_a_job_whose_process_died_is_interrupted(store: JobsStore) -> None:
    assert store.read(a_job(store, a_dead_process())).status == "interrupted"


def test_a_process_that_took_over_the_number_is_not_the_owner() -> None:
    me = Owner.this_process("cli")
    assert me.is_alive
    assert not Owner(pid=me.pid, started="1", host=me.host, kind="cli").is_alive


def test_a_process_of_another_machine_is_taken_to_be_alive() -> None:
    assert Owner(pid=2**22 + 1, started="1", host="elsewhere", kind="cli").is_alive


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "cancelled"])
def test_a_job_with_a_result_has_its_outcome_even_when_its_process_died(
    store: JobsStore, outcome: str
) -> None:
    folder = a_job(store, a_dead_process())
    folder.write("result.json", {"outcome": outcome})
    assert store.read(folder).status == outcome


def test_the_state_is_the_fold_of_the_log(store: JobsStore) -> None:
    folder = a_job(store)
    append(folder, PhaseStarted("solve"), JobFinished("failed", "No."))
    state = store.read(folder).state
    assert (state.phase, state.words, state.seconds) == ("solve", "No.", 1.0)


def test_a_torn_last_line_is_passed_over(store: JobsStore) -> None:
    folder = a_job(store)
    append(folder, PhaseStarted("solve"))
    whole = folder.events_path.read_bytes()
    for cut in range(1, len(whole)):
        folder.events_path.write_bytes(whole + whole[:cut])
        assert [event for _, event in folder.events()] == [PhaseStarted("solve")]


def test_events_of_a_newer_xconda_and_rubbish_are_passed_over(store: JobsStore) -> None:
    folder = a_job(store)
    append(folder, PhaseStarted("index"))
    with folder.events_path.open("a", encoding="utf-8") as file:
        file.write('{"time": 1, "event": {"event": "Teleported"}}\nrubbish\n[]\n"text"\n\n')
    append(folder, PhaseStarted("solve"))
    assert [event for _, event in folder.events()] == [PhaseStarted("index"), PhaseStarted("solve")]


def test_a_folder_still_being_made_or_of_a_newer_format_is_not_listed(store: JobsStore) -> None:
    known = a_job(store)
    (store.folder / "20990101T000000000-abcdef").mkdir()
    newer = a_job(store)
    newer.write("request.json", {"format": 99})
    assert [job.id for job in store.jobs()] == [known.id]


def test_a_store_nobody_wrote_to_is_empty(store: JobsStore) -> None:
    assert store.jobs() == []


def test_the_name_of_a_job_leads_to_its_folder(store: JobsStore) -> None:
    folder = a_job(store)
    assert store.job(folder.id) == folder


@pytest.mark.parametrize("name", ["nothing", "../jobs", "", ".", "/etc"])
def test_a_name_that_is_no_job_is_said_to_be_unknown(store: JobsStore, name: str) -> None:
    a_job(store)
    with pytest.raises(JobUnknown, match="There is no job"):
        store.job(name)


def test_a_state_folder_that_cannot_be_written_is_said_in_one_paragraph(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file where the folder should be")
    with pytest.raises(JobsFolderUnusable) as caught:
        a_job(JobsStore(tmp_path / "jobs"))
    assert "Nothing was done" in str(caught.value)
    assert str(tmp_path) in caught.value.why


def test_marks_are_seen_by_whoever_looks(store: JobsStore) -> None:
    folder = a_job(store)
    assert (folder.is_cancel_asked, folder.is_confirmed) == (False, False)
    folder.ask_cancel()
    folder.confirm()
    folder.ask_cancel()
    assert (folder.is_cancel_asked, folder.is_confirmed) == (True, True)


def test_pruning_keeps_the_newest_and_whatever_still_runs(store: JobsStore) -> None:
    running = a_job(store)
    dead = a_job(store, a_dead_process())
    newest = a_job(store, a_dead_process())
    for number, folder in enumerate([running, dead, newest]):
        folder.path.rename(folder.path.with_name(f"2026010{number}T000000000-abcdef"))
    store.prune(keep=1)
    assert [job.id[:8] for job in store.jobs()] == ["20260102", "20260100"]


def test_pruning_leaves_what_a_newer_xconda_wrote(store: JobsStore) -> None:
    running, over = a_job(store), a_job(store, a_dead_process())
    for folder in (running, over):
        folder.write("request.json", {"format": 2, "verb": "unheard of"})
    store.prune(keep=0)
    assert running.path.exists()
    assert over.path.exists()


def test_pruning_leaves_a_job_that_is_just_beginning_and_takes_what_is_none(
    store: JobsStore,
) -> None:
    beginning = a_job(store)
    (beginning.path / "request.json").unlink()
    rest = store.folder / "20260101T000000000-abcdef"
    rest.mkdir()
    store.prune(keep=0)
    assert beginning.path.exists()
    assert not rest.exists()
