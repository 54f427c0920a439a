"""Start a kernel in an environment as if it were activated: entry point ``xconda-provisioner``.

A kernelspec names it under ``metadata.kernel_provisioner`` with ``config: {"prefix": ...}``; it
then works wherever jupyter_client starts kernels: JupyterLab, nbconvert, papermill, voila. Without
a prefix the notebook says which environment. What cannot be started says why in the notebook.
"""

import asyncio
import importlib.util
import json
import os
import select
import shutil
import sys
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float, Unicode

from xconda_core import api
from xconda_core.errors import XcondaError
from xconda_jupyter.launch.notebook_reference import referred_prefix
from xconda_jupyter.launch.obstacles import (
    PROBE_SECONDS,
    KernelNotStarted,
    see_that_a_kernel_can_start,
    see_that_it_is_there,
    see_that_python_is_there,
)

LAUNCHER = Path(__file__).parents[1] / "kernel" / "launcher.py"
REASON_KERNEL = Path(__file__).parent / "reason_kernel.py"
REASON = "XCONDA_KERNEL_NOT_STARTED"  # known to xconda_jupyter.launch.reason_kernel
WORKER_PYTHON = "XCONDA_WORKER_PYTHON"  # known to xconda_jupyter.kernel.worker_process
LOADED = "XCONDA_KERNEL_LOADED"  # known to xconda_jupyter.kernel.launcher
_ENCRYPTION = "supported_encryption"
_NOT_FOR_ANOTHER_PYTHON = frozenset({"PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"})


class XcondaProvisioner(LocalProvisioner):
    """Starts a kernel of an environment, activated; Python's with ``%xconda`` in it.

    Attributes:
        prefix: Absolute path of the environment; empty: the one that the notebook refers to.
        activation_seconds: How long the environment's activation scripts may take.
        load_seconds: How long loading ipykernel may take.
    """

    prefix: str = Unicode(config=True, help="Absolute path of the environment.")  # type: ignore[assignment]
    activation_seconds: float = Float(  # type: ignore[assignment]
        30.0, config=True, help="Seconds that activation scripts may take."
    )
    load_seconds: float = Float(  # type: ignore[assignment]
        PROBE_SECONDS, config=True, help="Seconds that loading ipykernel may take."
    )
    _place: Path | None = None  # None: the kernel that says why is started
    _is_connected: bool = False  # how clients speak to the kernel has been decided

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Work out command and variables of the kernel, or of the one that says why there is none.

        Raises:
            XcondaError: there is none, and no ipykernel here that could say so in the notebook.
        """
        environ = dict(kwargs.get("env") or os.environ)
        try:
            return await self._prepared(environ, kwargs)
        except XcondaError as reason:
            return await self._prepared_to_say(reason, environ, kwargs)

    async def _prepared(self, environ: dict[str, str], kwargs: dict[str, Any]) -> dict[str, Any]:
        folder = str(kwargs.get("cwd") or "")
        prefix = Path(self.prefix)
        if not self.prefix:
            prefix = await asyncio.to_thread(referred_prefix, environ, folder)
        see_that_it_is_there(prefix)
        is_python = is_ipykernel(self.kernel_spec.argv)
        if is_python:
            see_that_python_is_there(prefix)
        limit = self.activation_seconds
        activated = await asyncio.to_thread(kernel_environment, prefix, environ, limit)
        if is_python:
            self._say_what_it_can_encrypt(prefix)
        else:
            see_that_the_program_is_there(prefix, self.kernel_spec.argv, activated)
        ready = await super().pre_launch(**{**kwargs, "env": activated})
        if is_python:
            ready["cmd"] = kernel_command(prefix, ready["cmd"])
        self._place = prefix
        return ready

    async def _prepared_to_say(
        self, reason: XcondaError, environ: dict[str, str], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        if importlib.util.find_spec("ipykernel") is None:
            raise reason
        self.log.warning("%s", reason)
        self._place = None
        self._say_what_it_can_encrypt(Path(sys.prefix))
        told = {**environ, REASON: json.dumps(reason.to_json())}
        ready = await super().pre_launch(**{**kwargs, "env": told})
        ready["cmd"] = self._command_that_says_why()
        return ready

    def _command_that_says_why(self) -> list[str]:
        manager: Any = self.parent
        return [sys.executable, str(REASON_KERNEL), "-f", str(manager.connection_file)]

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the process; where ipykernel cannot be loaded, the kernel that says why."""
        if self._place is None or str(LAUNCHER) not in cmd or os.name == "nt":
            return await super().launch_kernel(cmd, **kwargs)
        environ = dict(kwargs.pop("env"))
        reader, writer = os.pipe()
        try:
            try:
                known = {**environ, LOADED: str(writer)}
                info = await super().launch_kernel(cmd, env=known, pass_fds=(writer,), **kwargs)
            finally:
                os.close(writer)
            if await asyncio.to_thread(_says_something, reader, self.load_seconds):
                return info
        except OSError as error:
            self.log.warning("%s: %s", cmd[0], error)
        finally:
            os.close(reader)
        return await self._launch_the_one_that_says_why(environ, kwargs)

    async def _launch_the_one_that_says_why(
        self, environ: dict[str, str], kwargs: dict[str, Any]
    ) -> Any:
        assert self._place is not None
        if self.has_process:
            await self.kill()
            await self.wait()
        reason = await _why_not(self._place, environ, self.load_seconds)
        is_encrypted = bool(self.connection_info.get("curve_publickey"))
        can_encrypt = _ENCRYPTION in own_metadata(Path(sys.prefix))
        if importlib.util.find_spec("ipykernel") is None or (is_encrypted and not can_encrypt):
            raise reason
        self.log.warning("%s", reason)
        self._place = None
        own = {name: value for name, value in os.environ.items() if name != LOADED}
        told = {**own, REASON: json.dumps(reason.to_json())}
        return await super().launch_kernel(self._command_that_says_why(), env=told, **kwargs)

    def _say_what_it_can_encrypt(self, prefix: Path) -> None:
        """Let jupyter_client know what today's ipykernel can: the spec may be older than it.

        Otherwise it could encrypt for a kernel that does not, and wait for an answer for ever.
        Clients keep their connections over a restart: what did not encrypt must not begin to.
        """
        metadata = self.kernel_spec.metadata
        metadata.pop(_ENCRYPTION, None)
        own = own_metadata(prefix)
        is_open = self._is_connected and not getattr(self.parent, "curve_publickey", None)
        if _ENCRYPTION in own and not is_open:
            metadata[_ENCRYPTION] = own[_ENCRYPTION]
        self._is_connected = True


