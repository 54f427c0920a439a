"""A server of its own process behind a base URL, beside terminals and kernels that die."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from jupyter_client.manager import KernelManager

from xconda_core.testing.channel_server import Fault, serve
from xconda_core.testing.simulator import a_channel, a_package

pytestmark = pytest.mark.slow
BASE_URL = "/user/me%40here/"
Ask = Callable[..., Any]


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A user with one channel, whose package ``slow`` takes a second to come."""
    many = {f"share/many/{number}": b"x" * 100 for number in range(6000)}
    a_channel(
        tmp_path / "channel",
        [
            a_package("tool", "1.0", files={"bin/tool": b"1"}),
            a_package("tool", "2.0", files={"bin/tool": b"2"}),
            a_package("slow", "1.0", files={"share/slow": b"here"}),
            a_package("many", "1.0", files=many),
        ],
    )

    def fault(path: str, times: int) -> Fault | None:
        return Fault(delay=1.5) if "slow-" in path else None

    home = tmp_path / "home"
    home.mkdir()
    with serve(tmp_path / "channel", faults=fault) as server:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        yield {
            **kept,
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "CONDA_CHANNELS": server.url,
            "CONDA_ENVS_DIRS": str(home / "envs"),
            "CONDA_PKGS_DIRS": str(home / "pkgs"),
            # what a hub gives a server that it starts:
            "JUPYTERHUB_SERVICE_PREFIX": BASE_URL,
            "JUPYTERHUB_USER": "me@here",
        }


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def a_server(environ: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], Ask]]:
    """Run a server until the block ends, and give what asks it."""
    options = {
        "ServerApp.jpserver_extensions": "{'xconda_jupyter.server': True}",
        "ServerApp.base_url": environ["JUPYTERHUB_SERVICE_PREFIX"],
        "ServerApp.root_dir": environ["HOME"],
        "IdentityProvider.token": "letmein",
        "ServerApp.port": "0",
        "ServerApp.open_browser": "False",
    }
    command = [sys.executable, "-m", "jupyter_server", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        facts = _when(lambda: _facts(Path(environ["JUPYTER_RUNTIME_DIR"]), process.pid))
        _when(lambda: _listens(int(facts["port"])))  # the file of facts is there before
        url = f"http://127.0.0.1:{facts['port']}{BASE_URL}xconda/"

        def ask(method: str, path: str, body: object = None, /, **query: str) -> Any:
            headers = {"Authorization": "token letmein"}
            answer = requests.request(
                method, url + path, json=body, params=query, headers=headers, timeout=60
            )
            assert answer.ok, answer.text
            return answer.json()

        yield process, ask
    finally:
        process.terminate()
        process.wait(30)


def _facts(folder: Path, pid: int) -> Any:
    try:
        return json.loads((folder / f"jpserver-{pid}.json").read_text())
    except (OSError, ValueError):
        return None


def _when(look: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def _xconda(environ: Mapping[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "xconda_core", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _versions(environ: Mapping[str, str], prefix: str) -> dict[str, str]:
    found = json.loads(_xconda(environ, "list", "-p", prefix, "--json"))
    return {each["name"]: each["version"] for each in found}


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z (zombie)" not in Path(f"/proc/{pid}/status").read_text()


@contextmanager
def a_kernel(environ: Mapping[str, str]) -> Iterator[tuple[KernelManager, Any]]:
    """Run a kernel with the magic loaded."""
    manager = KernelManager()
    manager.start_kernel(env=dict(environ), cwd=environ["HOME"])
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        client.execute_interactive("%load_ext xconda_jupyter.kernel", timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_terminals_and_a_kernels_jobs_are_those_that_the_server_shows(
    surroundings: dict[str, str],
) -> None:
    prefix = str(Path(surroundings["CONDA_ENVS_DIRS"]) / "e")
    with a_server(surroundings) as (_, ask), a_kernel(surroundings) as (_, client):
        _xconda(surroundings, "create", "-p", prefix, "tool=1", "--yes")
        outcome = client.execute_interactive(
            f"%xconda install -p {prefix} slow", timeout=120, output_hook=lambda message: None
        )
        assert outcome["content"]["status"] == "ok", outcome
        job = ask("POST", "jobs", {"verb": "update", "name": "e", "specs": ["tool"]})
        jobs = ask("GET", "jobs", prefix=prefix)["jobs"]
        assert [(each["owner"]["kind"], each["verb"]) for each in jobs] == [
            ("server", "update"), ("kernel", "install"), ("cli", "create"),
        ]  # fmt: skip
        for each in jobs[1:]:
            assert ask("GET", f"jobs/{each['id']}")["transaction"]["linked"]
            assert ask("GET", f"jobs/{each['id']}/log")["words"][-1] == "Done"
        ask("DELETE", f"jobs/{job['id']}")


def test_a_kernel_that_dies_in_mid_install_loses_nothing(surroundings: dict[str, str]) -> None:
    prefix = str(Path(surroundings["CONDA_ENVS_DIRS"]) / "e")
    _xconda(surroundings, "create", "-p", prefix, "tool=1", "--yes")
    with a_server(surroundings) as (_, ask):
        with a_kernel(surroundings) as (manager, client):
            client.execute(f"%xconda install -p {prefix} slow")

            def downloading() -> Any:
                jobs = ask("GET", "jobs", prefix=prefix)["jobs"]
                return next((each for each in jobs if each["phase"] == "download"), None)

            job = _when(downloading)
            os.kill(manager.provisioner.pid, signal.SIGKILL)  # type: ignore[union-attr]
        document = _when(lambda: _finished(ask, job["id"]))
        assert document["status"] == "succeeded", document["error"]
    assert _versions(surroundings, prefix) == {"slow": "1.0", "tool": "1.0"}


def _finished(ask: Ask, job: str) -> Any:
    document = ask("GET", f"jobs/{job}")
    return document if document["status"] != "running" else None


@pytest.mark.parametrize(("package", "phase"), [("slow", "download"), ("many", "link")])
def test_a_server_that_is_told_to_stop_leaves_an_environment_old_or_new_and_no_worker(
    surroundings: dict[str, str], package: str, phase: str
) -> None:
    prefix = str(Path(surroundings["CONDA_ENVS_DIRS"]) / "e")
    _xconda(surroundings, "create", "-p", prefix, "tool=1", "--yes")
    with a_server(surroundings) as (server, ask):
        wish = {"verb": "install", "name": "e", "specs": [package], "confirm": "yes"}
        job = ask("POST", "jobs", wish)
        folder = Path(surroundings["XDG_STATE_HOME"]) / "xconda" / "jobs" / job["id"]
        _when(lambda: f'"phase": "{phase}"' in (folder / "events.jsonl").read_text())
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    assert not _is_alive(job["owner"]["pid"])
    old, new = {"tool": "1.0"}, {"tool": "1.0", package: "1.0"}
    result = json.loads((folder / "result.json").read_text())
    expected = new if result["outcome"] == "succeeded" else old
    assert _versions(surroundings, prefix) == expected
    if phase == "download":
        assert result["outcome"] == "cancelled"
