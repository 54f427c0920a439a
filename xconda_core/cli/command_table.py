"""Which commands there are, and where each one lives. Layer: cli.

Only words: a command's module is imported when it is chosen, so that ``--help`` stays quick.
"""

from importlib import import_module
from typing import Final, cast

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.parser import CommandParser
from xconda_core.values import NamedTuple, Protocol


class Command(Protocol):
    """What a module in ``cli/commands`` offers."""

    def configure(self, parser: CommandParser) -> None:
        """Add the command's arguments, and its examples as the epilog."""

    def run(self, invocation: Invocation) -> int:
        """Do it, and return the exit code.

        Raises:
            XcondaError: it could not be done; ``main`` says so and exits with the error's code.
        """


class CommandEntry(NamedTuple):
    """One line of the table.

    Attributes:
        name: The words that choose it, one to four.
        module: Module name in ``xconda_core.cli.commands``.
        group: Heading of the help that it stands under.
        summary: What it does, in a few words.
        example: A whole command line.
        aliases: Other words for it.
        takes_all_words: From its first word on, everything belongs to another program.
    """

    name: str
    module: str
    group: str
    summary: str
    example: str
    aliases: tuple[str, ...] = ()
    takes_all_words: bool = False

    def load(self) -> Command:
        """Import the command."""
        return cast("Command", import_module(f"xconda_core.cli.commands.{self.module}"))


_CHANGE: Final = "Change an environment"
_LOOK: Final = "Look"
_FILES: Final = "Environments as files"
_USE: Final = "Use an environment"

