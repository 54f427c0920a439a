"""A real JupyterLab in a real Chromium, on an environment that xconda made from a real channel."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

ROOT = Path(__file__).parents[2]
PANEL = ROOT / "xconda_jupyter" / "labextension"
CHROMIUM = next((path for path in map(shutil.which, ("chromium", "google-chrome")) if path), None)
SECONDS = 60.0


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Attributes:
        url: Its address, token included.
        home: The home of its user.
        environ: The variables it runs with; a terminal beside it has the same.
    """

    url: str
    home: Path
    environ: dict[str, str]

    def xconda(self, *words: str) -> str:
        """Run the command line as the same user does in a terminal, and return its output."""
        done = subprocess.run(
            [sys.executable, "-m", "xconda_core", *words],
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with the panel, and the environment ``work`` in which ``tool`` 1.0 is."""
    if not (PANEL / "package.json").is_file():
        pytest.skip("the JupyterLab panel is not built (make panel)")
    home = tmp_path_factory.mktemp("lab")
    packages = [
        a_package("tool", "1.0", depends=("base-lib >=2",), files={"bin/tool": b"1"}),
        a_package("tool", "2.0", depends=("base-lib >=2",), files={"bin/tool": b"2"}),
        a_package("base-lib", "2.1", files={"lib/base": b"x" * 3000}),
        a_package("extra", "1.0", depends=("base-lib",), files={"lib/extra": b"1"}),
        a_package("old-base", "1.0", constrains=("base-lib <2",)),
    ]
    a_channel(home / "channel", packages)
    data = home / "jupyter" / "labextensions"
    data.mkdir(parents=True)
    (data / "xconda-lab").symlink_to(PANEL)
    with serve(home / "channel") as server:
        environ = _environ(home, server.url)
        here = Lab("", home, environ)
        here.xconda("create", "-y", "-n", "work", "tool=1.0")
        yield from _running(here)


def _environ(home: Path, channel: str) -> dict[str, str]:
    foreign = ("CONDA_", "MAMBA_", "XDG_", "JUPYTER_", "PYTHON", "PYTEST")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "JUPYTER_PATH": str(home / "jupyter"),
        "CONDA_ENVS_DIRS": str(home / "envs"),
        "CONDA_PKGS_DIRS": str(home / "pkgs"),
        "CONDA_CHANNELS": channel,
    }


def _running(here: Lab) -> Iterator[Lab]:
    notebooks = here.home / "notebooks"
    notebooks.mkdir()
    settings = here.home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab"
    notification = settings / "apputils-extension" / "notification.jupyterlab-settings"
    notification.parent.mkdir(parents=True)
    notification.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += [f"--notebook-dir={notebooks}", "--IdentityProvider.token=secret"]
    command += [
        "--ServerApp.jpserver_extensions={'xconda_jupyter.server': True, 'jupyter_lsp': True}"
    ]
    log = here.home / "lab.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=here.environ, cwd=here.home, stdout=output, stderr=output
        )
    try:
        yield Lab(_address(process, log), here.home, here.environ)
    finally:
        process.terminate()
        process.wait(30)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        for line in log.read_text(errors="replace").splitlines():
            start = line.find("http://127.0.0.1:")
            if start >= 0:
                base = line[start:].split("/lab")[0].strip()
                with urllib.request.urlopen(f"{base}/api?token=secret"):
                    return f"{base}/lab?token=secret&reset"
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@pytest.fixture
def page(lab: Lab, browser: Any) -> Iterator[Any]:
    """The panel in a fresh tab; an error in the browser's console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SECONDS * 1000)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda said: errors.append(_words(said)) if said.type == "error" else None)
    tab.goto(lab.url)
    tab.click('[data-id="xconda-panel"]')
    tab.get_by_label("Environment", exact=True).wait_for()
    yield tab
    context.close()
    assert errors == []


def _words(said: Any) -> str:
    return f"{said.text} ({said.location.get('url', '')})"
