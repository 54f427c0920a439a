"""Rows of configuration, start-up files, and programs that are run."""

from tests.surface.effects import answers, is_document, says, silences, writes
from tests.surface.option_row import Effect, Row
from xconda_core import __version__

RC = {".condarc": "channels: [meadow, hill]\nauto_stack: 1\nproxy_servers: {http: x}\n"}
ACTIVE = {"CONDA_PREFIX": "{home}/envs/demo"}
OWN = {"envs/demo/.condarc": "channels: [brook]\n", "root/.condarc": "channels: [stem]\n",
       "mine.yml": "channels: [sea]\n"}  # fmt: skip


def _file(has: str, lacks: str = "nothing of the kind") -> Effect:
    """The user's own file says ``has`` and not ``lacks``."""
    return Effect(
        f"`~/.condarc` says `{has}`",
        lambda outcome: has in outcome.condarc and lacks not in outcome.condarc,
    )


CONFIG = (
    Row("config --get channels [--system]", answers("stem"), files={**RC, **OWN}),
    Row("config --get channels [--env]", answers("brook"), files={**RC, **OWN}, environ=ACTIVE),
    Row("config --get channels [--file {home}/mine.yml]", answers("sea"), files={**RC, **OWN}),
    Row("config [--show channels]", answers("orchard"), otherwise=2),
    Row("config [--show-sources]", answers("envvars"), otherwise=2),
    Row("config [--validate]", silences("not started"), otherwise=2),
    Row("config [--describe channels]", answers("channels"), otherwise=2),
    Row("config --file {home}/new.yml [--write-default]", writes("new.yml"), otherwise=2),
    Row("config [--get channels]", answers("meadow"), files=RC, otherwise=2),
    Row("config [--set auto_stack 2]", _file("auto_stack: 2"), files=RC, otherwise=2),
    Row("config [--append channels brook]", _file("[meadow, hill, brook]"), files=RC, otherwise=2),
    Row("config [--prepend|--add channels brook]", _file("[brook, meadow, hill]"), files=RC,
        otherwise=2),
    Row("config [--remove channels hill]", _file("[meadow]"), files=RC, otherwise=2),
    Row("config [--clear channels]", _file("[]", "meadow"), files=RC, otherwise=2),
    Row("config [--remove-key auto_stack]", _file("channels", "auto_stack"), files=RC,
        otherwise=2),
    Row("config --set auto_stack 2 [-q|--quiet]", silences("was changed"), files=RC),
    Row("config [--stdin]", writes(".condarc"), stdin="channels: [brook]\n", otherwise=2),
)  # fmt: skip
RUN = (
    Row("run -n demo [--cwd /usr] pwd", answers("/usr"), process=True),
    Row("run -n demo [-s|--no-capture-output|--live-stream] echo hi", process=True,
        idle="nothing that a program says is held back in any case"),
    Row("run -n demo [--dev] printenv _CE_CONDA", answers("xconda_core"), process=True,
        otherwise=1),
    Row("run -n demo [--debug-wrapper-scripts] true", says("CONDA_PREFIX"), process=True),
    Row("run -n demo [-v|--verbose -v] true", says("INFO xconda_core"), process=True),
    Row("run -n demo [--debug] true", says("DEBUG xconda_core"), process=True),
    Row("run -n demo [--trace] true", says("DEBUG xconda_core"), process=True),
)  # fmt: skip
BLOCK = {".bashrc": "# >>> xconda initialize >>>\nx\n# <<< xconda initialize <<<\n",
         ".zshrc": "alias x=y\n"}  # fmt: skip
INIT = (
    Row("init --dry-run [--all]", answers(".zshrc"), files=BLOCK),
    Row("init bash [-d|--dry-run]", says("Dry run")),
    Row("init bash -d [--condabin]", silences(" hook)"), files=BLOCK),
    Row("init bash [--install]", silences(".bashrc"), files=BLOCK),
    Row("init --dry-run bash --no-user [--user]", answers(".bashrc"), otherwise=2),
    Row("init --dry-run bash --system [--no-user]", silences(".bashrc")),
    Row("init --dry-run bash [--system]", answers("/etc/")),
    Row("init bash [--reverse]", silences("created"), files=BLOCK),
)  # fmt: skip
BROKEN = {
    "site/broken-1.0.dist-info/entry_points.txt": "[xconda]\nbroken = broken_module\n",
    "site/broken_module.py": "raise ValueError('loaded')\n",
}
BARE = (
    Row("[-h|--help] list -n demo", answers("usage")),
    Row("[-v|--verbose -v] list -n demo", says("INFO xconda_core")),
    Row("[--debug] list -n demo", says("DEBUG xconda_core")),
    Row("[--trace] list -n demo", says("DEBUG xconda_core")),
    Row("[--json] list -n demo", is_document()),
    Row("[-V|--version]", answers(f"xconda {__version__}\n")),
    Row("env [-h|--help] list", answers("env create")),
    Row("env config [-h|--help] vars list -n demo", answers("vars unset")),
    Row("env config vars [-h|--help] list -n demo", answers("vars unset")),
    Row(
        "[--no-plugins] env list",
        silences("ValueError"),
        environ={"PYTHONPATH": "{home}/site"},
        files=BROKEN,
        process=True,
    ),
    Row("plugins [-h|--help] list", answers("usage")),
    Row("repoquery [-h|--help] search apple", answers("repoquery whoneeds")),
)
USED = (*BARE, *CONFIG, *RUN, *INIT)
