"""Worker processes for the server: asked without blocking its event loop.

The engine runs in ``python -m xconda_core.worker``, one process per question or change, so that a
solve never holds up other requests, and a change survives the server.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeVar

import msgspec

from xconda_core.api import __version__
from xconda_jupyter.server.failures import Failed, refused

PROTOCOL: Final = 1  # the worker's; the kernel client's module that has it brings IPython
_LONGEST_LINE: Final = 1 << 28  # bytes; the answer to a search is one line
_SECONDS_TO_STOP: Final = 5.0
_AT_ONCE: Final = 4  # questions; further ones wait

Document = Mapping[str, Any]
T = TypeVar("T")


class _Line(msgspec.Struct):
    """What is read of a worker's line: its greeting, progress, an answer or a failure."""

    job: str | None = None
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: dict[str, Any] | None = None


_read_line: Final = msgspec.json.Decoder(_Line).decode


class Workers:
    """Starts workers, and knows those that still run."""

    def __init__(self, most_jobs: int = 8, most_questions: int = 64) -> None:
        """Start none yet.

        Args:
            most_jobs: Jobs that may run or wait at the same time; one more is refused.
            most_questions: Questions that may be asked at the same time, those that wait included.
        """
        self._questions = asyncio.Semaphore(_AT_ONCE)
        self._most_jobs, self._most_questions = most_jobs, most_questions
        self._begun = self._asked = 0
        self._asking: set[asyncio.subprocess.Process] = set()
        self._jobs: dict[str, asyncio.subprocess.Process] = {}
        self._watchers: set[asyncio.Task[None]] = set()

    async def answer(self, wish: Document, kind: type[T]) -> T:
        """Return the worker's answer to a question, which is a ``kind``.

        Raises:
            Failed: it could not be answered, or too many are asked already.
        """
        if self._asked >= self._most_questions:
            raise _too_many(f"{self._asked} questions are being answered already")
        self._asked += 1
        try:
            async with self._questions:
                return await self._answer(wish, kind)
        finally:
            self._asked -= 1

    async def _answer(self, wish: Document, kind: type[T]) -> T:
        process = await _start(wish)
        self._asking.add(process)
        try:
            async for line in _lines(process):
                if line.result is not msgspec.UNSET:
                    return msgspec.json.decode(line.result, type=kind)
            raise await _died(process)
        finally:
            await _stop(process)
            self._asking.discard(process)

    async def start_job(self, wish: Document) -> str:
        """Start a change and return its job's name; it goes on by itself.

        Raises:
            Failed: it could not even begin, or too many run already.
        """
        if self._begun >= self._most_jobs:
            raise _too_many(f"{self._begun} jobs of this server run or wait already")
        self._begun += 1
        try:
            return await self._start_job(wish)
        except BaseException:
            self._begun -= 1
            raise

    async def _start_job(self, wish: Document) -> str:
        process = await _start(wish)
        try:
            greeting = await anext(_lines(process), None)
        except Failed:
            await _stop(process)
            raise
        if greeting is None:
            raise await _died(process)
        job = str(greeting.job)
        self._jobs[job] = process
        watcher = asyncio.create_task(self._wait(job, process))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        return job

    @property
    def running(self) -> tuple[str, ...]:
        """Names of the jobs whose workers this server started and that have not ended."""
        return tuple(self._jobs)

    async def stop(self) -> None:
        """Cancel what still runs and wait for it: every environment is left as it was before.

        What does not end in time is killed: it is undone when the environment is next opened.
        """
        for process in (*self._jobs.values(), *self._asking):
            with suppress(ProcessLookupError):
                process.terminate()
        if self._watchers:
            await asyncio.wait(self._watchers, timeout=_SECONDS_TO_STOP)
        for process in self._jobs.values():
            with suppress(ProcessLookupError):
                process.kill()

    async def _wait(self, job: str, process: asyncio.subprocess.Process) -> None:
        # Standard input stays open meanwhile: the worker waits for a confirmation as long.
        stream = process.stdout
        while stream is not None and await stream.read(1 << 16):
            pass
        await process.wait()
        self._jobs.pop(job, None)
        self._begun -= 1


async def _start(wish: Document) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "xconda_core.worker"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
        start_new_session=True,  # Ctrl-C in the server's terminal is the server's to act on
        env={name: text for name, text in os.environ.items() if not name.startswith("PYTHON")},
    )
    document = {"protocol": PROTOCOL, "client_version": __version__, "owner": "server", **wish}
    if process.stdin is not None:
        with suppress(ConnectionError):  # it died at once; its silence is noticed below
            process.stdin.write(json.dumps(document).encode() + b"\n")
            await process.stdin.drain()
    return process


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[_Line]:
    while process.stdout is not None and (text := await process.stdout.readline()):
        line = _read_line(text)
        if line.error is not None:
            raise Failed(line.error)
        yield line


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End a worker that has answered, or whose answer nobody waits for any more."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _SECONDS_TO_STOP)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()


def _too_many(why: str) -> Failed:
    fix = "wait for one of them to end, or cancel it."
    return refused("too-many-requests", "Nothing was begun.", f"{why}.", fix)


async def _died(process: asyncio.subprocess.Process) -> Failed:
    code = await process.wait()
    return Failed(
        {
            "code": "worker-died",
            "what": "xconda's worker process ended without an answer.",
            "why": f"it exited with {code}.",
            "fix": "try again: whatever was half done is finished or undone first.",
            "facts": {"exit_code": code},
        }
    )
