"""Archives are unpacked by forks as by the process itself; a fork that ends harms nothing."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.transaction.test_fetch import Channel, fetched, filled
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.files.forked import can_fork
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache import archive as archives
from xconda_core.package_cache.archive import Extract, StagedPackage
from xconda_core.package_cache.damage import is_sound
from xconda_core.testing.channel_server import serve
from xconda_core.transaction import unpackers
from xconda_core.transaction.fetch import PackageNotFetched

pytestmark = pytest.mark.skipif(not can_fork(), reason="one processor, or not Linux")
real = archives.stage_beside


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    folder = tmp_path / "channel"
    (folder / "noarch").mkdir(parents=True)
    with serve(folder) as server:
        yield filled(folder, server, 6)


@pytest.fixture
def pkgs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(unpackers, "_BYTES_WORTH_FORKS", 1)
    return tmp_path / "pkgs"


def at(name: str, happens: Callable[[], object]) -> Callable[..., StagedPackage]:
    def stage(
        archive: Path, record: PackageRecord, cancel: CancelToken, extract: Extract | None
    ) -> StagedPackage:
        if record.name == name:
            (archive.parent / f".{record.dist_name}.partial/lib").mkdir(parents=True)
            happens()
        return real(archive, record, cancel, extract)

    return stage


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def no_memory() -> None:
    raise MemoryError


def staged(pkgs: Path) -> list[Path]:
    return list(pkgs.glob(".*.partial"))


def sound(pkgs: Path) -> list[str]:
    complete = [folder.parents[1] for folder in pkgs.glob("*/info/repodata_record.json")]
    return sorted(folder.name for folder in complete if is_sound(folder, digests=True))


def test_forks_unpack_what_one_process_does(
    channel: Channel, pkgs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = os.getpid()
    here: list[int] = []

    def stage(
        archive: Path, record: PackageRecord, cancel: CancelToken, extract: Extract | None
    ) -> StagedPackage:
        here.extend([1] if os.getpid() == mine else [])
        return real(archive, record, cancel, extract)

    monkeypatch.setattr(unpackers, "stage_beside", stage)
    forked = fetched(channel, pkgs)
    assert here == []
    monkeypatch.setattr(unpackers, "_BYTES_WORTH_FORKS", 1 << 60)
    alone = fetched(channel, tmp_path / "alone")
    assert len(here) == 6

    def contents(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    assert forked.keys() == alone.keys()
    assert all(contents(forked[name]) == contents(alone[name]) for name in forked)


@pytest.mark.parametrize("happens", [kill, no_memory])
def test_a_fork_that_is_killed_or_has_no_memory_leaves_nothing_half_done(
    channel: Channel, pkgs: Path, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(unpackers, "stage_beside", at("p3", happens))
        with pytest.raises(PackageNotFetched) as raised:
            fetched(channel, pkgs)

    assert raised.value.package == "p3-1.0-0"
    assert raised.value.cause_code == "unpacking-stopped"
    assert staged(pkgs) == []
    assert "p3-1.0-0" not in sound(pkgs)
    asked = len([path for path in channel.server.requests if "p3-" in str(path)])
    assert len(fetched(channel, pkgs)) == 6
    assert len(sound(pkgs)) == 6
    again = len([path for path in channel.server.requests if "p3-" in str(path)])
    assert again == asked, "what was downloaded is kept"


def test_a_hostile_archive_is_refused_by_a_fork_as_well(channel: Channel, pkgs: Path) -> None:
    pkgs.mkdir()
    wrong, record = channel.folder / "noarch" / channel.records[0].fn, channel.records[0]
    channel.records[0] = PackageRecord.from_json(
        record.to_json() | {"version": "2.0"}, fn=record.fn, url=record.url
    )

    with pytest.raises(PackageNotFetched, match=r"says version '1\.0'") as raised:
        fetched(channel, pkgs)

    assert wrong.exists()
    assert raised.value.cause_code == "archive-refused"
    assert staged(pkgs) == []


def test_who_cancels_while_forks_unpack_leaves_nothing_half_done(
    channel: Channel, pkgs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel, begun = CancelToken(), pkgs / ".p3-1.0-0.partial"
    monkeypatch.setattr(unpackers, "stage_beside", at("p3", lambda: time.sleep(60)))
    started = time.monotonic()

    def stop_once_begun() -> None:
        while not begun.exists():
            time.sleep(0.01)
        cancel.cancel()

    Thread(target=stop_once_begun, daemon=True).start()
    with pytest.raises(Cancelled):
        fetched(channel, pkgs, cancel=cancel)

    assert time.monotonic() - started < 10
    assert staged(pkgs) == []


def test_a_process_that_is_killed_while_its_forks_unpack_leaves_a_sound_cache(
    channel: Channel, pkgs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(unpackers, "stage_beside", at("p3", lambda: time.sleep(0.5)))
        child = os.fork()
        if child == 0:
            fetched(channel, pkgs)
            os._exit(0)
        while not (pkgs / ".p3-1.0-0.partial").exists():
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    assert len(fetched(channel, pkgs)) == 6  # at once: the orphan may still be at work
    assert len(sound(pkgs)) == 6
    for _ in range(500):  # an orphan that had just put its package in place tidies up behind it
        if not staged(pkgs):
            break
        time.sleep(0.01)
    assert staged(pkgs) == []


def test_where_the_system_makes_no_more_processes_this_one_unpacks(
    channel: Channel, pkgs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forks, fork = [0], os.fork

    def one_only() -> int:
        forks[0] += 1
        if forks[0] > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    before = children()
    monkeypatch.setattr(os, "fork", one_only)

    assert len(fetched(channel, pkgs)) == 6
    assert forks == [2]
    assert children() == before, "the one that was made is gone"
    assert len(sound(pkgs)) == 6


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
