"""What cannot be written is refused before anything is downloaded for it."""

import subprocess
import sys

from tests.scenarios.command_line import CommandLine
from tests.scenarios.scenario import Step
from tests.scenarios.unprivileged import an_open_world
from tests.scenarios.world import prefix_is_somebody_elses


def test_a_prefix_of_somebody_else_is_refused_before_anything_is_fetched() -> None:
    with an_open_world() as world:
        CommandLine().take(Step(verb="create", specs=("apple=1",)), world)
        with prefix_is_somebody_elses(world, world.home.parent) as visited:
            words = ["-m", "xconda_core", "install", "-y", "-p", str(world.prefix("demo")), "plum"]
            done = subprocess.run(
                [*visited.launcher, sys.executable, *words],
                env=dict(visited.environ),
                capture_output=True,
                text=True,
                check=False,
            )
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "Downloading" not in done.stderr
    assert f"`xconda create -n NAME --clone {world.prefix('demo')}` makes a copy" in done.stderr


def test_a_kernel_in_an_environment_of_somebody_else_proposes_a_copy() -> None:
    code = (
        "import sys; sys.prefix = sys.argv[1]\n"
        "from xconda_jupyter.kernel.running_kernel import notes_on_place\n"
        "print(*notes_on_place())"
    )
    with an_open_world() as world:
        CommandLine().take(Step(verb="create", specs=("apple=1",)), world)
        asked = [sys.executable, "-c", code, str(world.prefix("demo"))]
        owner = subprocess.run(asked, capture_output=True, text=True, check=True)
        with prefix_is_somebody_elses(world, world.home.parent) as visited:
            visitor = subprocess.run(
                [*visited.launcher, *asked],
                env=dict(visited.environ),
                capture_output=True,
                text=True,
                check=True,
            )
    assert owner.stdout == "\n"
    assert f"`%xconda create -n NAME --clone {world.prefix('demo')}` makes a copy" in visitor.stdout