COMMANDS: Final = (
    CommandEntry(
        "create", "create", _CHANGE, "make a new environment", "xconda create -n demo python=3.12"
    ),
    CommandEntry("install", "install", _CHANGE, "add packages", 'xconda install numpy "pandas>=2"'),
    CommandEntry(
        "update",
        "update",
        _CHANGE,
        "bring packages up to date",
        "xconda update --all",
        ("upgrade",),
    ),
    CommandEntry(
        "remove", "remove", _CHANGE, "take packages away", "xconda remove pandas", ("uninstall",)
    ),
    CommandEntry("undo", "undo", _CHANGE, "go back to an earlier revision", "xconda undo -n demo"),
    CommandEntry("redo", "redo", _CHANGE, "take the last undo back", "xconda redo -n demo"),
    CommandEntry("list", "list", _LOOK, "packages of an environment", "xconda list -n demo '^py'"),
    CommandEntry(
        "history", "history", _LOOK, "revisions of an environment", "xconda history -n demo"
    ),
    CommandEntry(
        "diff", "diff", _LOOK, "what lies between two revisions", "xconda diff -n demo 1 3"
    ),
    CommandEntry(
        "doctor", "doctor", _LOOK, "what is not as it should be", "xconda doctor --fix", ("check",)
    ),
    CommandEntry("search", "search", _LOOK, "what the channels offer", "xconda search 'numpy>=2'"),
    CommandEntry("why", "why", _LOOK, "why a package is installed", "xconda why openssl"),
    CommandEntry("tree", "tree", _LOOK, "what needs what", "xconda tree --depth 2"),
    CommandEntry(
        "try",
        "try_out",
        _LOOK,
        "solve several ways to ask and compare",
        "xconda try pandas=1 --or pandas=2",
    ),
    CommandEntry(
        "repoquery depends",
        "repoquery_depends",
        _LOOK,
        "what a package of the channels needs",
        "xconda repoquery depends pandas --tree",
    ),
    CommandEntry(
        "repoquery whoneeds",
        "repoquery_whoneeds",
        _LOOK,
        "which packages of the channels need it",
        "xconda repoquery whoneeds libpng",
    ),
    CommandEntry(
        "repoquery search",
        "repoquery_search",
        _LOOK,
        "what the channels offer, best first",
        "xconda repoquery search 'numpy>=2'",
    ),
    CommandEntry(
        "package",
        "package",
        _FILES,
        "files that no package owns, and who owns a file",
        "xconda package --which bin/python",
    ),
    CommandEntry(
        "report", "report", _LOOK, "a file for a bug report, without secrets", "xconda report"
    ),
    CommandEntry("commands", "commands", _LOOK, "names of all commands", "xconda commands"),
    CommandEntry("info", "info", _LOOK, "places, channels and this machine", "xconda info"),
    CommandEntry(
        "clean", "clean", _LOOK, "what package caches can do without", "xconda clean --all"
    ),
    CommandEntry(
        "config", "config", _LOOK, "what is configured, and where", "xconda config --show channels"
    ),
    CommandEntry(
        "plugins list", "plugins_list", _LOOK, "plugins that are installed", "xconda plugins list"
    ),
    CommandEntry(
        "notices", "notices", _LOOK, "what channels have to say", "xconda notices -c conda-forge"
    ),
    CommandEntry("export", "export", _FILES, "write an environment down", "xconda export -n demo"),
    CommandEntry("env export", "export", _FILES, "the same as export", "xconda env export -n demo"),
    CommandEntry(
        "channel index",
        "channel_index",
        _FILES,
        "make a folder of packages a channel",
        "xconda channel index ~/channel",
    ),
    CommandEntry("lock", "lock", _FILES, "fix every package, for several platforms", "xconda lock"),
    CommandEntry(
        "verify",
        "verify",
        _FILES,
        "does an environment hold what a lock fixes?",
        "xconda verify conda-lock.yml",
    ),
    CommandEntry(
        "env create", "env_create", _FILES, "make an environment from a file", "xconda env create"
    ),
    CommandEntry(
        "env update",
        "env_update",
        _FILES,
        "change an environment to what a file describes",
        "xconda env update --prune",
    ),
    CommandEntry(
        "rename",
        "rename",
        _CHANGE,
        "give an environment another name or path",
        "xconda rename -n demo new",
    ),
    CommandEntry(
        "compare",
        "compare",
        _FILES,
        "does an environment have what a file asks for?",
        "xconda compare environment.yml",
    ),
    CommandEntry(
        "env remove", "env_remove", _CHANGE, "take an environment away", "xconda env remove -n demo"
    ),
    CommandEntry(
        "env config vars list",
        "env_config_vars",
        _USE,
        "variables that activation sets",
        "xconda env config vars list -n demo",
    ),
    CommandEntry(
        "env config vars set",
        "env_config_vars_set",
        _USE,
        "set such a variable",
        "xconda env config vars set -n demo KEY=value",
    ),
    CommandEntry(
        "env config vars unset",
        "env_config_vars_unset",
        _USE,
        "take such a variable away",
        "xconda env config vars unset -n demo KEY",
    ),
    CommandEntry(
        "activate",
        "activate",
        _USE,
        "make an environment the shell's own",
        "xconda activate demo",
        ("deactivate",),
        takes_all_words=True,
    ),
    CommandEntry(
        "completion",
        "completion",
        _USE,
        "what a shell offers when Tab is pressed",
        'eval "$(xconda completion bash)"',
        takes_all_words=True,
    ),
    CommandEntry(
        "init",
        "init",
        _USE,
        "make shells know xconda when they start",
        "xconda init bash",
    ),
    CommandEntry(
        "shell",
        "shell",
        _USE,
        "what shells evaluate: hook, activate, ...",
        'eval "$(xconda shell.bash hook)"',
        takes_all_words=True,
    ),
    CommandEntry("env list", "env_list", _LOOK, "all environments", "xconda env list"),
    CommandEntry(
        "kernel list",
        "kernel_list",
        _LOOK,
        "which environments Jupyter can start",
        "xconda kernel list",
    ),
    CommandEntry(
        "kernel add",
        "kernel_add",
        _USE,
        "let Jupyter start an environment",
        "xconda kernel add -n demo",
    ),
    CommandEntry(
        "kernel remove",
        "kernel_remove",
        _USE,
        "take such a kernel away again",
        "xconda kernel remove -n demo",
    ),
    CommandEntry(
        "run",
        "run",
        _USE,
        "run a program in an environment",
        "xconda run -n demo python",
        takes_all_words=True,
    ),
)


LONGEST_NAME: Final = max(len(entry.name.split()) for entry in COMMANDS)


def namespaces() -> frozenset[str]:
    """Return the first words of the commands that have several."""
    return frozenset(entry.name.split()[0] for entry in COMMANDS if " " in entry.name)


def find_command(name: str) -> CommandEntry | None:
    """Return the command that ``name`` or an alias of it chooses."""
    for entry in COMMANDS:
        if name == entry.name or name in entry.aliases:
            return entry
    return None
