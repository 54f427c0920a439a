"""Rows that say where packages come from: channels, lists, priorities, dates, the network."""

from tests.surface.effects import answers, asks, does_not_ask, keeps, leaves, plans, says, silences
from tests.surface.option_row import Effect, Row
from xconda_core.cli.request_options import PROCESSES, UNKNOWN

GARDEN = "-c|--channel {server}/garden"
COLD = {"CONDA_PKGS_DIRS": "{home}/cold"}
STALE = {"CONDA_LOCAL_REPODATA_TTL": "0"}
WHOLE = {"CONDA_REPODATA_USE_SHARDS": "0"}
BOTH = {"CONDA_CHANNELS": "{server}/orchard,{server}/garden"}
CREATE, INSTALL, UPDATE = (
    "create -n new apple -d --json", "install -n other apple -d --json",
    "update -n demo apple seed -d --json",
)  # fmt: skip
CHANGES = (CREATE, INSTALL, UPDATE)
REMOVE = "remove -n demo pear -d"
QUERIES = ("search apple", "repoquery whoneeds pear", "repoquery depends apple",
           "repoquery search apple")  # fmt: skip
SOLVING = (*CHANGES, *QUERIES)
PLANS = ("create -n new apple -d", "install -n other apple -d", "update -n demo apple -d")
SHARDED = tuple(line for line in SOLVING if "whoneeds" not in line)
WHO = "who needs a package is read from whole lists: shards tell it only when all of them are there"
FOUND = {
    "search apple": "3.0", "repoquery whoneeds pear": "rose",
    "repoquery search apple": "3.0",
}  # fmt: skip
BUILT = {
    "search apple": "99", "repoquery whoneeds pear": "cider", "repoquery depends apple": "nothing",
    "repoquery search apple": "99",
}  # fmt: skip
ALL = "a question about all packages is answered from the whole list"


def _each(lines: tuple[str, ...], option: str, effect: Effect, **words: object) -> tuple[Row, ...]:
    return tuple(Row(f"{line} [{option}]", effect, **words) for line in lines)  # type: ignore[arg-type]


def _idle(lines: tuple[str, ...], option: str, why: str, **words: object) -> tuple[Row, ...]:
    return tuple(Row(f"{line} [{option}]", idle=why, **words) for line in lines)  # type: ignore[arg-type]


