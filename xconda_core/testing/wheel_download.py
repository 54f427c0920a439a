"""Fetch wheels with pip, which knows the user's index, mirror and proxy. Layer: testing."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import parse_wheel_filename
from packaging.version import Version

from xconda_core.errors import XcondaError

Report = Callable[[str], None]


class WheelsNotDownloaded(XcondaError):
    """pip could not fetch the wheels.

    Attributes:
        requirements: What it was asked for.
        output: The end of what pip said.
    """

    code = "wheels-not-downloaded"

    def __init__(self, requirements: Sequence[str], output: str) -> None:
        super().__init__(requirements, output)
        self.requirements, self.output = tuple(requirements), output
        errors = [line for line in output.splitlines() if line.startswith("ERROR")]
        said = " ".join((errors or output.strip().splitlines() or ["nothing"])[-2:])
        self.what = f"The demo channel was not built: no wheels of {', '.join(requirements)}."
        self.why = f"pip said: {said}"
        self.fix = (
            "check that `python -m pip download requests` works here (network, index, proxy); "
            "what was fetched so far is kept."
        )


def download(requirements: Sequence[str], python: Path, folder: Path, report: Report) -> list[Path]:
    """Fetch wheels of ``requirements`` and all they need, for ``python``, and return them.

    The running Python's pip does it, so ``python`` itself needs none. ``folder`` is filled once:
    where it exists, what it holds is the answer, and nobody is asked again. ``report`` gets a
    sentence for each large wheel.

    Raises:
        WheelsNotDownloaded: pip is missing, or failed.
    """
    return _download(requirements, python, folder, (), report)


def download_previous(
    wheels: Iterable[Path], python: Path, folder: Path, report: Report
) -> list[Path]:
    """Fetch, for each of ``wheels``, the version before it, without what that needs.

    Raises:
        WheelsNotDownloaded: pip is missing, or failed.
    """
    versions = dict(map(name_and_version, wheels))
    requirements = [f"{name}<{version}" for name, version in versions.items()]
    return _download(requirements, python, folder, ("--no-deps",), report)


def name_and_version(wheel: Path) -> tuple[str, Version]:
    """Return the canonical project name and the version that a wheel's file name says."""
    name, version, _, _ = parse_wheel_filename(wheel.name)
    return name, version


def _download(
    requirements: Sequence[str], python: Path, folder: Path, options: Sequence[str], report: Report
) -> list[Path]:
    if requirements and not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as partial:
            whole = Path(partial, "whole")
            _run_pip(requirements, python, whole, options, report)
            try:
                whole.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another process was faster
                    raise
    return sorted(folder.glob("*.whl"))


def _run_pip(
    requirements: Sequence[str], python: Path, folder: Path, options: Sequence[str], report: Report
) -> None:
    command = [sys.executable, "-m", "pip", "--python", str(python), "--no-input", "download"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--only-binary", ":all:"]
    command += ["--dest", str(folder), *options, *requirements]
    lines = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in map(str.strip, pip.stdout):
            lines.append(line)
            if line.startswith("Downloading ") and line.endswith(" MB)"):
                report(f"{line}.")
    if pip.returncode != 0:
        raise WheelsNotDownloaded(requirements, "\n".join(lines))
