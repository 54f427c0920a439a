"""The stories: what users do, and what is true afterwards, on every surface alike."""

from tests.scenarios.scenario import Expected, Scenario, Step

START = {"apple": "1.0", "seed": "2.0"}


def created(*specs: str, packages: dict[str, str] | None = None) -> Step:
    return Step(verb="create", specs=specs, expected=Expected(packages=packages))


def unchanged(packages: dict[str, str] | None = None) -> Step:
    """Look, where nothing is the matter, that the environment is as it was."""
    return Step(verb="list", expected=Expected(packages=START if packages is None else packages))


LIFE = Scenario(
    name="an environment is made, changed, looked at, changed back and used",
    steps=(
        Step(
            verb="create",
            specs=("apple=1", "seed=1"),
            expected=Expected(
                says=("--name demo", "apple", "1.0", "2 to install", "2 packages installed"),
                keys={"success": True, "actions.LINK.0.name": "apple", "actions.FETCH": ...},
                packages={"apple": "1.0", "seed": "1.0"},
            ),
        ),
        Step(
            verb="install",
            specs=("greeter",),
            expected=Expected(
                says=("greeter", "1 to install", "2 unchanged"),
                keys={"actions.LINK.0.dist_name": "greeter-1.0-0", "prefix": ...},
                packages={"apple": "1.0", "greeter": "1.0", "seed": "1.0"},
            ),
        ),
        Step(
            verb="install",
            specs=("greeter",),
            expected=Expected(
                says=("Nothing to do",),
                keys={"success": True, "message": "All requested packages already installed."},
            ),
        ),
        Step(
            verb="list",
            expected=Expected(
                says=("apple", "greeter", "seed", "orchard"),
                keys={"0.name": "apple", "0.version": "1.0", "0.channel": "orchard"},
            ),
        ),
        Step(
            verb="update",
            specs=("apple", "seed"),
            expected=Expected(
                says=("1.0", "2.0", "2 to upgrade"),
                keys={"actions.UNLINK.0.version": "1.0", "actions.LINK.0.version": "2.0"},
                packages={"apple": "2.0", "greeter": "1.0", "seed": "2.0"},
            ),
        ),
        Step(
            verb="remove",
            specs=("greeter",),
            expected=Expected(
                says=("greeter", "removed"),
                keys={"actions.UNLINK.0.name": "greeter"},
                packages={"apple": "2.0", "seed": "2.0"},
            ),
        ),
        Step(
            verb="undo",
            expected=Expected(
                says=("greeter", "1 to install"),
                packages={"apple": "2.0", "greeter": "1.0", "seed": "2.0"},
            ),
        ),
        Step(
            verb="redo",
            expected=Expected(
                says=("greeter", "1 to remove", "revision 5"),
                keys={"revision": 5},
                packages={"apple": "2.0", "seed": "2.0"},
            ),
        ),
        Step(
            verb="install",
            options={"revision": "2"},
            expected=Expected(packages={"apple": "2.0", "greeter": "1.0", "seed": "2.0"}),
        ),
        Step(
            verb="history",
            expected=Expected(
                says=("xconda remove", "as it was at revision 2", "xconda redo"),
                keys={"3.remove": ..., "6.reverts_to": 2},
            ),
        ),
        Step(
            verb="diff",
            specs=("0", "2"),
            expected=Expected(
                says=("From revision 0 to revision 2", "greeter", "Asked for"),
                keys={"packages.0.name": "apple", "packages.0.movement": "upgrade"},
            ),
        ),
        Step(
            verb="doctor",
            expected=Expected(
                says=("missing-files", "Healthy"),
                keys={"success": True, "healthy": True, "findings": []},
            ),
        ),
        Step(
            verb="env list",
            environment="",
            expected=Expected(says=("demo",), keys={"envs": ..., "envs_details": ...}),
        ),
        Step(
            verb="run",
            specs=("greet", "--json"),
            expected=Expected(says=("greetings from ", "/envs/demo to --json"), exit_code=7),
        ),
    ),
)

LOOKING = Scenario(
    name="looking changes nothing",
    steps=(
        created("apple=1", packages=START),
        Step(
            verb="install",
            specs=("pear",),
            options={"dry-run": True},
            expected=Expected(
                says=("pear", "1 to install", "1 to downgrade", "nothing was changed"),
                keys={"dry_run": True, "actions.LINK": ...},
                packages=START,
            ),
        ),
        Step(
            verb="search",
            environment="",
            specs=("apple>=2",),
            expected=Expected(says=("apple", "2.0", "orchard"), keys={"apple.0.version": "2.0"}),
        ),
        Step(
            verb="info",
            expected=Expected(
                says=("orchard", "/envs/demo", "linux-64", "__glibc", "--name demo"),
                keys={"platform": "linux-64", "channels": ..., "envs_dirs": ..., "pkgs_dirs": ...},
                packages=START,
            ),
        ),
    ),
)


