"""Behind a real JupyterHub: each user's server with the extension, under ``/user/NAME/``.

Its proxy is a program of Node.js: it comes with what the panel is built with.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PROGRAMS = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
PROXY = shutil.which(
    "configurable-http-proxy", path=f"{ROOT / 'labextension/node_modules/.bin'}:{PROGRAMS}"
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PROXY is None or importlib.util.find_spec("jupyterhub") is None,
        reason="jupyterhub or configurable-http-proxy is not installed",
    ),
]
SECONDS = 60.0
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{hub}/hubs/"
c.JupyterHub.hub_port = {api}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = ["{command}"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{home}/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = [
    "--allow-root", "--ServerApp.jpserver_extensions={{'xconda_jupyter.server': True}}"
]
c.Spawner.env_keep = ["PATH", "PYTHONPATH", "CONDA_ENVS_DIRS", "CONDA_PKGS_DIRS", "CONDA_CHANNELS"]
c.JupyterHub.services = [{{"name": "tests", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{
    "name": "tests",
    "services": ["tests"],
    "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
}}]
"""


@dataclass(frozen=True)
class Hub:
    """A running hub.

    Attributes:
        url: Where it is, with a slash at the end; it has a base_url of its own.
        token: What its administrator's requests carry.
    """

    url: str
    token: str

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, Any]:
        """Ask the hub or a user's server; return status and document."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {token or self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                text = answer.read()
                return answer.status, json.loads(text or b"null")
        except urllib.error.HTTPError as error:
            return error.code, None

    def user(self, name: str) -> str:
        """Make a user whose server runs, and return a token of theirs."""
        self.ask("POST", f"hub/api/users/{name}")
        self.ask("POST", f"hub/api/users/{name}/server")
        wait(lambda: (self.ask("GET", f"hub/api/users/{name}")[1] or {}).get("server"))
        return str(self.ask("POST", f"hub/api/users/{name}/tokens", body={})[1]["token"])


def wait(ready: Any) -> Any:
    """Return the first true answer of ``ready``."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = ready()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come about")


@pytest.fixture
def hub(user: Path, tmp_path: Path) -> Iterator[Hub]:
    """A hub of its own, under ``/hubs/``, with the channel of the tests."""
    ports = dict(zip(("hub", "api", "proxy"), _free_ports(3), strict=True))
    token = "0123456789abcdef" * 2
    config = tmp_path / "jupyterhub_config.py"
    config.write_text(
        CONFIG.format(
            **ports, command=PROXY, home=tmp_path / "homes", python=sys.executable, token=token
        )
    )
    own = {
        **os.environ,
        "PATH": PROGRAMS,
        "PYTHONPATH": str(ROOT),
        "JUPYTERHUB_CRYPT_KEY": "0" * 64,
    }
    own = {name: text for name, text in own.items() if not name.startswith(("JUPYTER_", "PYTEST"))}
    log = tmp_path / "hub.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            env=own, cwd=tmp_path, stdout=output, stderr=output,
        )  # fmt: skip
    found = Hub(f"http://127.0.0.1:{ports['hub']}/hubs/", token)
    try:
        wait(lambda: _answers(found, process, log))
        yield found
    finally:
        process.terminate()
        process.wait(30)


def _answers(hub: Hub, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text(errors="replace")
    try:
        return hub.ask("GET", "hub/api/users")[0] == 200
    except urllib.error.URLError:
        return False


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def test_each_user_of_a_hub_changes_their_own_environments_and_nobody_elses(hub: Hub) -> None:
    ann, bob = hub.user("ann"), hub.user("bob")
    wish = {"verb": "create", "name": "work", "specs": ["tool"], "confirm": "yes"}
    status, job = hub.ask("POST", "user/ann/xconda/jobs", ann, wish)
    assert status == 202
    place = f"user/ann/xconda/jobs/{job['id']}"
    wait(lambda: hub.ask("GET", place, ann)[1]["status"] != "running")
    assert hub.ask("GET", place, ann)[1]["status"] == "succeeded"
    status, found = hub.ask("GET", "user/ann/xconda/packages?name=work", ann)
    assert (status, {each["name"] for each in found["packages"]}) == (200, {"tool", "base-lib"})
    assert hub.ask("GET", "user/ann/xconda/packages?name=work", bob)[0] == 403
    assert hub.ask("POST", "user/ann/xconda/jobs", bob, wish)[0] == 403
    assert hub.ask("GET", "user/ann/xconda/environments", "no token of anybody")[0] == 403
    _, jobs = hub.ask("GET", "user/bob/xconda/jobs", bob)
    assert jobs["jobs"] == []
