"""Every change that this process makes to files, one by one: counted, recorded, failed or fatal.

The functions of ``os`` through which all of it goes are wrapped, and ``open`` is Python's own
implementation where it writes, so that it goes through them, too. An audit hook notices what was
overlooked. What is not below ``root`` is left alone, and no disk is waited for.

Forks of this process count for themselves, each from 0; faults are either this process's or theirs.
"""

import _pyio  # type: ignore[import-not-found]  # the standard library's, but not typed
import builtins
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Literal

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
BY_DESCRIPTOR = ("write", "pwrite", "ftruncate", "fsync", "fdatasync", "fchmod", "sendfile")
BY_PATH = ("unlink", "remove", "mkdir", "rmdir", "chmod", "utime", "truncate")
BY_TWO_PATHS = ("rename", "replace", "link")
AUDITED = {
    "os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.chmod",
    "os.truncate", "os.utime",
}  # fmt: skip
UMASK = 0o022


@dataclass(frozen=True)
class Operation:
    """One change: its name, the paths it is about (below the root), and what it carries."""

    name: str
    path: str
    other: str = ""
    content: bytes = b""
    number: int = 0  # an offset, a length or flags
    mode: int = 0  # permission bits, of what is made
    descriptor: int = -1
    failed: bool = False


@dataclass
class Operations:
    """What has been done below ``root`` so far, and what is to happen at operation ``at``."""

    root: str
    at: int = 0
    then: Literal["nothing", "kill", "fail"] = "nothing"
    whose: Literal["own", "forks"] = "own"
    error: int = 0
    for_good: bool = False
    count: int = 0
    done: list[Operation] = field(default_factory=list)
    overlooked: list[str] = field(default_factory=list)
    forks_log: str = ""  # a file: forks write their number there for each operation
    _maker: int = field(default_factory=os.getpid)
    _paths: dict[int, str] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)
    _inside: Any = field(default_factory=threading.local)

    def install(self) -> None:
        """Wrap, for the rest of this process's life."""
        self._log = os.open(self.forks_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._write = os.write
        os.register_at_fork(after_in_child=self._begin_anew)
        for name in BY_DESCRIPTOR:
            self._wrap(name, self._of_descriptor)
        for name in BY_PATH:
            self._wrap(name, self._of_path)
        for name in BY_TWO_PATHS:
            self._wrap(name, self._of_two_paths)
        self._wrap("symlink", self._of_symlink)
        self._wrap("open", self._of_open)
        real_close = os.close

        def close(fd: int) -> None:
            self._paths.pop(fd, None)
            real_close(fd)

        os.close = close
        builtins.open = io.open = _opening_through_os(io.open)
        sys.addaudithook(self._notice)

    def _begin_anew(self) -> None:
        self.count, self._lock = 0, threading.RLock()  # another thread may have held the old one

    def standing_in_for_ctypes(self) -> Any:
        """What ``xconda_core.files.durable`` gets for ``ctypes``: its ``syncfs`` is counted."""
        problem = SimpleNamespace(number=0)

        def syncfs(descriptor: int) -> int:
            try:
                self._do(Operation("syncfs", "."), lambda: None)
            except OSError as error:
                problem.number = error.errno
                return -1
            return 0

        return SimpleNamespace(
            CDLL=lambda *_, **__: SimpleNamespace(syncfs=syncfs),
            get_errno=lambda: problem.number,
        )

    def _wrap(self, name: str, told: Callable[..., Operation | None]) -> None:
        real = getattr(os, name)

        def wrapped(*arguments: Any, **keywords: Any) -> Any:
            operation = told(name, *arguments, **keywords)
            if operation is None:
                return real(*arguments, **keywords)
            if name in {"fsync", "fdatasync"}:
                return self._do(operation, lambda: None)

            def act() -> Any:
                result = real(*arguments, **keywords)
                if name == "open":
                    self._paths[result] = operation.path
                return result

            def tear() -> None:
                real(arguments[0], operation.content[: len(operation.content) // 2])

            return self._do(operation, act, tear if name == "write" else lambda: None)

        setattr(os, name, wrapped)

    def _do(
        self, operation: Operation, act: Callable[[], Any], tear: Callable[[], None] = lambda: None
    ) -> Any:
        with self._lock:
            self.count += 1
            is_fork = os.getpid() != self._maker
            if is_fork:
                self._write(self._log, b"%d\n" % os.getpid())
            then = self.then if is_fork == (self.whose == "forks") else "nothing"
            if then == "kill" and self.count == self.at:
                tear()
                os.kill(os.getpid(), signal.SIGKILL)
            if then == "fail" and (
                self.count == self.at or (self.for_good and self.count > self.at)
            ):
                raise OSError(self.error, os.strerror(self.error), f"{self.root}/{operation.path}")
            self._inside.depth = getattr(self._inside, "depth", 0) + 1
            try:
                result = act()
            except OSError:
                self.done.append(replace(operation, failed=True))
                raise
            finally:
                self._inside.depth -= 1
            self.done.append(_as_done(operation, result))
            return result

    def _of_descriptor(
        self, name: str, descriptor: int, *arguments: Any, **_: Any
    ) -> Operation | None:
        path = self._paths.get(descriptor)
        if path is None and name == "fsync":
            folder = self._below(f"/proc/self/fd/{descriptor}", follow=True)
            return None if folder is None else Operation(name, folder)
        if path is None:
            return None
        if name in {"write", "pwrite"}:
            number = arguments[1] if name == "pwrite" else 0
            return Operation(
                name, path, content=bytes(arguments[0]), number=number, descriptor=descriptor
            )
        if name == "sendfile":
            source, offset, length = arguments
            content = os.pread(source, length, offset)
            return Operation(name, path, content=content, descriptor=descriptor)
        number = arguments[0] if arguments else 0
        return Operation(name, path, number=number, mode=number, descriptor=descriptor)

    def _of_path(
        self,
        name: str,
        path: Any,
        number: Any = 0,
        *_: Any,
        dir_fd: int | None = None,
        **keywords: Any,
    ) -> Operation | None:
        if isinstance(path, int):
            known = self._paths.get(path)
            return None if known is None else Operation(name, known)
        found = self._below(path, dir_fd)
        mode = keywords.get("mode", 0o777 if name == "mkdir" and not number else number)
        if found is None:
            return None
        mode = _number(mode)
        return Operation(name, found, number=mode, mode=mode & ~UMASK if name == "mkdir" else mode)

    def _of_two_paths(self, name: str, old: Any, new: Any, **keywords: Any) -> Operation | None:
        one = self._below(old, keywords.get("src_dir_fd"))
        other = self._below(new, keywords.get("dst_dir_fd"))
        return None if one is None or other is None else Operation(name, one, other)

    def _of_symlink(
        self, name: str, target: Any, path: Any, *_: Any, dir_fd: int | None = None, **__: Any
    ) -> Operation | None:
        found = self._below(path, dir_fd)
        return None if found is None else Operation(name, found, os.fsdecode(target))

    def _of_open(
        self,
        name: str,
        path: Any,
        flags: int,
        mode: int = 0o777,
        *,
        dir_fd: int | None = None,
    ) -> Operation | None:
        found = self._below(path, dir_fd) if flags & WRITING else None
        return None if found is None else Operation(name, found, number=flags, mode=mode & ~UMASK)

    def _below(self, path: Any, dir_fd: int | None = None, *, follow: bool = False) -> str | None:
        text = os.fsdecode(path)
        if follow:
            text = os.readlink(text)
        elif dir_fd is not None and not text.startswith("/"):
            text = os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), text)
        text = os.path.abspath(text)
        if text == self.root:
            return "."
        return text.removeprefix(f"{self.root}/") if text.startswith(f"{self.root}/") else None

    def _notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        if getattr(self._inside, "depth", 0):
            return
        if event == "open":
            path, _, flags = arguments
            if not (isinstance(flags, int) and flags & WRITING):
                return
        elif event in AUDITED:
            path = arguments[0]
        else:
            return
        if isinstance(path, str | bytes) and self._below(path) is not None:
            self.overlooked.append(f"{event} {os.fsdecode(path)}")


def _as_done(operation: Operation, result: Any) -> Operation:
    if operation.name == "open":
        return replace(operation, descriptor=result)
    if operation.name in {"write", "sendfile"}:
        offset = os.lseek(operation.descriptor, 0, os.SEEK_CUR) - result
        return replace(operation, content=operation.content[:result], number=offset)
    return operation


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _opening_through_os(real: Callable[..., Any]) -> Callable[..., Any]:
    def opening(file: Any, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wax+"):
            return real(file, mode, *arguments, **keywords)
        return _pyio.open(file, mode, *arguments, **keywords)

    return opening


def prepare() -> None:
    """Before anything of xconda is imported: what copies by descriptor is Python's own, too."""
    io.FileIO = _pyio.FileIO  # type: ignore[misc]