REPLACED = Scenario(
    name="an environment that is there is replaced by another, and comes back by an undo",
    steps=(
        created("apple=1", "greeter"),
        Step(
            verb="create",
            specs=("seed=1",),
            options={"dry-run": True},
            expected=Expected(
                says=("it is replaced", "2 to remove", "1 to downgrade"),
                keys={"plan.onto": "environment", "actions.UNLINK.0.name": "apple"},
                packages={"apple": "1.0", "greeter": "1.0", "seed": "2.0"},
            ),
        ),
        Step(
            verb="create",
            specs=("seed=1",),
            expected=Expected(
                says=("`xconda undo` brings its packages back", "revision 1"),
                keys={"revision": 1, "plan.onto": "environment", "plan.creates": False},
                packages={"seed": "1.0"},
            ),
        ),
        Step(
            verb="undo",
            expected=Expected(packages={"apple": "1.0", "greeter": "1.0", "seed": "2.0"}),
        ),
    ),
)


def refused(name: str, step: Step, *places: str) -> Scenario:
    """A step that fails, in an environment that is afterwards as it was."""
    return Scenario(
        name=name,
        place=places[0] if places else "ordinary",
        steps=(created("apple=1", packages=START), step, unchanged()),
    )


REFUSALS = (
    refused(
        "an unknown package is answered with the nearest names and the channels searched",
        Step(
            verb="install",
            specs=("aple",),
            expected=Expected(
                outcome="package-not-found",
                says=("aple", "apple", "orchard"),
                keys={"success": False, "error": ..., "message": ..., "exception_name": ...},
            ),
        ),
    ),
    refused(
        "a conflict names the user's specs and what stands between them",
        Step(
            verb="install",
            specs=("pear", "plum"),
            expected=Expected(outcome="unsatisfiable", says=("pear", "plum", "seed")),
        ),
    ),
    refused(
        "an environment that is not there is said, with the way to make it",
        Step(
            verb="install",
            environment="dmo",
            specs=("pear",),
            expected=Expected(outcome="environment-not-found", says=("dmo", "did you mean demo")),
        ),
    ),
    refused(
        "there is nothing to undo after the first revision",
        Step(verb="undo", expected=Expected(outcome="nothing-to-undo", says=("/envs/demo",))),
    ),
    refused(
        "a revision that never was is said with those that were",
        Step(
            verb="undo",
            options={"revision": "9"},
            expected=Expected(outcome="revision-unknown", says=("no revision 9", "0 to 0")),
        ),
    ),
    refused(
        "updating what is not installed is said",
        Step(
            verb="update",
            specs=("pear",),
            expected=Expected(outcome="package-not-installed", says=("pear",)),
        ),
    ),
    refused(
        "a program that is not there is said as a shell would",
        Step(
            verb="run",
            specs=("guacamole",),
            expected=Expected(
                outcome="program-not-found", says=("guacamole", "/envs/demo"), exit_code=127
            ),
        ),
    ),
    refused(
        "a search that finds nothing is a failure that names the channels",
        Step(
            verb="search",
            environment="",
            specs=("banana",),
            expected=Expected(outcome="package-not-found", says=("banana", "orchard")),
        ),
    ),
    refused(
        "a spec that is none is said",
        Step(verb="install", specs=("apple>=<2",), expected=Expected(outcome="invalid-match-spec")),
    ),
    refused(
        "removing what is not installed is said",
        Step(verb="remove", specs=("pear",), expected=Expected(outcome="package-not-installed")),
    ),
    refused(
        "an archive that is not what the channel promises is not installed",
        Step(
            verb="install",
            specs=("damaged",),
            expected=Expected(outcome="package-not-fetched", says=("damaged", "sha256")),
        ),
    ),
    refused(
        "a channel that does not exist is named",
        Step(
            verb="install",
            specs=("pear",),
            expected=Expected(outcome="channel-not-found", says=("nowhere",)),
        ),
        "the channel is missing",
    ),
    refused(
        "without a network nothing is changed",
        Step(
            verb="install",
            specs=("pear",),
            expected=Expected(outcome="network-failed", says=("127.0.0.1",)),
        ),
        "the network is down",
    ),
    refused(
        "an environment that may not be written is left alone",
        Step(
            verb="install",
            specs=("pear",),
            expected=Expected(outcome="not-writable", says=("/envs/demo",)),
        ),
        "the environment is somebody else's",
    ),
    refused(
        "a full package cache stops the installation before anything is changed",
        Step(
            verb="install",
            specs=("big",),
            expected=Expected(outcome="too-little-space", says=("3.0 MB will be needed", "/pkgs")),
        ),
        "the package cache's disk is full",
    ),
    refused(
        "a disk that fills up while packages are linked puts everything back",
        Step(verb="install", specs=("big",), expected=Expected(outcome="disk-full")),
        "the environment's disk is full",
    ),
)

WAITING = Scenario(
    name="an environment that another process is changing is waited for, and its owner named",
    place="another process is changing the environment",
    steps=(
        created("apple=1", packages=START),
        Step(
            verb="install",
            specs=("plum",),
            expected=Expected(
                says=("waiting for `xconda install other`", "plum"),
                packages={"plum": "1.0", **START},
            ),
        ),
    ),
)

SCENARIOS = (LIFE, LOOKING, WAITING, REPLACED, *REFUSALS)
