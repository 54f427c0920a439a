"""Packages are brought by HTTP, verified, unpacked, and shared between processes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Timer

import pytest

from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.events import DownloadAdvanced, Event, Noticed, PackageExtracted, PhaseStarted
from xconda_core.files.space import TooLittleSpace
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.connection import Connection
from xconda_core.net.session import RequestsFetcher
from xconda_core.package_cache.archive import Extract, StagedPackage, stage_beside
from xconda_core.package_cache.cache import PackageCache
from xconda_core.package_cache.damage import is_sound
from xconda_core.package_cache.package_writer import PackageFile, PackageMetadata, write_package
from xconda_core.testing.channel_server import ChannelServer, Fault, serve
from xconda_core.transaction.fetch import PackageNotFetched, fetch_packages


@dataclass
class Channel:
    folder: Path
    server: ChannelServer
    records: list[PackageRecord]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "channel/noarch").mkdir(parents=True)
    return tmp_path / "channel"


def filled(folder: Path, server: ChannelServer, count: int) -> Channel:
    records = []
    for number in range(count):
        metadata = PackageMetadata(name=f"p{number}", version="1.0")
        files = [PackageFile(path="lib/a", content=os.urandom(100_000))]
        written = write_package(folder / "noarch", metadata, files)[0]
        url = f"{server.url}/noarch/{written.path.name}"
        records.append(PackageRecord.from_json(written.record, fn=written.path.name, url=url))
    return Channel(folder, server, records)


@pytest.fixture
def channel(folder: Path) -> Iterator[Channel]:
    with serve(folder) as server:
        yield filled(folder, server, 4)


def fetched(
    channel: Channel,
    pkgs: Path,
    events: list[Event] | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, Path]:
    report = (events if events is not None else []).append
    return dict(
        fetch_packages(
            channel.records, PackageCache((pkgs,)), RequestsFetcher(Connection(max_retries=0)),
            threads=3, report=report, cancel=cancel or CancelToken(),
        )
    )  # fmt: skip


def test_missing_packages_are_downloaded_unpacked_and_found_again(
    channel: Channel, tmp_path: Path
) -> None:
    events: list[Event] = []

    folders = fetched(channel, tmp_path / "pkgs", events)

    assert folders == {f"p{n}": tmp_path / f"pkgs/p{n}-1.0-0" for n in range(4)}
    assert all((folder / "lib/a").stat().st_size == 100_000 for folder in folders.values())
    assert sorted((tmp_path / "pkgs/urls.txt").read_text().split()) == [
        record.url for record in channel.records
    ]
    assert events[0] == PhaseStarted("download")
    assert PhaseStarted("extract") in events
    arrived = {e.package for e in events if isinstance(e, DownloadAdvanced) and e.done == e.total}
    assert arrived == {"p0", "p1", "p2", "p3"}
    done = [(e.done, e.total) for e in events if isinstance(e, PackageExtracted)]
    assert sorted(done) == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_is_in_the_cache_is_not_asked_for_again(channel: Channel, tmp_path: Path) -> None:
    fetched(channel, tmp_path / "pkgs")
    before = len(channel.server.requests)
    events: list[Event] = []

    folders = fetched(channel, tmp_path / "pkgs", events)

    assert len(folders) == 4
    assert len(channel.server.requests) == before
    assert events == []


def test_an_archive_without_its_folder_is_verified_and_unpacked_without_network(
    channel: Channel, tmp_path: Path
) -> None:
    folders = fetched(channel, tmp_path / "pkgs")
    before = len(channel.server.requests)
    (folders["p0"] / "info/repodata_record.json").unlink()

    assert fetched(channel, tmp_path / "pkgs") == folders
    assert len(channel.server.requests) == before


def test_an_altered_archive_in_the_cache_is_fetched_anew(channel: Channel, tmp_path: Path) -> None:
    folders = fetched(channel, tmp_path / "pkgs")
    (folders["p0"] / "info/repodata_record.json").unlink()
    archive = tmp_path / "pkgs" / channel.records[0].fn
    archive.write_bytes(bytes(archive.stat().st_size))

    assert fetched(channel, tmp_path / "pkgs") == folders
    assert archive.read_bytes() == (channel.folder / "noarch" / archive.name).read_bytes()


def test_a_damaged_download_names_package_and_address_and_leaves_nothing_usable(
    folder: Path, tmp_path: Path
) -> None:
    def faults(path: str, times: int) -> Fault | None:
        return Fault(corrupt=True) if "p1-" in path else None

    with serve(folder, faults=faults) as server:
        channel = filled(folder, server, 3)
        with pytest.raises(PackageNotFetched) as raised:
            fetched(channel, tmp_path / "pkgs")

    failure, url = raised.value, channel.records[1].url
    assert failure.package == "p1-1.0-0"
    assert failure.what == f"p1-1.0-0 was not fetched from {url}."
    assert failure.why.startswith(f"{url} sent sha256 ")
    assert failure.cause_code == "download-damaged"
    assert PackageCache((tmp_path / "pkgs",)).find(channel.records[1]) is None


def test_a_package_the_server_lacks_is_named(channel: Channel, tmp_path: Path) -> None:
    (channel.folder / "noarch" / channel.records[2].fn).unlink()

    with pytest.raises(PackageNotFetched, match=r"p2-1\.0-0"):
        fetched(channel, tmp_path / "pkgs")


def test_an_archive_of_another_package_is_refused(channel: Channel, tmp_path: Path) -> None:
    channel.records[0] = replace(channel.records[0], version="2.0")

    with pytest.raises(PackageNotFetched, match=r"says version '1\.0'"):
        fetched(channel, tmp_path / "pkgs")


def test_cancelling_stops_and_keeps_no_half_package(channel: Channel, tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()

    with pytest.raises(Cancelled):
        fetched(channel, tmp_path / "pkgs", cancel=cancel)

    assert not list((tmp_path / "pkgs").glob("p*/info/repodata_record.json"))


def test_a_server_that_never_answers_does_not_hold_up_who_cancels(
    folder: Path, tmp_path: Path
) -> None:
    with serve(folder, faults=lambda path, times: Fault(delay=60)) as server:
        channel, cancel = filled(folder, server, 4), CancelToken()
        Timer(0.3, cancel.cancel).start()
        asked = time.monotonic()
        with pytest.raises(Cancelled):
            fetched(channel, tmp_path / "pkgs", cancel=cancel)

    assert time.monotonic() - asked < 5


def test_a_failure_does_not_wait_for_a_server_that_never_answers(
    folder: Path, tmp_path: Path
) -> None:
    def faults(path: str, times: int) -> Fault | None:
        return Fault(status=404) if "p1-" in path else Fault(delay=60)

    with serve(folder, faults=faults) as server:
        channel, asked = filled(folder, server, 3), time.monotonic()
        with pytest.raises(PackageNotFetched, match=r"p1-1\.0-0"):
            fetched(channel, tmp_path / "pkgs")

    assert time.monotonic() - asked < 5


def test_nothing_is_reported_after_the_end(folder: Path, tmp_path: Path) -> None:
    events: list[Event] = []

    def faults(path: str, times: int) -> Fault | None:
        return Fault(status=404) if "p1-" in path else Fault(delay=1.3)

    with serve(folder, faults=faults) as server:
        channel = filled(folder, server, 3)
        with pytest.raises(PackageNotFetched):
            fetched(channel, tmp_path / "pkgs", events)
        heard = list(events)
        time.sleep(0.6)

    assert events == heard


def test_several_processes_share_the_work(channel: Channel, tmp_path: Path) -> None:
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                fetched(channel, tmp_path / "pkgs")
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)

    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert codes == [0, 0, 0, 0]
    assert len(channel.server.requests) == 4, "each archive was downloaded once"
    assert len(fetched(channel, tmp_path / "pkgs")) == 4
    assert not [p for p in (tmp_path / "pkgs").iterdir() if p.name.startswith(".")]


def test_a_folder_gets_its_name_only_when_the_disk_has_its_contents(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pkgs = tmp_path / "pkgs"
    staged: list[set[str]] = []
    named_before: list[str] = []

    def sync(folder: Path) -> None:
        staged.append({path.name for path in pkgs.glob(".*.partial")})

    def rename(self: Path, target: Path) -> Path:
        if self.name.endswith(".partial") and not any(self.name in seen for seen in staged):
            named_before.append(self.name)
        return real(self, target)

    real = Path.rename
    monkeypatch.setattr("xconda_core.files.durable.sync_filesystem", sync)
    monkeypatch.setattr(Path, "rename", rename)

    fetched(channel, pkgs)

    assert staged
    assert named_before == []


def test_a_damaged_folder_is_unpacked_anew_from_its_archive_and_a_whole_one_is_kept(
    channel: Channel, tmp_path: Path
) -> None:
    folders = fetched(channel, tmp_path / "pkgs")
    before = len(channel.server.requests)
    os.truncate(folders["p0"] / "lib/a", 5)
    kept = (folders["p1"] / "lib/a").stat().st_ino

    fetch_packages(
        channel.records, PackageCache((tmp_path / "pkgs",)),
        RequestsFetcher(Connection(max_retries=0)), threads=2,
        report=lambda _: None, cancel=CancelToken(), repair=True,
    )  # fmt: skip

    assert (folders["p0"] / "lib/a").stat().st_size == 100_000
    assert (folders["p1"] / "lib/a").stat().st_ino == kept
    assert len(channel.server.requests) == before


def test_archives_that_do_not_fit_are_not_begun(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.records[0] = replace(channel.records[0], size=1 << 60)

    with pytest.raises(TooLittleSpace, match="1,152,921,504,") as raised:
        fetched(channel, tmp_path / "pkgs")

    assert raised.value.free < raised.value.needed
    assert channel.server.requests == []


def test_mamba_that_fills_the_cache_is_waited_for_and_said(
    channel: Channel, tmp_path: Path
) -> None:
    pkgs = tmp_path / "pkgs"
    pkgs.mkdir()
    code = (
        "import fcntl,sys,time; f=open(sys.argv[1],'a+'); fcntl.lockf(f, fcntl.LOCK_EX, 1, 21);"
        "print('held', flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", code, str(pkgs / "pkgs.lock")]
    events: list[Event] = []
    with subprocess.Popen(words, stdout=subprocess.PIPE) as mamba:
        assert mamba.stdout is not None
        mamba.stdout.readline()
        Timer(0.5, mamba.kill).start()
        started = time.monotonic()
        folders = fetched(channel, pkgs, events)

    assert time.monotonic() - started > 0.4
    assert len(folders) == 4
    assert [e.text for e in events if isinstance(e, Noticed)] == [
        f"waiting for another program that fills {pkgs}, such as mamba"
    ]


EIGHTH = """
import json, sys
from pathlib import Path
from xconda_core.cancel import CancelToken
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.connection import Connection
from xconda_core.net.session import RequestsFetcher
from xconda_core.package_cache.cache import PackageCache
from xconda_core.transaction.fetch import fetch_packages

