"""The main job, end to end, for real: ``make demo`` and ``make lab`` run this from a checkout.

A channel is built from the running Python and PyPI's wheels and served on loopback; ``xconda
create`` makes an environment from it; ``quickstart.ipynb`` is executed in that environment's own
kernel. Everything lives in ``.demo``, with a home folder of its own, and nothing else is touched.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from xconda_core.errors import XcondaError
from xconda_core.testing.channel_builder import build_demo_channel
from xconda_core.testing.channel_server import serve

HERE: Final = Path(__file__).parent
DEMO: Final = HERE.parent / ".demo"
CHANNEL: Final = DEMO / "channels" / "demo"
HOME: Final = DEMO / "home"
ROOT: Final = DEMO / "xconda"
PREFIX: Final = ROOT / "envs" / "demo"
PACKAGES: Final = ("python", "ipykernel", "numpy")
NOTEBOOK: Final = HERE / "quickstart.ipynb"
PANEL: Final = HERE.parent / "xconda_jupyter" / "labextension" / "package.json"
EXECUTED: Final = DEMO / "quickstart.executed.ipynb"
OPTIONAL: Final = {
    "pycosat": "no solver's second opinion: pycosat is not installed (it needs a C compiler)",
}


class Account:
    """What the demo says of itself: one line per stage, with its time."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def say(self, text: str = "") -> None:
        """Write one line."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Write ``title``, and how long the block took."""
        self.say(f"\n== {title}")
        start = time.monotonic()
        yield
        self.say(f"   ({time.monotonic() - start:.1f} s)")

    @property
    def seconds(self) -> float:
        """Time since the beginning."""
        return time.monotonic() - self.started


def main() -> int:
    """Run the demo, or JupyterLab on its environment; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", action="store_true", help="open JupyterLab on the environment")
    options = parser.parse_args()
    account = Account()
    try:
        return demonstrate(account, lab=options.lab)
    except XcondaError as error:
        account.say(str(error))
        return error.exit_code
    except subprocess.CalledProcessError as error:
        account.say(f"`{' '.join(error.cmd)}` failed (exit code {error.returncode}).")
        return 1


def demonstrate(account: Account, *, lab: bool) -> int:
    """Build, serve, create; then execute the notebook, or open JupyterLab."""
    with account.stage("A real channel from this Python and PyPI's wheels (reused when built)"):
        build_demo_channel(DEMO / "cache", CHANNEL, lambda text: account.say(f"   {text}"))
    with serve(CHANNEL.parent) as server:
        environ = demo_environ(f"{server.url}/{CHANNEL.name}")
        account.say(f"   served at {server.url}/{CHANNEL.name}")
        if not lab or not PREFIX.exists():
            with account.stage(f"xconda create -n demo {' '.join(PACKAGES)}"):
                shutil.rmtree(PREFIX, ignore_errors=True)
                run_xconda(environ, "create", "--yes", "-n", "demo", *PACKAGES)
        if lab:
            return open_lab(account, environ)
        with account.stage(f"{NOTEBOOK.name}, executed in the kernel of that environment"):
            execute_notebook(account, environ)
        with account.stage("xconda list -n demo '^(python|numpy|pandas|ipykernel)$'"):
            run_xconda(environ, "list", "-n", "demo", "^(python|numpy|pandas|ipykernel)$")
    tell_the_rest(account)
    return 0


def demo_environ(channel: str) -> dict[str, str]:
    """Return variables for a user who has a home of his own, and this one channel."""
    foreign = ("CONDA_", "MAMBA_", "XDG_", "JUPYTER_", "IPYTHON", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    HOME.mkdir(parents=True, exist_ok=True)
    return {
        **kept,
        "HOME": str(HOME),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}",
        "CONDA_ROOT_PREFIX": str(ROOT),
        "CONDA_CHANNELS": channel,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # ipykernel's debugger warns of frozen modules
    }


def run_xconda(environ: dict[str, str], *words: str) -> None:
    """Run the command line as a user does.

    Raises:
        CalledProcessError: it failed, and has said why.
    """
    subprocess.run([sys.executable, "-m", "xconda_core", *words], env=environ, check=True)


def execute_notebook(account: Account, environ: dict[str, str]) -> None:
    """Execute the notebook through xconda's kernel launcher and show what its cells gave.

    Raises:
        CellExecutionError: a cell failed.
    """
    os.environ.clear()
    os.environ.update(environ)  # the kernel is started from this process
    from xconda_jupyter.launch.run_notebook import run_notebook

    begun = time.monotonic()

    def cell_done(number: int, source: str) -> None:
        del number
        first = next((line for line in source.splitlines() if line.strip()), "")
        account.say(f"   {time.monotonic() - begun:5.1f} s  {first}")

    account.say("   in seconds since the start of the kernel, each cell when it was done:")
    document = run_notebook(NOTEBOOK, PREFIX, EXECUTED, cell_done=cell_done)
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            show_cell(account, cell)


def show_cell(account: Account, cell: dict[str, Any]) -> None:
    """Show the source of a cell and the text of its outputs, as a terminal can."""
    account.say()
    for line in cell["source"].splitlines():
        account.say(f"   >>> {line}")
    for output in cell["outputs"]:
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        for line in text.rstrip().splitlines():
            account.say(f"       {line}")


def open_lab(account: Account, environ: dict[str, str]) -> int:
    """Open JupyterLab with the environment's kernel; return its exit code when it is closed."""
    from xconda_core import api

    kernel = api.add_kernel(api.python_kernel(PREFIX, "demo"), DEMO / "jupyter" / "kernels").name
    copy = a_copy_to_play_with(kernel)
    account.say(f"\n== JupyterLab on {copy.relative_to(HERE.parent)}; Ctrl-C ends it")
    words = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={copy.parent}"]
    words += [
        f"--LabApp.default_url=/lab/tree/{copy.name}",
        f"--MultiKernelManager.default_kernel_name={kernel}",
    ]
    words += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    try:
        environ = {**environ, "JUPYTER_PATH": str(DEMO / "jupyter")}
        return subprocess.run(words, env=environ, check=False).returncode
    except KeyboardInterrupt:
        return 0


def a_copy_to_play_with(kernel: str) -> Path:
    """Return a copy of the notebook that asks for ``kernel``; the one of the checkout stays."""
    copy = DEMO / "notebooks" / NOTEBOOK.name
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        document = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
        document["metadata"]["kernelspec"] |= {"name": kernel, "display_name": "Python (demo)"}
        copy.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return copy


def tell_the_rest(account: Account) -> None:
    """Say how long it took, what was left out, and where to look next."""
    account.say(f"\nDone in {account.seconds:.1f} s.")
    for module, consequence in OPTIONAL.items():
        if find_spec(module) is None:
            account.say(f"Left out here: {consequence}.")
    if not PANEL.exists():
        account.say("Left out here: the JupyterLab side panel; `make lab` builds and opens it.")
    account.say(
        "\nWhere to look next:\n"
        f"  {EXECUTED.relative_to(HERE.parent)}   the notebook with its outputs\n"
        "  make lab                           JupyterLab on this environment, with the side panel\n"
        "  .venv/bin/xconda --help            the command line\n"
        "  docs/architecture.md               how it works"
    )


if __name__ == "__main__":
    sys.exit(main())
