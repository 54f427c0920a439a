"""A Jupyter server as a process of its own, and what its REST API says."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

SECONDS = 60.0
_TOKEN = "for-tests"


class JupyterServer:
    """A running server with xconda's extension.

    Attributes:
        url: Where it is, base_url included.
        root: Its folder of notebooks.
        runtime: Where connection files are.
    """

    def __init__(self, url: str, root: Path, runtime: Path) -> None:
        self.url = url
        self.root = root
        self.runtime = runtime

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer's document."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {_TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def open(self, notebook: str, kernel: str) -> Any:
        """Open a notebook as JupyterLab does, and return its session."""
        wanted = {
            "path": notebook,
            "name": notebook,
            "type": "notebook",
            "kernel": {"name": kernel},
        }
        return self.ask("POST", "api/sessions", wanted)

    def client(self, session: Any) -> BlockingKernelClient:
        """Return a client of the session's kernel."""
        path = self.runtime / f"kernel-{session['kernel']['id']}.json"
        client = BlockingKernelClient(connection_file=str(path))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        return client


@contextmanager
def jupyter_server(user: Mapping[str, str], root: Path) -> Iterator[JupyterServer]:
    """Run a server for ``user`` in ``root`` until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    runtime = Path(user["JUPYTER_RUNTIME_DIR"])
    command = [
        sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--allow-root",
        f"--ServerApp.root_dir={root}", "--ServerApp.base_url=/somewhere/",
        f"--IdentityProvider.token={_TOKEN}", "--ServerApp.port_retries=0",
        "--ServerApp.jpserver_extensions={'xconda_jupyter.server': True}",
    ]  # fmt: skip
    environ = {**user, "PYTHONPATH": os.getcwd()}
    with (root / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=root)
    server = JupyterServer(f"http://127.0.0.1:{port}/somewhere/", root, runtime)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait(server: JupyterServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            server.ask("GET", "api/status")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError((server.root / "server.log").read_text())
