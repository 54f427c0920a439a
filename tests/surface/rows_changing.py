"""Rows of the commands that change environments."""

from typing import Final

from tests.surface.effects import (
    copies,
    does_not_ask,
    gives,
    keeps,
    leaves,
    loses,
    plans,
    silences,
    takes_away,
    writes,
)
from tests.surface.option_row import Effect, Row

WISH = {"wish": "plum\n", "requirements.txt": "plum\n", "environment.yml": "dependencies: [pear]\n",
        "more.yml": "dependencies: [plum]\n"}  # fmt: skip
CAKE = ("install -n bakery cake -d --json", "update -n bakery cake -d --json")
APPLE = ("install -n demo apple -d --json", "update -n demo apple -d --json")
NEW = "create -n new apple -d --json"
THREE = plans(first="1.0", second="2.0", third="2.0")
PIN_SEED, PIN_APPLE = {"CONDA_PINNED_PACKAGES": "seed 1.*"}, {"CONDA_PINNED_PACKAGES": "apple 1.*"}
TRIO = {"environment.yml": "dependencies: [first, second, third]\n"}
LAZY = {"CONDA_UPDATE_MODIFIER": "specs_satisfied_skip_solve"}


def _each(lines: tuple[str, ...], option: str, effect: Effect, **words: object) -> tuple[Row, ...]:
    return tuple(Row(f"{line} [{option}]", effect, **words) for line in lines)  # type: ignore[arg-type]


MENUS: Final[tuple[tuple[str, Effect, dict[str, str]], ...]] = (
    ("--no-shortcuts", takes_away(".desktop"), {}),
    ("--shortcuts", writes(".desktop"), {"CONDA_SHORTCUTS": "false"}),
    ("--shortcuts-only other", takes_away(".desktop"), {}),
)

