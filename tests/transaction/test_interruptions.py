"""Whatever interrupts a transaction, wherever: the old state or the new one, never between."""

import errno
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.package_writer import PLACEHOLDER, PackageFile
from xconda_core.transaction.recover import recover
from xconda_core.transaction.result import TransactionResult

Forked = Callable[[Callable[[], object]], int]


class Bench(Protocol):
    prefix: Path

    def package(
        self, name: str, version: str = ..., *files: PackageFile, **metadata: object
    ) -> PackageRecord: ...
    def python(self, version: str = ...) -> PackageRecord: ...
    def bring(self, *records: PackageRecord, **rules: object) -> TransactionResult: ...
    def snapshot(self) -> dict[str, tuple[str, int, str]]: ...


class Faults(Protocol):
    count: int

    def die_at(self, number: int) -> None: ...
    def fail_at(self, number: int, error: int, *, for_good: bool = ...) -> None: ...
    def never(self) -> None: ...


# A creation that was killed while it tidied up may leave these, empty: no environment, as before.
EMPTY_FOLDERS = {"conda-meta", "conda-meta/.xconda"}
# Where the disk refuses to remove it, the file that mamba locks stays, empty, and locks nothing.
STALE_LOCK = "conda-meta/conda-meta.lock"


@dataclass
class Case:
    """A prefix that can be put back to its old state, and a transaction on it."""

    bench: Bench
    wanted: tuple[PackageRecord, ...]
    kept: Path
    old: dict[str, tuple[str, int, str]]
    new: dict[str, tuple[str, str]]

    def reset(self) -> None:
        if self.bench.prefix.exists():
            shutil.rmtree(self.bench.prefix)
        if self.kept.exists():
            shutil.copytree(self.kept, self.bench.prefix, symlinks=True)

    def run(self) -> TransactionResult:
        return self.bench.bring(*self.wanted)

    def outcome(self) -> str:
        """``old`` or ``new``; anything else is shown as what differs from the nearer one."""
        now = self.bench.snapshot()
        now.pop(STALE_LOCK, None)
        if now == self.old or (not self.old and now.keys() <= EMPTY_FOLDERS):
            return "old"
        timeless = without_times(now)
        if timeless == self.new:
            return "new"
        nearer = min(
            without_times(self.old), self.new, key=lambda s: len(s.items() ^ timeless.items())
        )
        return str(sorted(nearer.items() ^ timeless.items()))

    def is_new_by_copies(self) -> bool:
        """Whether only the records differ, which say how the files came."""
        different = without_times(self.bench.snapshot()).items() ^ self.new.items()
        return all(path.startswith("conda-meta/") and "json" in path for path, _ in different)


def without_times(state: dict[str, tuple[str, int, str]]) -> dict[str, tuple[str, str]]:
    return {path: (kind, digest) for path, (kind, _, digest) in state.items()}


def a_case(bench: Bench, faults: Faults, wanted: tuple[PackageRecord, ...], kept: Path) -> Case:
    faults.never()
    if bench.prefix.exists():
        shutil.copytree(bench.prefix, kept, symlinks=True)
    case = Case(bench, wanted, kept, old=bench.snapshot(), new={})
    case.run()
    case.new = without_times(bench.snapshot())
    return case


