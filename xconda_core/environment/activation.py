"""Activate a prefix for a program: its whole set of variables. Layer: environment.

Computed, where no package brings scripts; otherwise one shell sources them and is asked for the
result. Kernels and ``xconda run`` start with it, so they see what an activated terminal sees.
"""

import logging
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import ClassVar, Final

from xconda_core.environment.activation_change import ActivationChange, for_program
from xconda_core.environment.activation_names import ActivationRules, active_prefix
from xconda_core.environment.activation_rim import Rim, read_rim
from xconda_core.environment.shells.dialect import is_identifier, program
from xconda_core.environment.shells.posix import POSIX
from xconda_core.errors import XcondaError
from xconda_core.files.temporary import check_room, temporary_folder
from xconda_core.values import replace

_log: Final = logging.getLogger(__name__)
TIME_LIMIT: Final = 60.0
_NO_RULES: Final = ActivationRules()
_SHELLS_OWN: Final = frozenset({"_", "SHLVL", "PWD", "OLDPWD"})  # shells change these by themselves
_SHOWN: Final = 2000  # characters of a script's complaint that an error shows


class ActivationFailed(XcondaError):
    """A script of the environment ended the shell, or did not come to an end."""

    code: ClassVar[str] = "activation-failed"

    def __init__(self, prefix: Path, script: str, reason: str, output: str) -> None:
        super().__init__(prefix, script, reason, output)
        self.prefix, self.script, self.output = prefix, script, output
        self.what = f"The environment {prefix} was not activated."
        self.why = f"{script or 'the shell'} {reason}." + (f"\n{output}" if output else "")
        self.fix = f"`sh -x {script}` shows where it stops; its package may need an update."
        if not script:
            self.fix = "see that `sh` works on this machine."


def activation(
    prefix: Path, environ: Mapping[str, str], rules: ActivationRules = _NO_RULES
) -> ActivationChange:
    """Return what activating ``prefix`` changes for a program; reads both environments involved.

    Args:
        prefix: The environment.
        environ: The variables as they are; what is active there makes way.
        rules: What of the configuration it follows.

    Raises:
        EnvironmentVariablesDamaged: a file of variables of ``prefix`` cannot be read.
    """
    active = active_prefix(environ)
    new = read_rim(prefix, uppercase=rules.uppercase)
    old = rim_left(active, rules=rules) if active else None
    return for_program(new, environ, rules, old=old)


def run_environment(
    prefix: Path,
    environ: Mapping[str, str],
    rules: ActivationRules = _NO_RULES,
    *,
    time_limit: float = TIME_LIMIT,
) -> dict[str, str]:
    """Return every variable that a program in the activated ``prefix`` is to have.

    Args:
        prefix: The environment.
        environ: The variables of the process that starts the program.
        rules: What of the configuration it follows.
        time_limit: Seconds that the environment's scripts may take together.

    Raises:
        EnvironmentVariablesDamaged: a file of variables cannot be read.
        ActivationFailed: a script ended the shell or took too long.
        NoTemporaryFolder: there is no room for what the shell has to say.
    """
    change = activation(prefix, environ, rules)
    computed = change.applied_to(environ)
    if os.name == "nt" or not change.needs_shell:
        _log.debug("%s is activated without a shell: it has no scripts", prefix)
        return computed
    found = _sourced(prefix, change, environ, time_limit)
    by_shell = {name: value for name, value in found.items() if name not in _SHELLS_OWN}
    out_of_reach = {  # a shell may drop what it cannot name, such as exported functions
        name: value
        for name, value in computed.items()
        if name in _SHELLS_OWN or not is_identifier(name)
    }
    return {**out_of_reach, **by_shell}


def rim_left(prefix: Path, script_suffix: str = ".sh", *, rules: ActivationRules) -> Rim:
    """Return what the environment that is left brings; damage there is no reason to stay in it."""
    try:
        return read_rim(prefix, script_suffix, uppercase=rules.uppercase)
    except XcondaError:
        return Rim(prefix=prefix)


def _sourced(
    prefix: Path, change: ActivationChange, environ: Mapping[str, str], time_limit: float
) -> dict[str, str]:
    """Return the variables after a shell sourced the scripts.

    The result goes through a file: what the scripts print, and processes that they leave behind,
    cannot get into it or hold it up.
    """
    shell = shutil.which("bash", path=environ.get("PATH", os.defpath)) or "/bin/sh"
    for path in (*change.deactivate_scripts, *change.activate_scripts):
        _log.debug("%s sources %s", shell, path)
    with temporary_folder("activate the environment", "xconda-activate-") as folder:
        answer, step, output = (folder / name for name in ("answer", "step", "output"))
        program = _program(change, step, answer)
        with output.open("wb") as stream:
            ended = _run([shell, "-c", program], environ, stream.fileno(), time_limit)
        said = output.read_text(errors="replace").strip()[-_SHOWN:]
        script = step.read_text() if step.is_file() else ""
        if not ended:
            reason = f"did not come to an end within {time_limit:g} seconds"
            raise ActivationFailed(prefix, script, reason, said)
        content = answer.read_bytes() if answer.is_file() else b""
        if not content.endswith(b"\0"):
            check_room(folder)  # the shell does not say that its answer had none
            raise ActivationFailed(prefix, script, "ended the shell that sourced it", said)
    entries = (os.fsdecode(entry).partition("=") for entry in content.split(b"\0") if entry)
    return {name: value for name, _, value in entries}


def _program(change: ActivationChange, step: Path, answer: Path) -> str:
    """Return the change as a program that notes which script it is at, and ends with the answer."""
    noting = replace(
        POSIX,
        source=lambda script: f"printf %s {quote(script)} > {quote(str(step))}\n. {quote(script)}",
    )
    return program(change, noting, {}) + f"exec /usr/bin/env -0 > {quote(str(answer))}"


def _run(command: list[str], environ: Mapping[str, str], output: int, time_limit: float) -> bool:
    """Run ``command`` in a process group of its own; return whether it ended in time."""
    process = subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    try:
        process.wait(time_limit)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return True
