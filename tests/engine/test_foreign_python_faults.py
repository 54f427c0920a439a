"""Replacing files of pip, and undoing it, with a disk that is full at every file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.pip_world import conda_packages, files_of, pip_install
from tests.engine.session import OpenEngine, Session
from xconda_core import api
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel
from xconda_core.transaction import kept_python


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[str]:
    with serve(a_channel(tmp_path / "served" / "channel", conda_packages())) as server:
        yield server.url


@pytest.fixture
def pip(run: Session) -> Session:
    run("create", "python", "tool")
    pip_install(run.prefix, "greeter", "1.0")
    return run


def own_files(prefix: Path) -> dict[str, bytes]:
    meta = (prefix / "conda-meta").rglob("*")
    kept = {str(path): path.read_bytes() for path in meta if path.is_file()}
    return {**files_of(prefix), **{k: v for k, v in kept.items() if "/lock" not in k}}


def stop_at(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let the link of the file number ``count`` fail, once."""
    real, seen = kept_python._link, [0]

    def link(source: str, target: str) -> None:
        seen[0] += 1
        if seen[0] == count:
            raise OSError(28, "No space left on device", target)
        real(source, target)

    monkeypatch.setattr(kept_python, "_link", link)


@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize("verb", ["install", "undo"])
def test_a_full_disk_at_any_file_leaves_everything_as_it_was(
    pip: Session,
    open_engine: OpenEngine,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    count: int,
) -> None:
    if verb == "undo":
        pip("install", "greeter")
    before = own_files(pip.prefix)
    specs = ("greeter",) if verb == "install" else ()
    plan = pip.plan(verb, *specs)

    with monkeypatch.context() as patch:
        stop_at(patch, count)
        with pytest.raises(api.XcondaError):
            open_engine().execute(plan)
    assert own_files(pip.prefix) == before

    pip(verb, *specs)
    assert own_files(pip.prefix) != before
