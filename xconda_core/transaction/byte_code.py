"""Compile the byte code of ``noarch: python`` packages with the environment's own Python.

Layer: transaction. One interpreter, or one per processor if there is much to do, compiles the
sources of all packages. It writes into the journal's work folder, and only there: a compiler that
outlives a killed xconda cannot touch the environment.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH102, PTH104, PTH123

import errno
import json
import os
import subprocess
from collections.abc import Mapping
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.files.processors import usable_processors

# Starting an interpreter costs as much as compiling some hundred small files.
_FILES_WORTH_A_PROCESS: Final = 200
_POLL_SECONDS: Final = 0.02
_NO_PROGRAM: Final = (errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.ELOOP, errno.ENOTDIR)
_COMPILER: Final = """\
import json, py_compile, sys
for source, name, shown in json.loads(sys.stdin.read()):
    try:
        py_compile.compile(source, name, shown, True)
    except Exception:
        pass
"""


class PythonDoesNotRun(XcondaError):
    """The environment's Python cannot be started here: another platform's, or damaged."""

    code: ClassVar[str] = "python-does-not-run"

    def __init__(self, python: str, system_error: str) -> None:
        super().__init__(python, system_error)
        self.python, self.system_error = python, system_error
        self.what = "Byte code was not compiled: the environment's Python does not run here."
        self.why = f"{python}: {system_error}."
        self.fix = "if it is not meant for another platform, install `python` again."


def compile_sources(
    sources: Mapping[str, str], root: str, executable: str, scratch: str, cancel: CancelToken
) -> frozenset[str]:
    """Compile sources and put the byte code in place.

    Sources that do not compile (templates, other Pythons' syntax) are passed over: Python would not
    be able to import them either.

    Args:
        sources: Path of a source to the path of its byte code, relative to the prefix.
        root: Absolute path of the prefix.
        executable: Its Python, relative to the prefix.
        scratch: A folder of ours on the same file system.
        cancel: Looked at while the compilers run.

    Returns:
        The paths of byte code that were made.

    Raises:
        PythonDoesNotRun: the interpreter does not start.
        Cancelled: somebody asked to stop.
        OSError: the disk refused.
    """
    folder = f"{scratch}/byte-code"
    os.mkdir(folder)
    jobs = [
        (f"{root}/{source}", f"{number}.pyc", f"{root}/{source}")
        for number, source in enumerate(sources)
    ]
    _run(jobs, f"{root}/{executable}", folder, cancel)
    made = set()
    for number, compiled in enumerate(sources.values()):
        try:
            os.rename(f"{folder}/{number}.pyc", f"{root}/{compiled}")
        except FileNotFoundError:
            continue
        made.add(compiled)
    return frozenset(made)


def _run(jobs: list[tuple[str, str, str]], python: str, folder: str, cancel: CancelToken) -> None:
    count = max(1, min(usable_processors(), len(jobs) // _FILES_WORTH_A_PROCESS))
    running: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(count):
            todo = f"{folder}/todo-{number}"
            with open(todo, "w+", encoding="utf-8", errors="surrogateescape") as file:
                json.dump(jobs[number::count], file)
                file.seek(0)
                running.append(_start(python, file.fileno(), folder))
        for process in running:
            while process.poll() is None:
                cancel.wait(_POLL_SECONDS)
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
            process.wait()


def _start(python: str, todo: int, folder: str) -> subprocess.Popen[bytes]:
    # The names that the compiler writes are relative to the work folder: with the folder gone, a
    # compiler that was left behind has nowhere to write.
    try:
        return subprocess.Popen(
            [python, "-E", "-s", "-S", "-B", "-c", _COMPILER],
            stdin=todo,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8"},
        )
    except OSError as error:
        if error.errno in _NO_PROGRAM:
            raise PythonDoesNotRun(python, str(error.strerror)) from error
        raise
