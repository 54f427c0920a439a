"""A real environment with a kernel in it, made by xconda from a real channel over HTTP."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from xconda_core import api
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

SECONDS = 120.0
OnOutput = Callable[["Outcome"], None]


@dataclass
class Outcome:
    """What one cell did.

    Attributes:
        status: ``ok`` or ``error``.
        pictures: Text of everything displayed, in order; updates are further entries.
        pages: The same as HTML.
        printed: What went to standard output and error.
        value: Text of the cell's value.
        error: The lines shown in place of the value.
        error_name: Class of the exception.
    """

    status: str = ""
    pictures: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    printed: str = ""
    value: str = ""
    error: str = ""
    error_name: str = ""

    @property
    def last(self) -> str:
        """The text that stands in the notebook in the end."""
        return self.pictures[-1]


class Kernel:
    """A kernel that xconda started, and its client."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self._client: Any = manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=SECONDS)

    def run(self, code: str, on_output: OnOutput = lambda outcome: None) -> Outcome:
        """Run one cell to its end."""
        outcome = Outcome()

        def take(message: Mapping[str, Any]) -> None:
            _take(outcome, message["msg_type"], message["content"])
            on_output(outcome)

        reply = self._client.execute_interactive(code, timeout=SECONDS, output_hook=take)
        outcome.status = reply["content"]["status"]
        return outcome

    def complete(self, code: str) -> list[str]:
        """Press Tab at the end of ``code``, and return what the last word may become."""
        reply = self._client.complete(code, reply=True, timeout=SECONDS)["content"]
        return [code[: reply["cursor_start"]] + match for match in reply["matches"]]

    def interrupt(self) -> None:
        """Do what the stop button does."""
        self.manager.interrupt_kernel()

    def restart(self) -> None:
        """Do what the restart button does."""
        restart: Any = self.manager.restart_kernel
        restart(now=True)
        self._client.wait_for_ready(timeout=SECONDS)

    def stop(self) -> None:
        """End the kernel."""
        self._client.stop_channels()
        self.manager.shutdown_kernel(now=True)


StartKernel = Callable[..., Kernel]


def a_module(name: str, version: str) -> SimulatedPackage:
    text = f"__version__ = {version!r}\n".encode()
    files = {f"site-packages/{name}/__init__.py": text}
    return a_package(name, version, noarch="python", depends=["python"], files=files)


def a_heap(name: str) -> SimulatedPackage:
    """Return a package of so many files that linking it takes a while."""
    return a_package(name, files={f"share/{name}/{number}": b"\0" for number in range(200)})


@pytest.fixture(scope="session")
def small_channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("small")
    many = [a_heap(f"filler{number}") for number in range(25)]
    names = [package.metadata.name for package in many]
    packages = [a_module("greeter", version) for version in ("1.0", "2.0", "3.0")]
    # However fast the disk, linking is not over before somebody could interrupt it.
    pause = {"bin/.crowd-post-link.sh": b"#!/bin/sh\nsleep 20\n"}
    crowd = a_package("crowd", depends=names, files=pause, executables=list(pause))
    a_channel(folder, [*packages, *many, crowd])
    with serve(folder) as server:
        yield server.url


@pytest.fixture(scope="session")
def user(
    demo_channel_url: str, small_channel: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Environment variables of a user with an empty home and two channels."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "CONDA_CHANNELS": f"{demo_channel_url},{small_channel}",
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }


@pytest.fixture(scope="session")
def environment(user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with Python and ipykernel that never installed xconda."""
    prefix = tmp_path_factory.mktemp("envs") / "science"
    command = [sys.executable, "-m", "xconda_core", "create", "-y", "-p", str(prefix)]
    done = subprocess.run(
        [*command, "python", "ipykernel"], env=user, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return prefix


@pytest.fixture
def start_kernel(user: dict[str, str], tmp_path: Path) -> Iterator[StartKernel]:
    """Start kernels as Jupyter does: kernelspec, provisioner, connection file."""
    kernels: list[Kernel] = []

    def start(prefix: Path, **variables: str) -> Kernel:
        added = api.add_kernel(api.python_kernel(prefix), tmp_path / "jupyter" / "kernels")
        specs: Any = KernelSpecManager(kernel_dirs=[str(tmp_path / "jupyter" / "kernels")])
        manager: Any = KernelManager(
            kernel_name=added.name,
            kernel_spec_manager=specs,
            connection_file=str(tmp_path / f"kernel-{len(kernels)}.json"),
        )
        if manager.has_trait("transport_encryption"):
            manager.transport_encryption = "auto"
        manager.start_kernel(env={**user, **variables}, cwd=str(tmp_path))
        kernels.append(Kernel(manager))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.stop()


@pytest.fixture
def kernel(start_kernel: StartKernel, environment: Path) -> Kernel:
    return start_kernel(environment)


def _take(outcome: Outcome, kind: str, content: Mapping[str, Any]) -> None:
    if kind == "stream":
        outcome.printed += content["text"]
    elif kind in {"display_data", "update_display_data"}:
        outcome.pictures.append(content["data"].get("text/plain", ""))
        outcome.pages.append(content["data"].get("text/html", ""))
    elif kind == "execute_result":
        outcome.value = content["data"]["text/plain"]
    elif kind == "error":
        outcome.error = "\n".join(content["traceback"])
        outcome.error_name = content["ename"]


def installed(prefix: Path) -> set[str]:
    """Return ``name-version-build`` of every package that the prefix has a record of."""
    return {record.stem for record in (prefix / "conda-meta").glob("*.json")}


def wait_until(is_so: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Return as soon as ``is_so``; fail after ``seconds``."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


__all__ = ["Kernel", "Outcome", "StartKernel", "installed", "wait_until"]
