"""Rows that say which environment is meant, and of positional arguments."""

from tests.surface.effects import (
    answers,
    keeps,
    leaves,
    loses,
    says,
    shows_help,
    silences,
    takes_away,
    writes,
)
from tests.surface.lines import FILES
from tests.surface.option_row import Effect, Row

ACTIVE = {"CONDA_PREFIX": "{home}/envs/other"}
RED = ("env config vars set -n demo COLOUR=red", "env config vars set -n other TASTE=sweet")
NAMELESS = {"environment.yml": "dependencies:\n  - plum\n", "requirements.txt": "apple\n"}
FROZEN = {
    "envs/demo/conda-meta/frozen": "",
    "envs/other/conda-meta/frozen": "",
    "environment.yml": "dependencies:\n  - plum\n",
}


def _both(line: str, effect: Effect, name: str = "demo", **words: object) -> tuple[Row, Row]:
    """Return the rows of ``-n`` and of ``-p``; ``line`` has ``{}`` in their place."""
    options = (f"-n|--name {name}", f"-p|--prefix {{home}}/envs/{name}")
    first, second = (line.replace("{}", f"[{option}]") for option in options)
    return Row(first, effect, **words), Row(second, effect, **words)  # type: ignore[arg-type]


TARGETS = (
    *_both("compare requirements.txt {}", says("Success"), files=FILES, environ=ACTIVE,
           otherwise=1),
    *_both("config --get channels {}", answers("meadow"),
           files={"envs/demo/.condarc": "channels: [meadow]\n"}),
    *_both("create -y pear {}", keeps("new"), "new", otherwise=2),
    *_both("env config vars list {}", answers("COLOUR"), before=RED, environ=ACTIVE),
    *_both("env config vars set COLOUR=red {}", says("envs/demo"), environ=ACTIVE),
    *_both("env config vars unset COLOUR {}", says("envs/demo"), environ=ACTIVE,
           before=(*RED, "env config vars set -n other COLOUR=blue")),
    *_both("env create {}", keeps("mine"), "mine", files=FILES),
    *_both("env export {}", answers("apple"), environ=ACTIVE),
    *_both("export {}", answers("apple"), environ=ACTIVE),
    *_both("env remove -y {}", loses("other"), "other", otherwise=2),
    *_both("env update {}", leaves("demo", plum="1.0"), files=NAMELESS, environ=ACTIVE),
    *_both("install -y plum {}", leaves("demo", plum="1.0"), environ=ACTIVE),
    *_both("list {}", answers("apple"), environ=ACTIVE),
    *_both("remove -y pear {}", leaves("demo", pear=None), environ=ACTIVE),
    *_both("rename -y moved {}", keeps("moved"), "other", otherwise=2),
    *_both("run {} printenv CONDA_PREFIX", answers("envs/demo"), environ=ACTIVE, process=True),
    *_both("update -y --all {}", leaves("demo", seed="2.0"), environ=ACTIVE),
    *_both("check {}", answers("envs/demo"), environ=ACTIVE),
    *_both("doctor {}", answers("envs/demo"), environ=ACTIVE),
)  # fmt: skip
OVERRIDES = tuple(
    Row(f"{line} [--override-frozen]", effect, files=files, otherwise=1)
    for line, effect, files in (
        ("env remove -y -n other", loses("other"), FROZEN),
        ("env update -n demo", leaves("demo", plum="1.0"), FROZEN),
        ("install -y -n demo plum", leaves("demo", plum="1.0"), FROZEN),
        ("remove -y -n demo pear", leaves("demo", pear=None), FROZEN),
        ("update -y -n demo apple", leaves("demo", apple="2.0"), FROZEN),
        ("check -y -n demo --fix", says("Repaired"), {**FROZEN, "envs/demo/share/pear.txt": "x"}),
        ("doctor -y -n demo --fix", says("Repaired"), {**FROZEN, "envs/demo/share/pear.txt": "x"}),
    )
)
ARGUMENTS = (
    Row("shell.posix+json activate [<args> demo]", answers("envs/demo"), of="conda activate",
        process=True, otherwise=1),
    Row("compare -n demo [<file> requirements.txt]", says("Success"), files=FILES, otherwise=2),
    Row("create -y -n new [<packages> apple pear]", leaves("new", apple="2.0", pear="1.0")),
    Row("env config vars set -n demo [<vars> A=1 B=2]", writes("demo/conda-meta/state"),
        otherwise=2),
    Row("env config vars unset -n demo [<vars> COLOUR]", says("Noted for"), before=RED,
        otherwise=2),
    Row("init --dry-run [<shells> zsh fish]", answers(".zshrc", "config.fish")),
    Row("install -y -n demo [<packages> plum]", leaves("demo", plum="1.0"), otherwise=2),
    Row("list -n demo [<regex> ^a]", silences("pear")),
    Row("remove -y -n demo [<package_names> pear]", leaves("demo", pear=None), otherwise=2),
    Row("uninstall -y -n demo [<package_names> pear]", leaves("demo", pear=None), otherwise=2),
    Row("rename -y -n other [<destination> moved]", keeps("moved"), otherwise=2),
    Row("run -n other [<executable_call> echo --json]", answers("--json"), otherwise=2,
        process=True),
    Row("search [<match_spec> apple>=2]", silences("pear")),
    Row("update -y -n demo [<packages> apple]", leaves("demo", apple="2.0"), otherwise=2),
    Row("upgrade -y -n demo [<packages> apple]", leaves("demo", apple="2.0"), otherwise=2),
    Row("check -n demo [<checks> missing-files]", silences("altered-files")),
    Row("doctor -n demo [<checks> missing-files]", silences("altered-files")),
    Row("repoquery whoneeds [<specs> seed]", answers("apple"), otherwise=2),
    Row("repoquery depends [<specs> apple]", answers("seed"), otherwise=2),
    Row("repoquery search [<specs> apple]", answers("2.0"), otherwise=2),
)  # fmt: skip
MINE = {"envs/demo/share/mine.txt": "mine", "envs/other/share/theirs.txt": "theirs"}
PACKAGE = (
    Row("package -n demo --untracked [-h|--help]", shows_help("package"), files=MINE),
    *_both("package --untracked {}", answers("share/mine.txt"), files=MINE, environ=ACTIVE),
    Row("package -n demo [-w|--which share/pear.txt]", answers("pear-1.0-0"), files=MINE),
    Row("package -n demo -y [-r|--reset]", takes_away("share/mine.txt"), files=MINE),
    Row("package -n demo [-u|--untracked]", answers("share/mine.txt"), files=MINE),
    Row("package -n demo [--pkg-name mine]", writes("mine-0.0-0.tar.bz2"), files=MINE),
    Row("package -n demo [--pkg-version 1.5]", writes("unknown-1.5-0.tar.bz2"), files=MINE),
    Row("package -n demo [--pkg-build 7]", writes("unknown-0.0-7.tar.bz2"), files=MINE),
)
TARGETED = (*PACKAGE, *TARGETS, *OVERRIDES, *ARGUMENTS)
