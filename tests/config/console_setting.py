"""Scenario of the setting that says how progress is shown."""

import json
import shutil

from tests.config.setting_world import World


def console(world: World) -> None:
    """A pipe gets lines; what a terminal gets for `plain` is tested in tests/scenarios."""
    world.condarc("always_yes: yes", "console: json-lines")
    done = world.xconda("create", "-p", str(world.prefix), "pear")
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [each["shows"]["fraction"] for each in events][-1] == 1
    assert {"index", "solve", "download", "link"} <= {each["shows"]["phase"] for each in events}
    world.condarc("always_yes: yes", "console: plain")
    shutil.rmtree(world.prefix)
    assert "{" not in world.xconda("create", "-p", str(world.prefix), "pear").stderr