records = [PackageRecord.from_json(each) for each in json.loads(sys.argv[2])]
fetch_packages(records, PackageCache((Path(sys.argv[1]),)),
               RequestsFetcher(Connection(max_retries=0)), threads=3,
               report=lambda _: None, cancel=CancelToken())
"""


def test_eight_processes_on_one_cache_share_the_work(channel: Channel, tmp_path: Path) -> None:
    pkgs = tmp_path / "pkgs"
    described = json.dumps([record.to_json() for record in channel.records])
    words = [sys.executable, "-c", EIGHTH, str(pkgs), described]
    processes = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(8)]
    failures = [process.communicate(timeout=60)[1].decode() for process in processes]

    assert failures == [""] * 8
    assert sorted(channel.server.paths()) == sorted(
        f"/noarch/{record.fn}" for record in channel.records
    ), "each archive was asked for once"
    kept = sorted(path.name for path in pkgs.iterdir())
    folders = [record.dist_name for record in channel.records]
    assert kept == sorted([*folders, *(record.fn for record in channel.records), "urls.txt"])
    assert all(is_sound(pkgs / folder, digests=True) for folder in folders)


def test_an_archive_that_conda_takes_away_before_it_is_unpacked_is_brought_again(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pkgs, taken = tmp_path / "pkgs", list[Path]()

    def stage(
        archive: Path, record: PackageRecord, cancel: CancelToken, extract: Extract | None
    ) -> StagedPackage:
        if not taken:
            taken.append(archive)
            archive.unlink()
        return stage_beside(archive, record, cancel, extract)

    monkeypatch.setattr("xconda_core.transaction.unpackers.stage_beside", stage)

    folders = fetched(channel, pkgs)

    assert taken
    assert all(is_sound(folder, digests=True) for folder in folders.values())


def test_what_conda_has_begun_to_download_is_neither_used_nor_touched(
    channel: Channel, tmp_path: Path
) -> None:
    pkgs = tmp_path / "pkgs"
    pkgs.mkdir()
    begun = pkgs / f"{channel.records[0].fn}.partial"
    begun.write_bytes(b"conda's")

    fetched(channel, pkgs)

    assert begun.read_bytes() == b"conda's"


def test_what_is_being_unpacked_is_no_package_to_conda(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To conda every folder of the cache that has an ``info/index.json`` is one."""
    pkgs, seen = tmp_path / "pkgs", list[Path]()

    def stage(
        archive: Path, record: PackageRecord, cancel: CancelToken, extract: Extract | None
    ) -> StagedPackage:
        staged = stage_beside(archive, record, cancel, extract)
        seen.extend(path for path in pkgs.iterdir() if (path / "info/index.json").exists())
        return staged

    monkeypatch.setattr("xconda_core.transaction.unpackers.stage_beside", stage)

    folders = fetched(replace(channel, records=channel.records[:1]), pkgs)

    assert seen == []
    assert is_sound(folders["p0"], digests=True)
