"""What keeps an environment's kernel from starting, in words that say what to do."""

import asyncio
import contextlib
from pathlib import Path
from typing import ClassVar

from xconda_core import api
from xconda_core.errors import XcondaError

PROBE_SECONDS = 60.0
_PROBE = """\
import importlib.util, sys
if importlib.util.find_spec("ipykernel") is None:
    sys.exit(3)
import ipykernel.kernelapp
"""
_ABSENT = 3


class KernelNotStarted(XcondaError):
    """The environment cannot run a kernel."""

    code: ClassVar[str] = "kernel-not-started"

    def __init__(self, prefix: str, why: str, fix: str) -> None:
        super().__init__(prefix, why, fix)
        self.prefix = prefix
        self.what = f"No kernel was started in {prefix or 'the environment'}."
        self.why = why
        self.fix = fix


def see_that_it_is_there(prefix: Path) -> None:
    """Look for the environment.

    Raises:
        KernelNotStarted: it is not there.
    """
    if not prefix.is_absolute() or not prefix.is_dir():
        raise KernelNotStarted(
            str(prefix) if prefix.parts else "",
            "its kernelspec names an environment that is not there (any more).",
            f"make it with `xconda create -p {prefix} python ipykernel`, or choose another kernel "
            "(`xconda kernel remove --gone` takes those away that lead nowhere).",
        )


def see_that_python_is_there(prefix: Path) -> None:
    """Look for the environment's Python.

    Raises:
        KernelNotStarted: it has none.
    """
    see_that_it_is_there(prefix)
    if not api.environment_python(prefix).is_file():
        raise KernelNotStarted(
            str(prefix),
            "the environment has no Python.",
            f"run `xconda install -p {prefix} python ipykernel`.",
        )


async def see_that_a_kernel_can_start(
    prefix: Path, environ: dict[str, str], seconds: float = PROBE_SECONDS
) -> None:
    """Have the environment's own Python load ipykernel.

    Args:
        prefix: The environment.
        environ: Variables of the activated environment.
        seconds: How long that may take.

    Raises:
        KernelNotStarted: it cannot, or there is no such Python.
    """
    see_that_python_is_there(prefix)
    python = api.environment_python(prefix)
    try:
        code, said = await _probe([str(python), "-c", _PROBE], environ, prefix, seconds)
    except TimeoutError:
        raise KernelNotStarted(
            str(prefix),
            f"its Python did not answer within {seconds:.0f} seconds.",
            f"see what `{python} -c 'import ipykernel.kernelapp'` does.",
        ) from None
    except OSError as error:
        raise KernelNotStarted(
            str(prefix),
            f"its Python cannot be run: {error.strerror or error}.",
            "make the environment anew; `xconda doctor` tells what else is missing.",
        ) from None
    if code == _ABSENT:
        why = "ipykernel, which every Python kernel needs, is not installed there."
        raise KernelNotStarted(str(prefix), why, f"run `xconda install -p {prefix} ipykernel`.")
    if code != 0:
        last = said.strip().splitlines()[-1:]
        raise KernelNotStarted(
            str(prefix),
            f"its Python does not work: {last[0] if last else f'exit code {code}'}.",
            f"see `xconda doctor -p {prefix}`; `xconda install -p {prefix} --force-reinstall "
            "ipykernel` brings broken files again.",
        )


async def _probe(
    command: list[str], environ: dict[str, str], folder: Path, seconds: float
) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd=str(folder),
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    return process.returncode or 0, said.decode(errors="replace")