CHANNELS = (
    *_each(CHANGES, GARDEN, plans(apple="3.0")),
    *(Row(f"{line} [{GARDEN}]", answers(word)) for line, word in FOUND.items()),
    Row(f"repoquery depends tulip [{GARDEN}]", answers("pear"), otherwise=1),
    Row(f"notices [{GARDEN}]", answers("news of the garden")),
    *_each(("export -n demo", "env export -n demo"), GARDEN, answers("garden")),
    *_each(
        tuple(f"{line} -c {{server}}/garden" for line in (
            "create -n new tulip -d", "install -n demo tulip -d", "update -n demo pear -d",
            "search tulip", "repoquery whoneeds pear", "repoquery depends tulip",
            "repoquery search tulip", "notices")),
        "-O|--override-channels", does_not_ask("/orchard/"), environ=COLD,
    ),
    *_each(("export -n demo -c {server}/garden", "env export -n demo -c {server}/garden"),
           "-O|--override-channels", silences("/orchard\n")),
    Row("notices [--use-local]", answers("news of this machine"), files={
        "conda-bld/notices.json": '{"notices": [{"id": "7", "message": "news of this machine"}]}'}),
    *_each(CHANGES, "--use-local", plans(apple="99")),
    *(Row(f"{line} [--use-local]", answers(word)) for line, word in BUILT.items()),
)  # fmt: skip
LISTS = (
    *_each((*CHANGES, "search apple"), "--repodata-fn current_repodata.json",
           asks("current_repodata.json"), environ={**COLD, **WHOLE}),
    *_idle(QUERIES[1:], "--repodata-fn current_repodata.json", ALL, environ={**COLD, **WHOLE}),
    *_each(SOLVING, "--experimental jlap", asks(".jlap"), before=("search apple",),
           environ={**STALE, **WHOLE, "CONDA_REPODATA_USE_ZST": "0"}),
    *_each(SOLVING, "--repodata-use-zst", asks("repodata.json.zst"),
           environ={**COLD, **WHOLE, "CONDA_REPODATA_USE_ZST": "0"}),
    *_each(SOLVING, "--no-repodata-use-zst", does_not_ask(".zst"), environ={**COLD, **WHOLE}),
    *_each(SHARDED, "--repodata-use-shards", asks("repodata_shards"), environ={**COLD, **WHOLE}),
    *_each(SHARDED, "--no-repodata-use-shards", does_not_ask("repodata_shards"), environ=COLD),
    *_idle(("repoquery whoneeds pear",), "--repodata-use-shards", WHO, environ={**COLD, **WHOLE}),
    *_idle(("repoquery whoneeds pear",), "--no-repodata-use-shards", WHO, environ=COLD),
)  # fmt: skip
ORDER = (
    *_each(CHANGES, "--strict-channel-priority", plans(apple="2.0"),
           environ={**BOTH, "CONDA_CHANNEL_PRIORITY": "disabled"}),
    *_each(CHANGES, "--channel-priority", plans(apple="2.0"),
           environ={**BOTH, "CONDA_CHANNEL_PRIORITY": "disabled"}),
    *_each(CHANGES, "--no-channel-priority", plans(apple="3.0"), environ=BOTH),
    *_each(CHANGES[:2], "--exclude-newer 2022-01-01", plans(apple="1.0")),
    *_each(CHANGES[2:], "--exclude-newer 2022-01-01", plans(apple=None, seed=None)),
)  # fmt: skip
NETWORK = (
    *_each(SOLVING, "-C|--use-index-cache", does_not_ask("/repodata"), environ=STALE),
    *_each(SOLVING, "--offline", does_not_ask(""), environ=STALE),
)
REMOVAL = (
    GARDEN, "--use-local", "--repodata-fn current_repodata.json",
    "--experimental jlap", "--repodata-use-zst", "--no-repodata-use-zst", "--repodata-use-shards",
    "--no-repodata-use-shards", "-C|--use-index-cache", "-k|--insecure", "--offline",
)  # fmt: skip
REMOVED = (
    *(row for option in REMOVAL for row in _idle(
        (REMOVE,), option, "a removal asks no channel: what stays is what is there",
        environ=STALE)),
    *_idle((f"{REMOVE} -c {{server}}/garden",), "-O|--override-channels",
           "a removal asks no channel: what stays is what is there"),
    *_idle((REMOVE,), "--no-pin", "a pin keeps no package from being removed"),
)  # fmt: skip
LOCK = "pkgs/.plum-1.0-0.conda.lock/in the way"  # no file can be made where this folder is
LOCKS = (
    Row("create -n new -y plum [--no-lock]", keeps("new"), files={LOCK: ""}, otherwise=1),
    Row("install -n demo -y plum [--no-lock]", leaves("demo", plum="1.0"), files={LOCK: ""},
        otherwise=1),
    Row("update -n demo -y apple [--no-lock]", leaves("demo", apple="2.0"),
        files={"pkgs/.apple-2.0-0.conda.lock/in the way": ""}, otherwise=1),
    *_idle((*QUERIES, "notices", REMOVE), "--no-lock",
           "it brings no package into a cache, and package lists are kept without locks"),
)  # fmt: skip
TELLING = (
    *(Row(f"notices -c {{server}}/garden [{option}]", idle="a notice comes without package lists")
      for option in ("--repodata-fn current_repodata.json", "--experimental jlap",
                     "--repodata-use-zst", "--no-repodata-use-zst", "--repodata-use-shards",
                     "--no-repodata-use-shards")),
    *(Row(f"{line} [{option}]", answers(word)) for option, word in (
        ("--show-channel-urls", "http://"),) for line in PLANS),
    *_each(PLANS, "--no-show-channel-urls", silences("orchard")),
    *(Row(f"{line} [--unknown]", says("--unknown does nothing"), idle=UNKNOWN)
      for line in (*PLANS, *QUERIES)),
    *(Row(f"{line} [--force-pscheck]", says("--force-pscheck does nothing"), idle=PROCESSES)
      for line in (*PLANS, REMOVE)),
    Row("search apple [--spec]", says("--spec does nothing"),
        idle="what is looked for is always a package specification"),
    Row(f"{REMOVE} [--prune]", says("--prune does nothing"),
        idle="what nothing needs any more goes with what needed it"),
    Row("config --get channels [-f|--force]", says("does nothing"),
        idle="nothing of `config` has to be forced"),
    Row("create -n new pear -d [--force]", says("--force does nothing"),
        idle="a new environment has nothing to be installed again"),
)  # fmt: skip
SECURE = "-O -c {tls}/orchard [-k|--insecure]"
UNVERIFIED = (
    *(
        Row(f"{line} {SECURE}", answers("apple"), otherwise=1)
        for line in (*PLANS, *QUERIES[:1], "repoquery whoneeds seed", *QUERIES[3:])
    ),
    Row(f"repoquery depends apple {SECURE}", answers("seed"), otherwise=1),
    Row(
        "env create -n new -d [-k|--insecure]",
        answers("apple"),
        otherwise=1,
        files={
            "environment.yml": "channels: ['{tls}/orchard', nodefaults]\ndependencies: [apple]\n"
        },
        environ={"CONDA_CHANNELS": ""},
    ),
)
TRACED = tuple(
    Row(f"{line} --debug [--trace]", says("DEBUG urllib3"), environ=STALE)
    for line in (*PLANS, *QUERIES)
)
FETCHED = (*TRACED, *UNVERIFIED, *LOCKS, *TELLING, *REMOVED, *CHANNELS, *LISTS, *ORDER, *NETWORK)
