"""A real JupyterLab in a real Chromium, on an environment that xconda made from a real channel."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

import pytest

from xconda_core.environment.kernels import kernel_name
from xconda_core.testing.channel_server import Fault, serve
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

OpenPage = Callable[..., Any]
ROOT = Path(__file__).parents[2]
PANEL = ROOT / "xconda_jupyter" / "labextension"
CHROMIUM = next((path for path in map(shutil.which, ("chromium", "google-chrome")) if path), None)
SECONDS = 60.0
PATIENCE = 60.0  # seconds; CI shares its two cores among two such browsers
SLOW_PARTS = 12  # archives of `slow`, each of which lets a second pass before it comes


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


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """Nothing: no server runs in this process, and Playwright has a loop of its own."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """Nothing to clean up either."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; closed with the module, for its event loop runs in this thread."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


def a_module(name: str, version: str, depends: Sequence[str] = ()) -> SimulatedPackage:
    """Return a package with one Python module that knows its version."""
    text = f"__version__ = {version!r}\n".encode()
    files = {f"site-packages/{name}/__init__.py": text}
    needs = ["python", *depends]
    return a_package(name, version, noarch="python", depends=needs, files=files, license="MIT")


def the_packages() -> list[SimulatedPackage]:
    """What the channel of the tests offers, beside a Python with its kernel."""
    parts = [f"slow-part{number}" for number in range(SLOW_PARTS)]
    others = [f"slow-other{number}" for number in range(SLOW_PARTS)]
    return [
        a_package("tool", "1.0", depends=("base-lib >=2",), license="MIT"),
        a_package("tool", "2.0", depends=("base-lib >=2",), license="GPL-3.0-only"),
        a_package("base-lib", "2.0", files={"lib/base": b"x" * 2000}, license="BSD-3-Clause"),
        a_package("base-lib", "2.1", files={"lib/base": b"x" * 3000}, license="BSD-3-Clause"),
        a_package("base-lib", "1.5", files={"lib/base": b"x" * 1000}, license="BSD-3-Clause"),
        a_package("extra", "1.0", depends=("base-lib",), files={"lib/extra": b"1"}),
        a_package("old-base", "1.0", constrains=("base-lib <2",)),
        a_package("report", "3.0", depends=("charts >=4", "tables")),
        a_package("charts", "4.1", depends=("base-lib <2",)),
        a_package("tables", "1.0", depends=("base-lib",)),
        a_package("slow", "1.0", depends=parts),
        a_package("unhurried", "1.0", depends=others),  # for who finds nothing of it in the cache
        *(a_package(name, "1.0") for name in (*parts, *others)),
        *(a_module("greeter", version) for version in ("1.0", "2.0")),
    ]


def _slowly(home: Path) -> Callable[[str, int], Fault | None]:
    """Return what holds back archives of slow packages, for as long as there is a file `hold`."""

    def fault(path: str, count: int) -> Fault | None:
        del count  # every time
        if "/slow-" not in path:
            return None
        end = time.monotonic() + PATIENCE
        while (home / "hold").exists() and time.monotonic() < end:
            time.sleep(0.05)
        return Fault(delay=1.0)

    return fault


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, demo_channel_url: str) -> Iterator[Lab]:
    """JupyterLab with the panel, and three environments.

    ``work`` has ``tool`` 1.0 and no Python; ``science`` and ``other`` have a kernel each, and
    ``science`` has ``greeter`` 1.0.
    """
    if not (PANEL / "package.json").is_file():
        pytest.skip("the JupyterLab panel is not built (make panel)")
    home = tmp_path_factory.mktemp("lab")
    a_channel(home / "channel", the_packages())
    data = home / "jupyter" / "labextensions"
    data.mkdir(parents=True)
    (data / "xconda-lab").symlink_to(PANEL)
    (data / "@jupyter-widgets").mkdir()
    (data / "@jupyter-widgets" / "jupyterlab-manager").symlink_to(_widget_manager())
    with serve(home / "channel", faults=_slowly(home)) as server:
        environ = _environ(home, f"{server.url},{demo_channel_url}")
        here = Lab("", home, environ)
        here.xconda("create", "-y", "-n", "work", "tool=1.0")
        here.xconda("create", "-y", "-n", "science", "python", "ipykernel", "greeter=1.0")
        here.xconda("create", "-y", "-n", "other", "python", "ipykernel")
        yield from _running(here)


