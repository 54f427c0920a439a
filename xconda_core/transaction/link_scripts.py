"""Run the scripts that packages bring along: pre-unlink and post-link. Layer: transaction.

Source: conda-build's "link scripts" (names, the messages file), CEP 34 (variables).
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH108, PTH123

import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from time import monotonic
from typing import ClassVar, Final, Literal

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord
from xconda_core.values import Slotted, dataclass

ScriptKind = Literal["pre-unlink", "pre-link", "post-link"]
_log: Final = logging.getLogger(__name__)
MESSAGES: Final = ".messages.txt"
_POLL_SECONDS: Final = 0.05
_SHOWN_BYTES: Final = 2000
# What a script may see of the user's own environment; Python's and conda's variables would lead it
# to another environment.
_INHERITED: Final = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SHELL")


class LinkScriptFailed(XcondaError):
    """A script of a package ended badly, or did not end."""

    code: ClassVar[str] = "link-script-failed"

    def __init__(self, package: str, script: str, reason: str, output: str) -> None:
        super().__init__(package, script, reason, output)
        self.package, self.script, self.reason, self.output = package, script, reason, output
        self.what = f"{package} was not linked: its script {script} {reason}."
        self.why = f"the last it said: {output.strip() or 'nothing'}"
        self.fix = "tell the package's maintainers; the environment is as it was."


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRules(Slotted):
    """How scripts run.

    Attributes:
        prefix: Absolute path of the environment.
        root_prefix: Absolute path of the base environment.
        environ: The user's environment variables; scripts get a few of them only.
        limit_seconds: A script that runs longer is ended.
        kept_descriptor: An open file, the prefix's lock, that scripts inherit: one that outlives a
            killed xconda keeps others out.
    """

    prefix: str
    root_prefix: str
    environ: Mapping[str, str]
    limit_seconds: float = 600.0
    kept_descriptor: int


def script_path(kind: ScriptKind, name: str) -> str:
    """Return where the script of package ``name`` lies in a prefix."""
    return f"bin/.{name}-{kind}.sh"


def run_script(
    kind: ScriptKind,
    record: PackageRecord,
    rules: ScriptRules,
    scratch: str,
    cancel: CancelToken,
) -> None:
    """Run one script to its end.

    Raises:
        LinkScriptFailed: it failed or took too long.
        Cancelled: somebody asked to stop; the script was ended.
        OSError: it could not be started.
    """
    path = script_path(kind, record.name)
    _log.info("running %s", path)
    output = f"{scratch}/script-output"
    with open(output, "wb") as file:
        process = subprocess.Popen(
            [shutil.which("bash") or "/bin/sh", f"{rules.prefix}/{path}"],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=f"{rules.prefix}/bin",
            env=_environment(record, rules),
            pass_fds=(rules.kept_descriptor,),
            start_new_session=True,
        )
        reason = _wait(process, rules.limit_seconds, cancel)
    if reason:
        raise LinkScriptFailed(record.dist_name, path, reason, _tail(output))


def take_messages(prefix: str, tell: Callable[[str], None]) -> None:
    """Hand what scripts left for the user in ``.messages.txt`` to ``tell``, and remove it."""
    path = f"{prefix}/{MESSAGES}"
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read().strip()
    except (FileNotFoundError, IsADirectoryError):
        return
    os.unlink(path)
    if text:
        tell(text)


def _wait(process: subprocess.Popen[bytes], limit: float, cancel: CancelToken) -> str:
    deadline = monotonic() + limit
    try:
        while process.poll() is None:
            if monotonic() > deadline:
                return f"ran for more than {limit:.0f} seconds"
            cancel.wait(_POLL_SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()
    return f"ended with exit code {process.returncode}" if process.returncode else ""


def _environment(record: PackageRecord, rules: ScriptRules) -> dict[str, str]:
    variables = {key: rules.environ[key] for key in _INHERITED if key in rules.environ}
    system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return variables | {
        "PATH": f"{rules.prefix}/bin:{system}",
        "PREFIX": rules.prefix,
        "SOURCE_DIR": rules.prefix,
        "ROOT_PREFIX": rules.root_prefix,
        "PKG_NAME": record.name,
        "PKG_VERSION": record.version,
        "PKG_BUILDNUM": str(record.build_number),
        "PKG_BUILD_STRING": record.build,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _tail(path: str) -> str:
    with open(path, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _SHOWN_BYTES))
        return file.read().decode(errors="replace")
