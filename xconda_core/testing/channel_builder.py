"""Build a small, real channel where none can be reached. Layer: testing.

It holds the running CPython, wheels turned into packages, and a compiled program. What is built
is kept by what it was built from, so a second run builds nothing, and one that changes a part
builds that part.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Final

from xconda_core.errors import XcondaError
from xconda_core.package_cache.package_writer import ArchiveFormat, WrittenPackage
from xconda_core.repodata.index_writer import Record, write_index
from xconda_core.testing.compiled_package import compiled_packages, find_compiler
from xconda_core.testing.interpreter import Interpreter, InterpreterUnusable, probe
from xconda_core.testing.package_store import (
    Build,
    PackageStore,
    digest_of,
    digest_of_code,
    digest_of_file,
)
from xconda_core.testing.python_package import (
    StagedPackage,
    gcc_runtime_package,
    python_abi_package,
    python_package,
)
from xconda_core.testing.requirements import RequirementNotUnderstood
from xconda_core.testing.wheel import WheelNotUnderstood, read_wheel
from xconda_core.testing.wheel_download import Report, download, download_previous, name_and_version
from xconda_core.testing.wheel_package import wheel_package
from xconda_core.values import Slotted, dataclass

REQUIREMENTS: Final = ("ipykernel", "numpy", "pandas", "requests", "pip", "setuptools")
WITH_PREVIOUS: Final = ("requests", "packaging", "tzdata")
"""Projects of which the version before the newest is there too, to update from."""

BOTH_FORMATS: Final[tuple[ArchiveFormat, ...]] = (".conda", ".tar.bz2")

_WORTH_A_SENTENCE: Final = 0.5  # seconds

Built = tuple[list[WrittenPackage], bool, float]  # packages, whether they were new, seconds


class WheelNotConverted(XcondaError):
    """A wheel could not be turned into a package.

    Attributes:
        wheel: Its file.
    """

    code = "wheel-not-converted"

    def __init__(self, wheel: Path, why: str) -> None:
        super().__init__(wheel, why)
        self.wheel = wheel
        self.what = f"The channel was not built: {wheel.name} is not as a wheel should be."
        self.why = f"{why}."
        self.fix = f"remove {wheel.parent} to fetch it again, or leave its project out."


@dataclass(frozen=True, slots=True)
class _Workshop(Slotted):
    """Where a channel is put together: its interpreter, store and threads."""

    interpreter: Interpreter
    identity: tuple[str, ...]
    store: PackageStore
    wheels: Path
    threads: ThreadPoolExecutor

    def start(
        self, source: Sequence[str], formats: Sequence[ArchiveFormat], build: Build
    ) -> Future[Built]:
        """Build in another thread what is not in the store; ``source`` says what it is made of."""
        return self.threads.submit(self._build, source, formats, build)

    def _build(
        self, source: Sequence[str], formats: Sequence[ArchiveFormat], build: Build
    ) -> Built:
        started = time.monotonic()
        packages, was_built = self.store.packages(source, formats, build)
        return packages, was_built, time.monotonic() - started


def build_demo_channel(
    cache_dir: Path,
    out_dir: Path,
    report: Report,
    *,
    python: Path | None = None,
    requirements: Sequence[str] = REQUIREMENTS,
    with_previous: Sequence[str] = WITH_PREVIOUS,
) -> Path:
    """Make ``out_dir`` a channel with Python and ``requirements``, and return it.

    ``cache_dir`` keeps wheels and packages between runs. ``python`` is the interpreter to package,
    the running one by default. ``report`` gets a sentence now and then, from the calling thread.

    Raises:
        InterpreterUnusable: ``python`` cannot be packaged.
        WheelsNotDownloaded: a wheel is missing and no index can be reached.
        WheelNotConverted: a wheel is damaged, or not as its format demands.
    """
    cache_dir = cache_dir.absolute()  # compilers run in folders of their own
    executable = (python or Path(sys.executable)).resolve()
    identity = _identity(executable)
    code = digest_of_code()
    key = digest_of([code, *identity, *requirements, "with previous", *with_previous])
    if _is_current(out_dir, key):
        return out_dir
    interpreter = probe(python or Path(sys.executable))
    wheels = cache_dir / "wheels" / digest_of([*identity, *requirements, "/", *with_previous])[:32]
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 1)) as threads:
        store = PackageStore(cache_dir / "packages", code)
        store.forget_other_builders()
        workshop = _Workshop(interpreter, identity, store, wheels, threads)
        packages = _built_packages(workshop, requirements, with_previous, report)
    _write_channel(out_dir, packages, key)
    report(f"The channel is at {out_dir}: {len(packages)} archives.")
    return out_dir


def _identity(executable: Path) -> tuple[str, ...]:
    """Return what tells one installed interpreter from another, without running it."""
    try:
        status = executable.stat()
    except OSError as error:
        raise InterpreterUnusable(executable, f"it does not run: {error.strerror}.") from error
    return (str(executable), str(status.st_size), str(status.st_mtime_ns))


def _built_packages(
    workshop: _Workshop, requirements: Sequence[str], with_previous: Sequence[str], report: Report
) -> list[WrittenPackage]:
    interpreter = workshop.interpreter
    report(f"The Python is {interpreter.version}, from {interpreter.executable}.")
    futures = list(_start_own_packages(workshop))
    wheels = _wheels(workshop, requirements, with_previous, report)
    gcc = gcc_runtime_package(interpreter)
    runtime = None if gcc is None else f"libstdcxx >={gcc.metadata.version}"
    # The largest take longest: they start first.
    wheels.sort(key=lambda path: -path.stat().st_size)
    futures += [_start_wheel(workshop, wheel, runtime) for wheel in wheels]
    try:
        return _collected(futures, report)
    finally:
        for future in futures:
            future.cancel()


def _collected(futures: Sequence[Future[Built]], report: Report) -> list[WrittenPackage]:
    """Wait for all packages, and name those that took their time."""
    packages: list[WrittenPackage] = []
    others = 0
    for future in as_completed(futures):
        some, was_built, seconds = future.result()
        packages += some
        names = dict.fromkeys(f"{one.record['name']} {one.record['version']}" for one in some)
        if was_built and seconds >= _WORTH_A_SENTENCE:
            report(f"Packaged {', '.join(names)} in {seconds:.1f} s.")
        elif was_built:
            others += len(names)
    if others:
        report(f"Packaged {others} smaller ones.")
    return packages


def _start_own_packages(workshop: _Workshop) -> Iterator[Future[Built]]:
    interpreter = workshop.interpreter
    yield workshop.start(
        ["python", *workshop.identity],
        BOTH_FORMATS,
        lambda stage: [python_package(interpreter, stage / "python")],
    )
    yield workshop.start(
        ["python_abi", interpreter.abi_tag],
        BOTH_FORMATS,
        lambda _: [python_abi_package(interpreter)],
    )
    yield workshop.start(
        ["gcc", interpreter.glibc, *map(digest_of_file, interpreter.gcc_runtime)],
        (".conda",),
        lambda _: filter(None, [gcc_runtime_package(interpreter)]),
    )
    compiler = find_compiler()
    if compiler is not None:
        yield workshop.start(
            ["compiled", compiler, interpreter.subdir],
            BOTH_FORMATS,
            lambda stage: compiled_packages(compiler, interpreter.subdir, stage),
        )


def _wheels(
    workshop: _Workshop, requirements: Sequence[str], with_previous: Sequence[str], report: Report
) -> list[Path]:
    executable, folder = workshop.interpreter.executable, workshop.wheels
    if requirements and not folder.is_dir():
        report(f"Fetching wheels of {', '.join(requirements)} with pip.")
    newest = download(requirements, executable, folder / "newest", report)
    chosen = [wheel for wheel in newest if name_and_version(wheel)[0] in with_previous]
    return newest + download_previous(chosen, executable, folder / "previous", report)


def _start_wheel(workshop: _Workshop, wheel: Path, runtime: str | None) -> Future[Built]:
    interpreter = workshop.interpreter

    def build(stage: Path) -> list[StagedPackage]:
        try:
            return [wheel_package(read_wheel(wheel), interpreter, stage, runtime)]
        except (WheelNotUnderstood, RequirementNotUnderstood) as error:
            raise WheelNotConverted(wheel, str(error)) from error

    source = [wheel.name, digest_of_file(wheel), interpreter.version, str(runtime)]
    return workshop.start(source, (".conda",), build)


def _is_current(channel: Path, key: str) -> bool:
    """Whether ``channel`` was written for ``key`` and all its archives are still there."""
    try:
        stamp = json.loads((channel / "channel.json").read_bytes())
        return stamp["key"] == key and all(
            (channel / name).stat().st_size == size for name, size in stamp["archives"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_channel(channel: Path, packages: Sequence[WrittenPackage], key: str) -> None:
    records: dict[str, list[tuple[str, Record]]] = {}
    archives: dict[str, int] = {}
    for package in packages:
        subdir, name = str(package.record["subdir"]), package.path.name
        records.setdefault(subdir, []).append((name, package.record))
        archives[f"{subdir}/{name}"] = package.path.stat().st_size
        _place(package.path, channel / subdir / name)
    for suffix in BOTH_FORMATS:
        for stale in channel.glob(f"*/*{suffix}"):
            if f"{stale.parent.name}/{stale.name}" not in archives:
                stale.unlink()
    write_index(channel, records)
    stamp = {"key": key, "archives": archives}
    (channel / "channel.json").write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _place(source: Path, target: Path) -> None:
    if target.exists() and target.samefile(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # another file system
        shutil.copyfile(source, target)
