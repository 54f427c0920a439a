"""Processes that work in one package cache take turns, mamba among them. Layer: package_cache."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.files.byte_locks import InUseElsewhere, byte_locked
from xconda_core.files.locks import locked
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.cache import PackageCache, archive_name


@contextmanager
def shared(cache: PackageCache, cancel: CancelToken) -> Iterator[None]:
    """Keep mamba, and whoever cleans, from taking packages away that are about to be linked.

    Somebody who works there already is not waited for: what is complete stays.
    """
    with ExitStack() as stack:
        for folder in cache.pkgs_dirs if cache.uses_locks else ():
            with suppress(InUseElsewhere):
                stack.enter_context(byte_locked(folder, exclusive=False, cancel=cancel))
        yield


@contextmanager
def filled(
    cache: PackageCache, folder: Path, cancel: CancelToken, on_wait: Callable[[], None]
) -> Iterator[None]:
    """Hold the right to bring packages into ``folder``, shared with other xcondas.

    mamba, which takes the whole folder for itself, is waited for.
    """
    if not cache.uses_locks:
        yield
        return
    wait = float("inf")
    with byte_locked(folder, exclusive=False, cancel=cancel, wait_seconds=wait, on_wait=on_wait):
        yield


@contextmanager
def turn_of(
    cache: PackageCache, folder: Path, record: PackageRecord, cancel: CancelToken
) -> Iterator[int | None]:
    """Hold the right to write ``record``'s archive and folder in ``folder`` of the cache.

    Another process that brings the same package is waited for; its work is then found. Given
    is the lock's open file, which a process that inherits it holds as well.
    """
    if not cache.uses_locks:
        yield None
        return
    path = folder / f".{archive_name(record)}.lock"
    wait = float("inf")
    doing = f"fetch {record.dist_name}"
    with locked(path, target=folder, command=doing, cancel=cancel, wait_seconds=wait) as lock:
        yield lock.descriptor
