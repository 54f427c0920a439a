"""Run pip, and what plugins are, inside an environment, as if it were activated.

Layer: engine. They come after conda's transaction and are no part of it: where one fails, conda's
packages are in place, and the error says so.
"""

import logging
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.config.redaction import redacted
from xconda_core.config.settings import Settings
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.plugin_work import install_section
from xconda_core.environment.activation import run_environment
from xconda_core.environment.activation_names import rules_of
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.files.temporary import temporary_folder
from xconda_core.models.pip_section import PipSection
from xconda_core.transaction.plan import Plan

_log: Final = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 0.05
_SHOWN_LINES: Final = 12
# Where pip would otherwise look, or put things, elsewhere than in this environment.
_FOREIGN: Final = (
    "PYTHON", "CONDA_", "_CE_", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT",
    "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV",
)  # fmt: skip
_TOLD: Final = ("Successfully installed ", "Successfully uninstalled ")


class PipFailed(XcondaError):
    """pip did not install what it was asked to; conda's part of the environment is in place."""

    code: ClassVar[str] = "pip-failed"

    def __init__(self, prefix: Path, reason: str, output: str) -> None:
        super().__init__(prefix, reason, output)
        self.prefix, self.output = prefix, output
        self.what = f"The packages of pip were not installed in {prefix}; those of conda are."
        self.why = reason + (f", and said:\n{output}" if output else ".")
        self.fix = "correct the pip section and run `xconda env update` with the same file."


def run_installers(
    plan: Plan,
    settings: Settings,
    environ: Mapping[str, str],
    plugins: PluginSet,
    report: Reporter,
    cancel: CancelToken,
) -> tuple[str, ...]:
    """Install what is not conda's: let pip do its part, then plugins; return what they say.

    Raises:
        PipFailed: pip failed, or there is none.
        InstallerMissing, PluginFailed: a section's installer is gone, or broke.
        Cancelled: somebody asked to stop.
    """
    said: tuple[str, ...] = ()
    if plan.pip is not None:
        said = run_pip(plan.prefix, plan.pip, settings, environ, report, cancel)
    for section in plan.sections:
        cancel.check()
        text = f"{section.installer} installs {len(section.lines)} lines"
        report(Noticed("info", text))
        variables = _variables(Path(plan.prefix), settings, environ)
        said += install_section(plugins, section, Path(plan.prefix), variables)
    return said


def run_pip(
    prefix: PurePath,
    section: PipSection,
    settings: Settings,
    environ: Mapping[str, str],
    report: Reporter,
    cancel: CancelToken,
) -> tuple[str, ...]:
    """Let pip install ``section`` into ``prefix``; return what it says it has done.

    Raises:
        PipFailed: there is no pip, or it failed.
        Cancelled: somebody asked to stop; pip was ended.
    """
    prefix = Path(prefix)
    python = prefix / ("python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        raise PipFailed(prefix, "there is no Python in the environment", "")
    variables = _variables(prefix, settings, environ)
    report(Noticed("info", f"pip installs {', '.join(section.lines)}"))
    with temporary_folder("run pip", "xconda-pip-") as folder:
        requirements = folder / "requirements.txt"
        requirements.write_text("".join(f"{line}\n" for line in section.lines), encoding="utf-8")
        words = [str(python), "-m", "pip", "install", "--no-input", "-r", str(requirements)]
        words += ["--upgrade"] if section.upgrades else []
        output = folder / "output"
        code = _run(words, variables, section.folder or str(prefix), output, cancel)
        lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines:
        _log.info("pip: %s", redacted(line))
    if code:
        tail = "\n".join(redacted(line) for line in lines[-_SHOWN_LINES:])
        raise PipFailed(prefix, f"pip ended with exit code {code}", tail)
    return tuple(redacted(line.strip()) for line in lines if line.strip().startswith(_TOLD))


def _variables(prefix: Path, settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if not name.startswith(_FOREIGN)}
    activated = run_environment(prefix, kept, rules_of(settings))
    # What lies in the user's own site-packages is not installed here.
    return activated | {"PYTHONNOUSERSITE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _run(
    words: list[str],
    variables: Mapping[str, str],
    folder: str,
    output: Path,
    cancel: CancelToken,
) -> int:
    started = time.monotonic()
    with output.open("wb") as file:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(variables),
            start_new_session=True,
        )
    try:
        while process.poll() is None:
            cancel.wait(_LOOK_SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()
    _log.info("pip took %.1f s", time.monotonic() - started)
    return process.returncode
