"""Packages are linked one by one, in threads or in two processes, with the same outcome."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transaction.conftest import Workbench
from xconda_core.cancel import Cancelled
from xconda_core.events import Event, PackageLinked
from xconda_core.files.forked import can_fork
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.package_writer import PLACEHOLDER, PackageFile
from xconda_core.transaction import link_all
from xconda_core.transaction.checks import PackagesDamaged
from xconda_core.transaction.contents import BadPackage
from xconda_core.transaction.link import Place, link_package
from xconda_core.transaction.package_link import Link
from xconda_core.transaction.recover import recover

pytestmark = pytest.mark.skipif(not can_fork(), reason="one processor, or not Linux")
Forked = Callable[[Callable[[], object]], int]


@pytest.fixture
def in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_all, "_FILES_WORTH_A_FORK", 1)


def some(bench: Workbench) -> list[PackageRecord]:
    return [
        bench.package(
            name,
            "1.0",
            PackageFile(path=f"lib/{name}/text", content=f"at {PLACEHOLDER}\n".encode()),
            PackageFile(path=f"lib/{name}/plain", content=name.encode()),
            PackageFile(path=f"lib/{name}/link", link_target="plain"),
        )
        for name in "abcdefg"
    ]


def test_two_processes_link_what_one_does(
    bench: Workbench, new_bench: Callable[[str], Workbench], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, other = some(bench), new_bench("one")
    other.bring(*packages)
    monkeypatch.setattr(link_all, "_FILES_WORTH_A_FORK", 1)
    done = bench.bring(*packages)
    assert done.file_count == 21
    assert [name for name in bench.snapshot() if "lib" in name] == [
        name for name in other.snapshot() if "lib" in name
    ]
    assert bench.read("lib/g/text") == f"at {bench.prefix}\n"
    plain = {
        name: [path.path for path in bench.state().installed[name].paths] for name in "abcdefg"
    }
    assert plain["d"] == ["lib/d/link", "lib/d/plain", "lib/d/text"]
    assert {type(event) for event in bench.events} == {type(event) for event in other.events}
    assert [e.done for e in bench.events if isinstance(e, PackageLinked)] == list(range(1, 8))


@pytest.mark.parametrize("broken", "abcdefg")
@pytest.mark.usefixtures("in_two")
def test_a_package_without_its_file_is_named_by_whichever_process_meets_it(
    bench: Workbench, broken: str
) -> None:
    packages = some(bench)
    (bench.pkgs / f"{broken}-1.0-0/lib/{broken}/plain").unlink()
    with pytest.raises(PackagesDamaged, match=f"{broken}-1.0-0"):
        bench.bring(*packages)
    with pytest.raises(BadPackage, match=f"{broken}-1.0-0"):
        bench.bring(*packages, safety="disabled")
    assert not bench.prefix.exists()


@pytest.mark.usefixtures("in_two")
def test_cancelling_ends_both_and_puts_everything_back(bench: Workbench) -> None:
    packages = some(bench)

    class Cancelling(list[Event]):
        def append(self, event: Event) -> None:
            if isinstance(event, PackageLinked):
                bench.cancel.cancel()

    bench.events = Cancelling()
    with pytest.raises(Cancelled):
        bench.bring(*packages)
    assert not bench.prefix.exists()


@pytest.mark.usefixtures("in_two")
def test_a_half_that_outlives_a_killed_xconda_keeps_others_out(
    bench: Workbench, forked: Forked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages, go, mine = some(bench), tmp_path / "go", os.getpid()

    def slowly(link: Link, place: Place) -> link_all.Made:
        if os.getppid() == mine:
            os._exit(9)
        while not go.exists():
            time.sleep(0.01)
        return link_package(link, place)

    monkeypatch.setattr(link_all, "link_package", slowly)
    assert forked(lambda: bench.bring(*packages, safety="disabled")) == 9
    assert recover(bench.prefix) is None
    assert bench.prefix.exists()
    go.touch()
    found = None
    for _ in range(500):
        found = found or recover(bench.prefix)
        time.sleep(0.01)
        if found:
            break
    assert found is not None
    assert found.action == "undone"
    assert not bench.prefix.exists()
