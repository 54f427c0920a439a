"""Start the worker process in xconda's own Python, and hear what it says."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Dict, Iterator, Mapping, Optional, Type

from xconda_jupyter import __version__
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.growing_file import open_file

PROTOCOL = 1
WORKER_PYTHON = "XCONDA_WORKER_PYTHON"
"""Environment variable by which xconda's kernel launcher names the Python that xconda lives in."""

_SECONDS_TO_STOP = 1.0


class Worker:
    """A running worker process; as a context manager it is waited for at the end.

    Its standard input stays open for as long as this kernel lives: that is how the worker knows
    that there is still somebody who could confirm. It runs in a session of its own, so that the
    interrupt of a kernel does not kill it in the middle of its work.

    Attributes:
        log: What it writes to standard error, until a job's folder takes that.
    """

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._log = _temporary_file()
        self.log = open_file(self._log.fileno())
        self._process = subprocess.Popen(
            [worker_python(), "-P", "-m", "xconda_core.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(os.environ),
            start_new_session=True,
        )
        document = {"protocol": PROTOCOL, "client_version": __version__, **request}
        with suppress(BrokenPipeError):  # it died at once; greeting() says so
            _stream(self._process.stdin).write(json.dumps(document).encode() + b"\n")
            _stream(self._process.stdin).flush()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            _close(stream)
        if error is not None and self.is_running:
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):  # waiting for a network; it ends by itself
            self._process.wait(_SECONDS_TO_STOP)
        self._log.close()

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end; what it was about to say is not said."""
        self._process.terminate()

    def greeting(self) -> Dict[str, Any]:
        """Return the worker's first line.

        Raises:
            XcondaFailed: it could not begin, or ended without a word.
        """
        for document in self.documents():
            return document
        raise self.died()

    def documents(self) -> Iterator[Dict[str, Any]]:
        """Yield each line that the worker says, until it has nothing more to say.

        Raises:
            XcondaFailed: a line says that it failed.
        """
        for line in iter(_stream(self._process.stdout).readline, b""):
            document = json.loads(line)
            if "error" in document:
                raise XcondaFailed(document["error"])
            yield document

    def died(self) -> XcondaFailed:
        """Return the failure of a worker that ended without an answer."""
        self._process.wait()
        self._log.seek(0)
        said = self._log.read().decode("utf-8", "replace").strip().splitlines()[-8:]
        code = self._process.returncode
        return XcondaFailed(
            {
                "code": "worker-died",
                "what": "xconda's worker process ended without an answer.",
                "why": "\n".join(["it exited with {}.".format(code), *said]),
                "fix": "run it again: whatever was half done is finished or undone first.",
                "facts": {"exit_code": code, "python": worker_python()},
            }
        )


def _temporary_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise XcondaFailed(
            {
                "code": "no-temporary-folder",
                "what": "Nothing was done: temporary files cannot be written.",
                "why": "{}.".format(error.strerror or error),
                "fix": "set os.environ['TMPDIR'] to a folder of yours that has room, and "
                "tempfile.tempdir to None; or set TMPDIR where Jupyter is started.",
                "facts": {"TMPDIR": os.environ.get("TMPDIR", "")},
            }
        ) from None


def worker_python() -> str:
    """Return the Python that xconda's engine runs in.

    Raises:
        XcondaFailed: nothing here says where that is.
    """
    named = os.environ.get(WORKER_PYTHON, "")
    if named and os.path.exists(named):
        return named
    if sys.version_info >= (3, 11) and importlib.util.find_spec("xconda_core") is not None:
        return sys.executable
    if named:
        why = "{} names {}, which is not there (any more).".format(WORKER_PYTHON, named)
    else:
        why = "this kernel was not started by xconda, and its Python has no xconda of its own."
    raise XcondaFailed(
        {
            "code": "engine-not-found",
            "what": "The engine of xconda was not found.",
            "why": why,
            "fix": "choose this environment's kernel from those that xconda starts, or set {} "
            "to the Python in which xconda is installed.".format(WORKER_PYTHON),
            "facts": {"python": sys.executable, WORKER_PYTHON: named},
        }
    )


def _environment(environ: Mapping[str, str]) -> Dict[str, str]:
    """Return the worker's environment: what steers this kernel's Python must not steer that one."""
    return {name: value for name, value in environ.items() if not name.startswith("PYTHON")}


def _stream(stream: Optional[IO[bytes]]) -> IO[bytes]:
    if stream is None:
        raise ValueError("the worker's streams are pipes")
    return stream


def _close(stream: Optional[IO[bytes]]) -> None:
    with suppress(BrokenPipeError):
        _stream(stream).close()
