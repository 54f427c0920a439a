"""What cannot be written is refused before anything is downloaded for it."""

import subprocess
import sys
from pathlib import Path

from tests.scenarios.command_line import CommandLine
from tests.scenarios.scenario import Step
from tests.scenarios.world import a_world, prefix_is_somebody_elses


def test_a_prefix_of_somebody_else_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with a_world(tmp_path) as world:
        CommandLine().take(Step(verb="create", specs=("apple=1",)), world)
        with prefix_is_somebody_elses(world, tmp_path) as visited:
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
