"""What is on disk before what: the orders without which a power cut would leave neither state."""

import os
from pathlib import Path
from typing import Any

import pytest

from xconda_core.files import atomic
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.transaction import execute, journal
from xconda_core.transaction.link_scripts import LinkScriptFailed

Bench = Any  # the workbench of conftest.py, whose module has no name to import it by


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens, in its order: syncs of everything, and names that come and go."""
    order: list[str] = []

    def sync(folder: Path) -> None:
        order.append("everything is on disk")

    for module in (execute, journal):
        monkeypatch.setattr(module, "sync_filesystem", sync)
    real_sync = atomic.sync_folder

    def sync_folder(folder: str) -> None:
        order.append(f"folder {os.path.basename(folder)} is on disk")
        real_sync(folder)

    monkeypatch.setattr(journal, "sync_folder", sync_folder)
    for name in ("rename", "unlink", "link"):
        real = getattr(os, name)

        def noted(*paths: Any, real: Any = real, name: str = name, **words: Any) -> Any:
            order.append(f"{name} {os.path.basename(os.fspath(paths[0]))}")
            return real(*paths, **words)

        monkeypatch.setattr(os, name, noted)
    return order


def test_the_commit_comes_after_everything_is_on_disk(bench: Bench, told: list[str]) -> None:
    bench.bring(bench.package("lib", "1", PackageFile(path="lib/a", content=b"a")))

    assert told.index("everything is on disk") + 1 == told.index("rename journal")
    assert "rename history" not in told[told.index("everything is on disk") :]


def test_the_journal_stays_until_everything_is_back_on_disk(bench: Bench, told: list[str]) -> None:
    bench.bring(bench.package("lib", "1", PackageFile(path="lib/a", content=b"a")))
    fails = PackageFile(path="bin/.bad-post-link.sh", content=b"exit 1\n", executable=True)
    told.clear()

    with pytest.raises(LinkScriptFailed):
        bench.bring(bench.package("bad", "1", fails))

    assert bench.read("lib/a") == "a"
    assert told.index("everything is on disk") < told.index("unlink journal")


def test_nothing_takes_the_place_of_a_file_before_the_disk_has_that_in_its_other_place(
    bench: Bench, told: list[str]
) -> None:
    bench.bring(bench.package("lib", "1", PackageFile(path="lib/a", content=b"1")))
    told.clear()

    bench.bring(bench.package("lib", "2", PackageFile(path="lib/a", content=b"2")))

    aside = told.index("folder old is on disk")
    linked = len(told) - 1 - told[::-1].index("link a")  # the first was a trial
    assert told.index("rename a") < aside < linked
    history = told.index("rename history")
    assert told[history + 1] == "folder old is on disk"