@pytest.fixture
def change(bench: Bench, faults: Faults, tmp_path: Path) -> Case:
    """Install one package, change two (files come, go, stay, change kind), remove two."""
    python = bench.python()
    text = f"#!{PLACEHOLDER}/bin/python\n".encode()
    old = (
        bench.package("changed", "1", PackageFile(path="lib/a", content=b"1"),
                      PackageFile(path="bin/run", content=text, executable=True),
                      PackageFile(path="share/kind", link_target="other"),
                      PackageFile(path="share/inner/x", content=b"x"), subdir="linux-64"),
        bench.package("pure", "1", PackageFile(path="site-packages/pure.py", content=b"a = 1\n"),
                      noarch="python", entry_points=("pure = pure:a",)),
        bench.package("removed", "1", PackageFile(path="gone/deep/b", content=b"b"),
                      PackageFile(path="gone/link", link_target="deep")),
    )  # fmt: skip
    new = (
        bench.package("changed", "2", PackageFile(path="lib/a", content=b"2"),
                      PackageFile(path="lib/c", content=b"c"),
                      PackageFile(path="share/kind/file", content=b"now a folder"),
                      PackageFile(path="share/inner", content=b"now a file"), subdir="linux-64"),
        bench.package("pure", "2", PackageFile(path="site-packages/pure.py", content=b"a = 2\n"),
                      PackageFile(path="site-packages/more/b.py", content=b"b = 2\n"),
                      noarch="python", entry_points=("pure = pure:a",)),
        bench.package("added", "1", PackageFile(path="share/new", content=text)),
    )  # fmt: skip
    bench.bring(python, *old)
    (bench.prefix / "lib/foreign").write_text("the user's own")
    return a_case(bench, faults, (python, *new), tmp_path / "kept")


@pytest.fixture
def creation(bench: Bench, faults: Faults, tmp_path: Path) -> Case:
    """Make an environment where there is none."""
    wanted = (
        bench.python(),
        bench.package("lib", "1", PackageFile(path="lib/a", content=b"1")),
        bench.package("pure", "1", PackageFile(path="site-packages/pure.py", content=b"a = 1\n"),
                      noarch="python"),
    )  # fmt: skip
    return a_case(bench, faults, wanted, tmp_path / "kept")


@pytest.fixture(params=["change", "creation"])
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.getfixturevalue(request.param)
    return found


def operations(case: Case, faults: Faults) -> int:
    case.reset()
    faults.never()
    case.run()
    return faults.count


def test_a_kill_at_any_file_operation_leaves_the_old_or_the_new_state(
    case: Case, faults: Faults, forked: Forked
) -> None:
    outcomes = []
    for number in range(1, operations(case, faults) + 1):
        case.reset()
        faults.die_at(number)
        assert forked(case.run) == 9
        faults.never()

        recover(case.bench.prefix)

        outcomes.append(case.outcome())
    assert set(outcomes) == {"old", "new"}
    assert outcomes == sorted(outcomes, reverse=True), "old states first, then new ones"
    assert outcomes.count("old") > 40


def test_a_recovery_that_is_killed_itself_is_completed_by_the_next(
    change: Case, faults: Faults, forked: Forked
) -> None:
    total = operations(change, faults)
    for number in range(total // 3, total + 1, 9):
        step = 1
        while True:
            change.reset()
            faults.die_at(number)
            assert forked(change.run) == 9
            faults.die_at(step)
            code = forked(lambda: recover(change.bench.prefix))
            faults.never()

            recover(change.bench.prefix)

            assert change.outcome() in {"old", "new"}
            if code != 9:
                break
            step += 5


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EMFILE])
def test_an_operation_that_fails_once_is_undone_at_once(
    case: Case, faults: Faults, error: int
) -> None:
    for number in range(1, operations(case, faults) + 1, 1 if error == errno.ENOSPC else 7):
        case.reset()
        faults.fail_at(number, error)
        failure = None
        try:
            case.run()
        except XcondaError as raised:
            failure = raised
        faults.never()

        outcome = case.outcome()

        if outcome not in {"old", "new"}:
            recover(case.bench.prefix)  # the failure hit the undoing, or the clean-up
            outcome = case.outcome()
        if failure is None and error == errno.EACCES and outcome != "new":
            assert case.is_new_by_copies(), f"operation {number}: a hard link was refused"
            continue
        assert outcome == ("old" if failure else "new"), f"operation {number}: {failure}"


def test_a_disk_that_stays_full_is_survived_too(case: Case, faults: Faults) -> None:
    for number in range(1, operations(case, faults) + 1, 3):
        case.reset()
        faults.fail_at(number, errno.ENOSPC, for_good=True)
        with suppress(XcondaError):
            case.run()
        faults.never()

        recover(case.bench.prefix)

        assert case.outcome() in {"old", "new"}, number
