"""Scenarios of the settings that say how far a request reaches."""

from tests.config.setting_world import World
from xconda_core.testing.simulator import a_channel, a_package


def old_fruit(world: World) -> None:
    world.do("create", "apple=1", "seed=1", "pear")


def aggressive_update_packages(world: World) -> None:
    old_fruit(world)
    assert world.plan("install", "pear") == {}
    world.condarc("aggressive_update_packages: [seed]")
    assert world.plan("install", "pear") == {"seed": "2.0"}
    world.condarc("aggressive_update_packages: [seed]", "offline: yes")
    assert world.plan("install", "pear") == {}


def update_modifier(world: World) -> None:
    old_fruit(world)
    plans = {}
    for word in ("update_specs", "update_deps", "update_all", "specs_satisfied_skip_solve"):
        world.condarc(f"update_modifier: {word}")
        plans[word] = world.plan("install", "apple")
    everything = {"apple": "2.0", "seed": "2.0"}
    assert plans == {
        "update_specs": {"apple": "2.0"},
        "update_deps": everything,
        "update_all": everything,
        "specs_satisfied_skip_solve": {},
    }


def deps_modifier(world: World) -> None:
    plans = []
    for word in ("not_set", "no_deps", "only_deps"):
        world.condarc(f"deps_modifier: {word}")
        plans.append(world.plan("create", "apple"))
    assert plans == [{"apple": "2.0", "seed": "2.0"}, {"apple": "2.0"}, {"seed": "2.0"}]


def force_reinstall(world: World) -> None:
    old_fruit(world)
    world.condarc("force_reinstall: yes")
    assert world.plan("install", "pear") == {"pear": "1.0"}


def force_remove(world: World) -> None:
    for word, names in (("no", ["pear"]), ("yes", ["apple", "pear"])):
        world.condarc("force_remove: no")
        prefix = world.prefix
        if prefix.exists():
            world.do("install", "apple", "seed")
        else:
            world.do("create", "apple", "seed", "pear")
        world.condarc(f"force_remove: {word}")
        world.do("remove", "seed")
        found = {path.name.split("-")[0] for path in (prefix / "conda-meta").glob("*.json")}
        assert sorted(found) == names


def solver(world: World) -> None:
    a_channel(
        world.home / "channel",
        [
            *(a_package("first", f"{n}.0", depends=[f"second {3 - n}.*"]) for n in (1, 2)),
            *(a_package("second", f"{n}.0", depends=[f"third {n}.*"]) for n in (1, 2)),
            *(a_package("third", f"{n}.0") for n in (1, 2)),
        ],
    )
    channel = f"channels: [file://{world.home}/channel]"
    plans = {}
    for word in ("xconda", "libmamba", "sat"):
        world.condarc(channel, f"solver: {word}")
        plans[word] = world.plan("create", "first", "second", "third")
    first_newest = {"first": "2.0", "second": "1.0", "third": "1.0"}
    together_newest = {"first": "1.0", "second": "2.0", "third": "2.0"}
    assert plans == {"xconda": first_newest, "libmamba": first_newest, "sat": together_newest}


SOLVING = (
    solver,
    aggressive_update_packages,
    update_modifier,
    deps_modifier,
    force_reinstall,
    force_remove,
)
