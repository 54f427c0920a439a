"""A workbench with real packages, a real package cache and a real prefix."""

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from xconda_core.cancel import CancelToken
from xconda_core.events import Event
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.package_cache.archive import stage_beside
from xconda_core.package_cache.package_writer import PackageFile, PackageMetadata, write_package
from xconda_core.transaction.execute import execute
from xconda_core.transaction.plan import HistoryEntry, Plan, plan_operations
from xconda_core.transaction.prefix_writer import PrefixWriter
from xconda_core.transaction.result import TransactionResult
from xconda_core.transaction.rules import LinkRules

Facts = tuple[str, int, str]


@dataclass
class Workbench:
    """Makes packages, and brings a prefix to hold exactly those that are named."""

    pkgs: Path
    prefix: Path
    subdir: str = "linux-64"
    events: list[Event] = field(default_factory=list)
    cancel: CancelToken = field(default_factory=CancelToken)

    def package(
        self, name: str, version: str = "1.0", *files: PackageFile, **metadata: object
    ) -> PackageRecord:
        described = PackageMetadata(name=name, version=version, **metadata)  # type: ignore[arg-type]
        written = write_package(self.pkgs, described, files)[0]
        url = f"https://example.org/demo/{described.subdir}/{written.path.name}"
        record = PackageRecord.from_json(
            written.record, channel="https://example.org/demo", fn=written.path.name, url=url
        )
        stage_beside(written.path, record, CancelToken()).publish()
        return record

    def python(self, version: str = ".".join(map(str, sys.version_info[:3]))) -> PackageRecord:
        """A package whose Python is the one that runs the tests, under any version number."""
        minor = ".".join(version.split(".")[:2])
        text = f'#!/bin/sh\nexec {sys.executable} "$@"\n'.encode()
        files = [
            PackageFile(path=f"bin/python{minor}", content=text, executable=True),
            PackageFile(path="bin/python", link_target=f"python{minor}"),
        ]
        return self.package("python", version, *files, subdir=self.subdir)

    def state(self) -> EnvironmentState:
        meta = self.prefix / "conda-meta"
        found = [_read_record(path) for path in sorted(meta.glob("*.json"))]
        return EnvironmentState(
            prefix=self.prefix,
            installed={record.name: record for record in found},
            exists=(meta / "history").exists(),
        )

    def plan(self, *records: PackageRecord, requested: Mapping[str, str] | None = None) -> Plan:
        state = self.state()
        wanted = {record.name: record for record in records}
        operations = plan_operations(state, wanted, requested or {})
        return Plan(
            prefix=self.prefix,
            operations=operations,
            unchanged=(),
            history=HistoryEntry(command="xconda test"),
            fingerprint=state.fingerprint,
        )

    def run(self, plan: Plan, **rules: object) -> TransactionResult:
        folders = {s.name: self.pkgs / s.new.dist_name for s in plan.operations if s.new}
        return execute(
            plan,
            folders,
            rules=LinkRules(subdir=self.subdir, root_prefix=self.prefix, **rules),  # type: ignore[arg-type]
            read_state=self.state,
            commit=self.commit,
            report=self.events.append,
            cancel=self.cancel,
        )

    def bring(self, *records: PackageRecord, **rules: object) -> TransactionResult:
        return self.run(self.plan(*records), **rules)

    def commit(self, writer: PrefixWriter) -> None:
        writer.append("conda-meta/history", b"==> a revision <==\n")
        writer.write("conda-meta/.xconda/revisions/0.json", b"{}\n")

    def snapshot(self) -> dict[str, Facts]:
        """Path to (kind and mode, mtime of a file, hash or target), of everything in the prefix."""
        return {
            os.path.relpath(path, self.prefix): _facts(path)
            for folder, folders, files in os.walk(self.prefix)
            for path in (os.path.join(folder, name) for name in folders + files)
        }

    def read(self, path: str) -> str:
        return (self.prefix / path).read_text()


def _read_record(path: Path) -> PrefixRecord:
    import json

    return PrefixRecord.from_json(json.loads(path.read_bytes()))


def _facts(path: str) -> Facts:
    status = os.lstat(path)
    kind = f"{stat.filemode(status.st_mode)}"
    if stat.S_ISLNK(status.st_mode):
        return kind, 0, os.readlink(path)
    if stat.S_ISDIR(status.st_mode):
        return kind, 0, ""
    return kind, status.st_mtime_ns, hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    (tmp_path / "pkgs").mkdir()
    return Workbench(tmp_path / "pkgs", tmp_path / "env")


@pytest.fixture
def new_bench(tmp_path: Path) -> Callable[[str], Workbench]:
    """Makes further workbenches beside each other, on one package cache."""

    def made(name: str) -> Workbench:
        (tmp_path / "pkgs").mkdir(exist_ok=True)
        return Workbench(tmp_path / "pkgs", tmp_path / name)

    return made


FILE_OPERATIONS = (
    "open", "write", "fsync", "ftruncate", "link", "symlink", "rename", "replace", "unlink",
    "mkdir", "rmdir", "chmod", "utime",
)  # fmt: skip


class Faults:
    """Counts the file operations of this process, and does something at a chosen one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.at: Callable[[int], None] = lambda count: None
        for name in FILE_OPERATIONS:
            monkeypatch.setattr(os, name, self._counted(name, getattr(os, name)))
        # How long a disk takes is not what these tests are about.
        for module in ("execute", "journal"):
            name = f"xconda_core.transaction.{module}.sync_filesystem"
            monkeypatch.setattr(name, lambda path: None)

    def _counted(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def operation(*arguments: object, **keywords: object) -> object:
            if name == "open" and not (len(arguments) > 1 and arguments[1] & os.O_WRONLY):  # type: ignore[operator]
                return real(*arguments, **keywords)
            self.count += 1
            self.at(self.count)
            return None if name == "fsync" else real(*arguments, **keywords)

        return operation

    def die_at(self, number: int) -> None:
        """End this process at that operation, as a SIGKILL would."""
        self._restart(lambda count: os._exit(9) if count == number else None)

    def fail_at(self, number: int, error: int, *, for_good: bool = False) -> None:
        """Let that operation, or it and all that follow, fail with ``errno`` ``error``."""

        def failing(count: int) -> None:
            if count == number or (for_good and count > number):
                raise OSError(error, os.strerror(error))

        self._restart(failing)

    def never(self) -> None:
        """Only count from now on."""
        self._restart(lambda count: None)

    def _restart(self, at: Callable[[int], None]) -> None:
        self.count, self.at = 0, at


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    return Faults(monkeypatch)


def in_child(work: Callable[[], object]) -> int:
    """Run ``work`` in a forked process and return its exit code: 9 if killed, 1 if it raised."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def forked() -> Callable[[Callable[[], object]], int]:
    return in_child
