"""What an xconda does where a newer one, or a newer conda, has been: nothing it may regret."""

import json
from pathlib import Path

import pytest

from tests.engine.session import OpenEngine, Session
from xconda_core.engine.jobs_store import JobsStore, Owner
from xconda_core.engine.protection import NewerFormat
from xconda_core.environment.newer_formats import newer_file
from xconda_core.environment.revisions import snapshot_path
from xconda_core.transaction.journal import JournalUnreadable
from xconda_core.transaction.kept_python import FORMAT as KEPT_FORMAT
from xconda_core.transaction.kept_python import KeptPythonLost, find_kept


@pytest.fixture
def env(run: Session) -> Session:
    run("create", "lib=1")
    return run


def contents(prefix: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in prefix.rglob("*") if path.is_file()}


def test_a_snapshot_of_a_newer_format_stops_every_change(env: Session) -> None:
    path = env.prefix / snapshot_path(0)
    path.write_text(json.dumps({"format": 2, "revision": 0}))
    before = contents(env.prefix)

    for verb, specs in (("install", ("tool",)), ("remove", ("lib",)), ("undo", ())):
        with pytest.raises(NewerFormat, match="is of format 2; this xconda knows 1"):
            env(verb, *specs)

    assert contents(env.prefix) == before
    assert env.versions == {"lib": "1.0"}


def test_a_state_file_of_a_newer_conda_stops_every_change(env: Session) -> None:
    (env.prefix / "conda-meta" / "state").write_text('{"version": 2, "env_vars": {}}')

    with pytest.raises(NewerFormat, match="conda-meta/state"):
        env("install", "tool")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": "new"}', '{"version": true}'])
def test_a_state_file_that_says_nothing_stops_nothing(env: Session, text: str) -> None:
    (env.prefix / "conda-meta" / "state").write_text(text)

    assert newer_file(env.prefix, 0) is None


def test_an_unfinished_change_of_a_newer_xconda_is_left_to_it(env: Session) -> None:
    work = env.prefix / "conda-meta" / ".xconda" / "transaction" / "work"
    (work / "old").mkdir(parents=True)
    (work / "journal").write_text('{"format": 2, "command": "later", "since": "then"}\n')
    before = contents(env.prefix)

    with pytest.raises(JournalUnreadable, match="format 2"):
        env("install", "tool")

    assert {k: v for k, v in contents(env.prefix).items() if "/lock" not in k} == before


def test_files_that_a_newer_xconda_keeps_are_not_guessed_at(env: Session) -> None:
    folder = env.prefix / "conda-meta" / ".xconda" / "kept" / "1"
    folder.mkdir(parents=True)
    manifest = {"format": KEPT_FORMAT + 1, "packages": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(KeptPythonLost, match="newer xconda"):
        find_kept(env.prefix, "solo", 1)


def test_a_job_of_a_newer_xconda_is_left_out(tmp_path: Path, open_engine: OpenEngine) -> None:
    store = JobsStore(tmp_path / "jobs")
    folder = store.create({"verb": "install"}, Owner.this_process("cli"))
    request = folder.path / "request.json"
    request.write_text(json.dumps({**json.loads(request.read_text()), "format": 2}))

    assert list(store.jobs()) == []