def _widget_manager() -> Path:
    """Return where ipywidgets' part for JupyterLab was installed."""
    part = distribution("jupyterlab_widgets")
    page = next(each for each in part.files or () if each.match("jupyterlab-manager/package.json"))
    return Path(str(part.locate_file(page))).resolve().parent


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
    command += ["--LabApp.expose_app_in_browser=True"]  # tests run JupyterLab's own commands
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
                with suppress(urllib.error.URLError):  # it says so before it listens
                    urllib.request.urlopen(f"{base}/api?token=secret").close()
                    return f"{base}/lab?token=secret&reset"
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


# A lab that has just started gives the keyboard to its launcher once, and may do so late.
_NOTES_THE_LAUNCHER: Final = """
addEventListener('focusin', event => {
  window.launcherHadKeyboard ||= event.target.closest('.jp-Launcher') !== null;
}, true);
"""


@pytest.fixture
def open_page(lab: Lab, browser: Any) -> Iterator[OpenPage]:
    """Opens tabs with the panel in front; an error in a browser's console fails the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def note(said: Any) -> None:
        if said.type == "error":
            errors.append(f"{said.text} ({said.location.get('url', '')})")

    def open_page(width: int = 1280, height: int = 800, path: str = "") -> Any:
        context = browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", note)
        tab.add_init_script(_NOTES_THE_LAUNCHER)
        tab.goto(lab.url.replace("/lab?", f"/lab/tree/{path}?" if path else "/lab?"))
        show_panel(tab)
        if not path:
            tab.wait_for_function("window.launcherHadKeyboard")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    """One tab with the panel in front."""
    return open_page()


def show_panel(tab: Any) -> None:
    """Bring the panel to the front and wait until it has read the environments."""
    button = tab.locator('[data-id="xconda-panel"]').first
    button.wait_for()
    if not tab.locator("#xconda-panel").is_visible():
        button.click()
    tab.get_by_label("Environment", exact=True).locator("option").first.wait_for(state="attached")


def notebook(lab: Lab, name: str, environment: str, *cells: str) -> str:
    """Write a notebook with the kernel of an environment, and return its path for the lab."""
    kernel = kernel_name(lab.home / "envs" / environment, environment)
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": kernel, "display_name": environment}},
        "cells": [
            {
                "id": f"cell{number}",
                "cell_type": "code",
                "source": text,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for number, text in enumerate(cells)
        ],
    }
    (lab.home / "notebooks" / name).write_text(json.dumps(document), encoding="utf-8")
    return name


def choose(page: Any, name: str) -> None:
    """Choose an environment in the panel."""
    picker = page.get_by_label("Environment", exact=True)
    value = picker.locator("option").filter(has_text=name).first.get_attribute("value")
    picker.select_option(value=value)


def find_and_install(page: Any, name: str) -> None:
    """Search the channels for a package and ask for it."""
    page.get_by_role("tab", name="Packages").click()
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name=f"Install {name}", exact=True).click()


def apply(page: Any) -> None:
    """Apply the plan that waits, and wait until it is carried out."""
    page.get_by_role("button", name="Apply").click()
    page.locator(".xc-Done").wait_for()


def run_cell(page: Any, index: int) -> Any:
    """Run one cell of the notebook in front, and return where its output is shown."""
    page.get_by_text("| Idle").first.wait_for()  # the indicator says so before there is a kernel
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(index)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    return cell.locator(".jp-OutputArea-output")
