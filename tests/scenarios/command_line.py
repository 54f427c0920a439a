"""The command line as a surface: every step is a process of its own, as a user starts it."""

import json
import subprocess
import sys
from dataclasses import dataclass

from tests.scenarios.scenario import Answer, Step, World

CHANGES = {"create", "install", "update", "remove", "undo", "redo"}


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Types the step; ``as_json`` asks for documents instead of words."""

    as_json: bool = False

    def take(self, step: Step, world: World) -> Answer:
        """Run one command and wait for it."""
        done = subprocess.run(
            [*world.launcher, sys.executable, "-m", "xconda_core", *self.words(step)],
            env=dict(world.environ),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        is_document = self.as_json and step.verb != "run"
        return Answer(
            exit_code=done.returncode,
            text="" if is_document else done.stdout + done.stderr,
            document=json.loads(done.stdout) if is_document else None,
        )

    def words(self, step: Step) -> list[str]:
        """Return the words after ``xconda``."""
        words = step.verb.split()
        if step.environment:
            words += ["-n", step.environment]
        for option, value in step.options.items():
            words += [f"--{option}"] if value is True else [f"--{option}", str(value)]
        if step.verb in CHANGES and "dry-run" not in step.options:
            words.append("--yes")
        if self.as_json and step.verb != "run":
            words.append("--json")
        return [*words, *step.specs]
