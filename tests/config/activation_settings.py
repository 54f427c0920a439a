"""Scenarios of the settings that activation in shells follows."""

import json
from pathlib import Path

from tests.config.setting_world import World


def auto_activate(world: World) -> None:
    _an_environment(world, world.home / "root")
    assert "xconda activate base" in world.xconda("shell.bash", "hook").stdout
    world.condarc("auto_activate: no")
    assert "xconda activate base" not in world.xconda("shell.bash", "hook").stdout


def default_activation_env(world: World) -> None:
    prefix = _an_environment(world, world.prefix)
    world.condarc(f"default_activation_env: '{prefix}'")
    assert _activated(world)["CONDA_PREFIX"] == str(prefix)
    assert f"xconda activate {prefix}" in world.xconda("shell.bash", "hook").stdout


def auto_stack(world: World) -> None:
    one, two = (_an_environment(world, world.home / name) for name in ("one", "two"))
    active = {"CONDA_PREFIX": str(one), "CONDA_SHLVL": "1", "PATH": f"{one}/bin:/bin"}
    assert _activated(world, str(two), **active).keys() & {"CONDA_STACKED_2"} == set()
    world.condarc("auto_stack: 1")
    assert _activated(world, str(two), **active)["CONDA_STACKED_2"] == "true"


def envvars_force_uppercase(world: World) -> None:
    prefix = _an_environment(world, world.prefix)
    (prefix / "conda-meta" / "state").write_text('{"env_vars": {"low": "1"}}')
    assert _activated(world, str(prefix))["LOW"] == "1"
    world.condarc("envvars_force_uppercase: no")
    assert _activated(world, str(prefix))["low"] == "1"


def _an_environment(world: World, prefix: Path) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    return prefix


def _activated(world: World, *words: str, **environ: str) -> dict[str, str]:
    done = world.xconda("shell.posix+json", "activate", *words, **environ)
    exported: dict[str, str] = json.loads(done.stdout)["vars"]["export"]
    return exported


ACTIVATION = (auto_activate, default_activation_env, auto_stack, envvars_force_uppercase)
