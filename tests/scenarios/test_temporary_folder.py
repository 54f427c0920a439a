"""Temporary folders that are full, read-only or missing, for real: a mount of the program's own."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.scenario import World
from tests.scenarios.world import a_world

pytestmark = pytest.mark.skipif(not shutil.which("unshare"), reason="there is no unshare")
READ_ONLY: Final = (
    "for place in /tmp /var/tmp; do"
    " mount --bind $place $place && mount -o remount,ro,bind $place; done"
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with an environment that is activated by a script."""
    with a_world(tmp_path) as world:
        (world.prefix("demo") / "conda-meta").mkdir(parents=True)
        (world.prefix("demo") / "conda-meta" / "history").touch()
        script = world.prefix("demo") / "etc/conda/activate.d/script.sh"
        script.parent.mkdir(parents=True)
        script.write_text("export SEEN=yes\n")
        yield world


def under(
    world: World, mounts: str, *words: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run xconda where ``mounts`` were made."""
    launcher = ["unshare", "--mount", "sh", "-c"]
    if subprocess.run([*launcher, "mount -t tmpfs tmpfs /mnt"], check=False).returncode != 0:
        pytest.skip("this user may not mount a disk")
    return subprocess.run(
        [*launcher, f'{mounts} && exec "$@"', "sh", sys.executable, "-m", "xconda_core", *words],
        env={**world.environ, **environ},
        cwd="/proc",  # the last place where Python would put a temporary file
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


RUN: Final = ("run", "-n", "demo", "sh", "-c", "echo $SEEN")


def test_where_no_place_can_be_written_all_are_named_with_the_variable(world: World) -> None:
    done = under(world, READ_ONLY, *RUN, TMPDIR="/nowhere")

    assert done.returncode == 1
    assert "Could not activate the environment: temporary files cannot be written." in done.stderr
    assert "/nowhere, /tmp, /var/tmp, " in done.stderr
    assert "set TMPDIR to a folder of yours that has room" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_fills_up_is_named_although_the_shell_does_not_say_so(
    world: World, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = world.prefix("demo") / "etc/conda/activate.d/talkative.sh"
    script.write_text("head -c 300000 /dev/zero\n")
    mount = f"mount -t tmpfs -o size=64k tmpfs {small}"
    done = under(world, mount, *RUN, TMPDIR=str(small))

    assert done.returncode == 1
    assert f"{small}: No space left on device." in done.stderr
    assert "set TMPDIR" in done.stderr


@pytest.mark.parametrize("tmpdir", ["/nowhere", "/dev/null", "/mnt"])
def test_an_unusable_tmpdir_is_no_hindrance_while_another_place_is_there(
    world: World, tmpdir: str
) -> None:
    full = "mount -t tmpfs -o size=4k tmpfs /mnt && (head -c 9000 /dev/zero >/mnt/x; true)"
    done = under(world, f"{full} 2>/dev/null", *RUN, TMPDIR=tmpdir)

    assert (done.returncode, done.stdout) == (0, "yes\n")


def test_what_needs_no_temporary_file_works_without(world: World) -> None:
    for words in (("list", "-n", "demo"), ("info",)):
        done = under(world, READ_ONLY, *words, TMPDIR="/nowhere")
        assert done.returncode == 0, done.stderr