def own_metadata(prefix: Path) -> dict[str, Any]:
    """Return what an environment's ipykernel says it can do: debug, encrypt."""
    metadata = api.own_document(prefix, "python3").get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def kernel_environment(prefix: Path, environ: dict[str, str], time_limit: float) -> dict[str, str]:
    """Return the variables of a kernel in ``prefix``: activated, and knowing where xconda lives.

    Where the Python of whoever starts the kernel has its library is nothing that another one
    should hear of; what users set for their programs (``PYTHONPATH``, ...) is theirs.
    """
    own = {name: value for name, value in environ.items() if name not in _NOT_FOR_ANOTHER_PYTHON}
    return {**api.run_environment(prefix, own, time_limit), WORKER_PYTHON: sys.executable}


def is_ipykernel(command: list[str]) -> bool:
    """Whether the command of a kernelspec starts ipykernel."""
    return command[1:3] in (["-m", "ipykernel_launcher"], ["-m", "ipykernel"])


def kernel_command(prefix: Path, command: list[str]) -> list[str]:
    """Return the command of a kernelspec with xconda's launcher in place of ipykernel's.

    What follows ``-m ipykernel_launcher`` or ``-m ipykernel`` is kept.
    """
    arguments = command[3:] if is_ipykernel(command) else command[1:]
    return [str(api.environment_python(prefix)), str(LAUNCHER), *arguments]


def see_that_the_program_is_there(
    prefix: Path, command: list[str], environ: dict[str, str]
) -> None:
    """Look for the program that a kernel of another language is.

    Raises:
        KernelNotStarted: the environment has none of that name.
    """
    program = command[0] if command else ""
    if not shutil.which(program, path=environ.get("PATH")):
        raise KernelNotStarted(
            str(prefix),
            f"{program or 'the program of this kernel'} is not there.",
            f"`xconda doctor -p {prefix}` tells what is missing in the environment.",
        )


async def _why_not(prefix: Path, environ: dict[str, str], seconds: float) -> KernelNotStarted:
    """Return why a kernel did not come up."""
    try:
        await see_that_a_kernel_can_start(prefix, environ, seconds)
    except KernelNotStarted as reason:
        return reason
    return KernelNotStarted(
        str(prefix),
        "its kernel ended while it was starting, or took too long.",
        "try again; what it said is in the log of whoever started it.",
    )


def _says_something(descriptor: int, seconds: float) -> bool:
    """Whether a byte comes before the other end is closed, in time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000)) and os.read(descriptor, 1) != b""
