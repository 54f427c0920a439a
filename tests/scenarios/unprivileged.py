"""Run command lines as a user without rights, also where CI is root and Python is root's.

The process starts as root, runs other command lines first, so that every module is loaded, and then
becomes nobody: the interpreter's own folder need not be open to everybody.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world

NOBODY = 65534
_PROGRAM = """
import json, os, sys
import xconda_core.cli.machine_failures, xconda_core.cli.unexpected
from xconda_core.cli.main import main
before, words, mask = json.loads(sys.argv[1])
outputs = [os.dup(1), os.dup(2)]
nowhere = os.open(os.devnull, os.O_RDWR)
os.dup2(nowhere, 1), os.dup2(nowhere, 2)
for each in before:
    main(each)
sys.stdout.flush(), sys.stderr.flush()
os.dup2(outputs[0], 1), os.dup2(outputs[1], 2)
os.setgroups([]), os.setgid(65534), os.setuid(65534)
os.umask(mask)
sys.exit(main(words))
"""

needs_root = pytest.mark.skipif(
    os.getuid() != 0, reason="root may write to what others own: not us"
)


@contextmanager
def an_open_world() -> Iterator[World]:
    """A world that every user can reach; pytest's own folders are root's alone."""
    with tempfile.TemporaryDirectory(prefix="xconda-test-") as folder:
        Path(folder).chmod(0o755)
        with a_world(Path(folder)) as world:
            yield world


def as_nobody(
    environ: Mapping[str, str],
    words: Sequence[str],
    *,
    before: Sequence[Sequence[str]] = (),
    umask: int = 0o022,
) -> subprocess.CompletedProcess[str]:
    """Run ``xconda`` with ``words`` as nobody, after ``before`` as root in the same process."""
    told = json.dumps([list(map(list, before)), list(words), umask])
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, told],
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