REACH = (
    Row(f"{NEW} [--no-deps]", plans(apple="2.0", seed=None)),
    Row(f"{NEW} [--only-deps]", plans(apple=None, seed="2.0")),
    *_each(CAKE, "--no-deps", plans(cake="2.0", seed=None)),
    *_each(CAKE, "--only-deps", plans(cake=None, seed="2.0")),
    Row(f"{NEW} [--no-pin]", plans(seed="2.0"), environ=PIN_SEED),
    Row("install -n other apple -d --json [--no-pin]", plans(seed="2.0"), environ=PIN_SEED),
    Row("update -n demo apple -d --json [--no-pin]", plans(apple="2.0"), environ=PIN_APPLE),
    Row("install -n demo pear -d --json [--force-reinstall]", plans(pear="1.0")),
    Row("update -n demo pear -d --json [--force-reinstall]", plans(pear="1.0")),
    *_each(CAKE, "--freeze-installed|--no-update-deps", plans(cake=None)),
    *_each(APPLE, "--update-deps", plans(seed="2.0")),
    *_each(APPLE, "-S|--satisfied-skip-solve", plans(apple=None)),
    Row("install -n demo pear -d --json [--update-all|--all]", plans(seed="2.0")),
    Row("update -n demo pear -d --json [--update-all|--all]", plans(seed="2.0")),
    *_each(APPLE, "--update-specs", plans(apple="2.0"), environ=LAZY),
)
FILES = (
    Row("create -n new -y pear [-f|--file requirements.txt]", leaves("new", plum="1.0"),
        files=WISH),
    Row("install -n demo -y pear [-f|--file requirements.txt]", leaves("demo", plum="1.0"),
        files=WISH),
    Row("update -n demo -d --json seed [-f|--file apples.txt]", plans(apple="2.0"),
        files={"apples.txt": "apple\n"}),
    Row("env create -n new [-f|--file more.yml]", leaves("new", plum="1.0"), files=WISH),
    Row("env update -n demo [-f|--file more.yml]", leaves("demo", plum="1.0"), files=WISH),
    *(Row(f"{line} -f wish [{option} requirements]", effect, files=WISH, otherwise=2)
      for option in ("--format", "--environment-specifier|--env-spec")
      for line, effect in (
          ("create -n new -y", leaves("new", plum="1.0")),
          ("install -n demo -y", leaves("demo", plum="1.0")),
          ("env create -n new", leaves("new", plum="1.0")),
          ("env update -n demo", leaves("demo", plum="1.0")))),
    *(Row(f"update -n demo -d --json -f fruit [{option} requirements]", plans(apple="2.0"),
          files={"fruit": "apple\n"}, otherwise=2)
      for option in ("--format", "--environment-specifier|--env-spec")),
)  # fmt: skip
LINKING = (
    Row("create -n new -y plum [--download-only]", silences("revision")),
    Row("install -n demo -y plum [--download-only]", leaves("demo", plum=None)),
    Row("update -n demo -y apple [--download-only]", leaves("demo", apple="1.0")),
)
RIVALS = {"CONDA_PATH_CONFLICT": "prevent"}
PUT = (
    *(Row(f"{line} -y plum [--copy]", copies(path), before=("create -y -n warm plum",))
      for line, path in (("create -n new", "envs/new/share/plum.txt"),
                         ("install -n demo", "envs/demo/share/plum.txt"))),
    Row("update -n demo -y apple [--copy]", copies("envs/demo/share/apple.txt"),
        before=("create -y -n warm apple",)),
    Row("create -n new -y one two [--clobber]", keeps("new"), environ=RIVALS, otherwise=1),
    Row("install -n demo -y one two [--clobber]", leaves("demo", two="1.0"), environ=RIVALS,
        otherwise=1),
    Row("update -n rival -y nine [--clobber]", leaves("rival", nine="2.0"), environ=RIVALS,
        otherwise=1, before=("create -y -n rival nine=1 one",)),
    Row("install -n demo pear -d --json [--force]", plans(pear="1.0")),
    Row("update -n demo pear -d --json [--force]", plans(pear="1.0")),
    *(Row(f"{line} [{option}]", effect, environ=environ)
      for line in ("create -n new -y ide", "install -n demo -y ide")
      for option, effect, environ in MENUS),
    *(Row(f"update -n tools -y ide [{option}]", effect, environ=environ,
          before=("create -y -n tools ide=1 --no-shortcuts",))
      for option, effect, environ in MENUS),
)  # fmt: skip
OWN = (
    Row("create -n new -y [--clone demo]", leaves("new", apple="1.0", pear="1.0")),
    Row("create -n new -y pear [--no-default-packages]", leaves("new", plum=None),
        environ={"CONDA_CREATE_DEFAULT_PACKAGES": "plum"}),
    Row("env create -n new [--no-default-packages]", leaves("new", plum=None),
        environ={"CONDA_CREATE_DEFAULT_PACKAGES": "plum"}, files=WISH),
    Row("create -n new native -d --json [--subdir|--platform osx-arm64]", plans(native="2.0")),
    Row("env create -n new -d --json [--subdir|--platform osx-arm64]", plans(native="2.0"),
        files={"environment.yml": "dependencies: [native]\n"}),
    *_each(tuple(f"{line} first second third -d --json"
                 for line in ("create -n new", "install -n demo")), "--solver sat", THREE),
    Row("update -n trio first second third -d --json [--solver sat]",
        plans(first=None, second="2.0", third="2.0"),
        before=("create -y -n trio first=1 second=1 third=1 --no-deps",)),
    Row("env create -n new -d --json [--solver sat]", THREE, files=TRIO),
    Row("env update -n demo -d --json [--solver sat]", THREE, files=TRIO),
    Row("env remove -n other -d [--solver sat]", idle="nothing has to be solved"),
    Row("remove -n demo pear -d [--solver sat]", idle="nothing has to be chosen"),
    Row("env create -n new -d [-C|--use-index-cache]", does_not_ask("/repodata"), files=WISH,
        environ={"CONDA_LOCAL_REPODATA_TTL": "0"}),
    Row("env create -n new -d [--offline]", does_not_ask("/repodata"), files=WISH,
        environ={"CONDA_LOCAL_REPODATA_TTL": "0"}),
    Row("update -n demo -d --json apple [--prune]",
        gives("unlinks what is not needed", lambda plan: "pear" in str(plan["actions"]["UNLINK"])),
    ),
    Row("install -n demo -y [--revision 0]", leaves("demo", pear=None), otherwise=2),
    Row("env update -n demo [--prune]", leaves("demo", apple=None), files=WISH),
    Row("install -n demo -d --json plum [--prune]",
        gives("unlinks what is not needed", lambda plan: "UNLINK" in plan["actions"])),
    Row("remove -n tiny -y small [--features]", leaves("tiny", dwarf=None), otherwise=1),
    Row("remove -n demo -y seed [--force-remove|--force]",
        leaves("demo", apple="1.0", seed=None)),
    Row("remove -n other -y [--all]", loses("other"), otherwise=2),
    Row("remove -n other -y --all [--keep-env]", keeps("other")),
)  # fmt: skip
CHANGED = (*PUT, *REACH, *FILES, *LINKING, *OWN)
