"""Rows of what every command has: help, documents, logs, silence, and questions."""

from tests.surface.effects import is_document, keeps, leaves, loses, says, shows_help, silences
from tests.surface.lines import ASKING, DRY, FILES, LOOKING, TALKING
from tests.surface.option_row import Row

ALL = (
    *TALKING, "activate", "deactivate", "run", "env config vars set", "env config vars unset",
)  # fmt: skip
WORDS = {
    "activate": "activate [{}] demo",
    "deactivate": "deactivate [{}]",
    "run": "run [{}] -n demo greet",
    "env config vars set": "env config vars set [{}] -n demo KEY=value",
    "env config vars unset": "env config vars unset [{}] -n demo",
}

HELP = tuple(
    Row(
        WORDS.get(command, f"{TALKING.get(command)} [{{}}]").replace("{}", "-h|--help"),
        shows_help("activate" if command == "deactivate" else command),  # one page
        files=FILES,
        otherwise={"activate": 1, "deactivate": 1, "run": 127, "env config vars unset": 2}.get(
            command, 0
        ),
        process=command == "run",
    )
    for command in ALL
)
DOCUMENTS = tuple(
    Row(f"{line} [{option}]", is_document(), files=FILES)
    for line in TALKING.values()
    for option in ("--json", "--console json")
)
LOGS = tuple(
    Row(f"{line} [{option}]", says(words), files=FILES)
    for line in TALKING.values()
    for option, words in (
        ("-v|--verbose -v", "INFO xconda_core"),
        ("--debug", "DEBUG xconda_core"),
        ("--trace", "DEBUG xconda_core"),
    )
)
SILENCE = tuple(
    Row(f"{line} [-q|--quiet]", silences("Dry run"), files=FILES) for line in DRY.values()
)
PROGRESS = tuple(
    Row(f"{line} [-q|--quiet]", silences("Reading channels"))
    for line in LOOKING.values()
    if line.startswith(("search", "repoquery"))
)
WRITTEN = tuple(
    Row(f"{command} -n demo --file here.yml [-q|--quiet]", silences("Written"))
    for command in ("export", "env export")
)
REPAIRS = tuple(
    Row(f"{command} -n demo --fix --dry-run [-q|--quiet]", silences("Dry run"), exit_code=1,
        otherwise=1, files={"envs/demo/share/pear.txt": "x"})
    for command in ("check", "doctor")
)  # fmt: skip
SILENT = tuple(
    Row(f"{LOOKING[command]} [-q|--quiet]", idle="there is no progress to hide", files=FILES)
    for command in (
        "compare",
        "env config vars list",
        "env list",
        "info",
        "list",
        "notices",
        "plugins list",
    )
)
DRY_RUNS = tuple(
    Row(f"{line} -y [-d|--dry-run]", effect, files=FILES)
    for line, effect in (
        (ASKING["create"], silences("Done")),
        (ASKING["install"], leaves("demo", plum=None)),
        (ASKING["update"], leaves("demo", apple="1.0")),
        (ASKING["remove"], leaves("demo", pear="1.0")),
        (ASKING["env remove"], keeps("other")),
        (ASKING["rename"], keeps("other")),
        (ASKING["clean"], silences("Removed")),
        ("env create -n new", silences("Done")),
    )
)
QUESTIONS = tuple(
    Row(f"{line} [-y|--yes]", effect, files=FILES, otherwise=1)
    for line, effect in (
        (ASKING["create"], keeps("new")),
        (ASKING["install"], leaves("demo", plum="1.0")),
        (ASKING["update"], leaves("demo", apple="2.0")),
        (ASKING["remove"], leaves("demo", pear=None)),
        (ASKING["env remove"], loses("other")),
        ("rename -n other bakery", leaves("bakery", pear="1.0", cake=None)),
        (ASKING["clean"], says("Removed")),
    )
)
UNASKED = (
    Row(f"{DRY['env create']} [-y|--yes]", files=FILES,
        idle="who wrote the file has said what there is to be: nothing is asked"),
)  # fmt: skip
NAMES = (Row("commands [-h|--help]", shows_help("commands")),)
OUTPUT = (
    *NAMES,
    *UNASKED,
    *HELP,
    *DOCUMENTS,
    *LOGS,
    *SILENCE,
    *PROGRESS,
    *WRITTEN,
    *REPAIRS,
    *SILENT,
    *DRY_RUNS,
    *QUESTIONS,
)
