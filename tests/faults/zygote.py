"""The real command line, again and again, each time in a fork of a process that has loaded it.

Run as ``python -m tests.faults.zygote``. Reads orders, one JSON document a line, and answers each
with the exit code and what was counted. The product knows nothing of it.
"""

import ctypes
import encodings
import gc
import importlib
import json
import os
import pickle
import pkgutil
import sys
from contextlib import suppress
from typing import Any, Final

from tests.faults import operations
from tests.faults.operations import Operations

_ADOPT_ORPHANS: Final = 36  # PR_SET_CHILD_SUBREAPER


def load_everything() -> None:
    """Import all of the command line, so that a fork imports nothing."""
    operations.prepare()
    import xconda_core

    for module in pkgutil.walk_packages(xconda_core.__path__, "xconda_core."):
        if not module.name.startswith(("xconda_core.testing", "xconda_core.__main__")):
            importlib.import_module(module.name)
    for module in pkgutil.iter_modules(encodings.__path__, "encodings."):
        if module.name.rpartition(".")[2] not in {"mbcs", "oem"}:  # of Windows alone
            importlib.import_module(module.name)
    for name in ("requests", "zstandard", "shutil", "tempfile", "bz2", "zipfile"):
        importlib.import_module(name)


def obey(order: dict[str, Any]) -> None:
    """In the fork: become the command line, with faults as ordered."""
    from xconda_core.cli.main import main
    from xconda_core.files import durable
    from xconda_core.transaction import link_all

    os.umask(operations.UMASK)
    os.environ.clear()
    os.environ.update(order["environ"])
    out = order["out"]
    outputs = [os.open(f"{out}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
               for name in ("out", "err")]  # fmt: skip
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor, target in zip((nowhere, *outputs), (0, 1, 2), strict=True):
        os.dup2(descriptor, target)
    if order["files_worth_a_fork"]:
        link_all._FILES_WORTH_A_FORK = order["files_worth_a_fork"]  # type: ignore[misc]
    faults = Operations(order["root"], forks_log=f"{out}.forks", **order["faults"])
    durable.ctypes = faults.standing_in_for_ctypes()  # type: ignore[attr-defined]
    record = open(f"{out}.pickle", "wb")  # noqa: SIM115 (until the end of this process)
    if order["user"]:
        os.setgroups([])
        os.setgid(order["user"])
        os.setuid(order["user"])
    faults.install()
    code = main(order["words"])
    sys.stdout.flush()
    sys.stderr.flush()
    faults.root = "\0"  # what follows is not the product's
    pickle.dump((faults.done, faults.overlooked), record)
    record.flush()
    os._exit(code)


def serve() -> None:
    """Fork for every order until there are no more; each is done when its own forks have ended."""
    load_everything()
    gc.freeze()
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                obey(json.loads(line))
            finally:
                os._exit(99)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with suppress(ChildProcessError):
            while True:  # forks of one that was killed
                os.wait()
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
