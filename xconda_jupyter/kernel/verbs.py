"""The verbs of ``%xconda``: what each takes, and the parser of its options."""

from __future__ import annotations

import argparse
from typing import Final, Iterable, List, Mapping, NoReturn, Tuple

from IPython.core.error import UsageError

from xconda_jupyter.kernel.engine_commands import (
    command_names,
    did_you_mean,
    flags_of,
    is_first_word,
    longest_name,
)
from xconda_jupyter.kernel.option_table import add_options, option_names

ALIASES: Final[Mapping[str, str]] = {
    "uninstall": "remove",
    "upgrade": "update",
    "check": "doctor",
    "env list": "env",
}
VERBS: Final[Mapping[str, str]] = {
    "create": "target channels change prove",
    "install": "target channels change prove",
    "update": "target channels change prove",
    "remove": "target channels change",
    "undo": "target change",
    "redo": "target change",
    "reload": "",
    "missing": "",
    "panel": "target",
    "help-imports": "",
    "history": "target",
    "doctor": "target",
    "diff": "target",
    "list": "target",
    "export": "target channels",
    "lock": "target channels",
    "clean": "json",
    "config": "target",
    "search": "target channels",
    "why": "target channels",
    "tree": "target",
    "repoquery depends": "target channels",
    "repoquery whoneeds": "target channels",
    "repoquery search": "target channels",
    "env": "json",
    "env create": "target change prove",
    "env update": "target change prove",
    "env remove": "target change",
    "rename": "target change",
    "switch": "json yes",
    "kernel list": "json",
    "kernel add": "target",
    "kernel remove": "target",
    "info": "target",
    "help": "",
}
"""By verb the groups of options that it takes, besides its own in the tables of options."""
CHANGES: Final = frozenset(
    {
        "create", "install", "update", "remove", "undo", "redo",
        "env create", "env update", "env remove", "rename",
    }
)  # fmt: skip
UNDONE_BY_UNDO: Final = frozenset({"install", "update", "remove", "undo", "redo", "env update"})
_SHAPED: Final = frozenset({"export", "lock"})  # a command line would write a file, a cell does not
_COMMAND_OF: Final[Mapping[str, str]] = {"env": "env list"}


def verbs() -> List[str]:
    """Return every verb, those of two words too, and their other names."""
    return [*VERBS, *ALIASES]


def verb_of(words: List[str]) -> Tuple[str, List[str]]:
    """Return the verb that ``words`` begin with, empty where there is none, and what follows."""
    verb, rest = split_verb(words) if words else ("", [])
    return (verb, rest) if verb in VERBS or flags_of(verb) else ("", words)


def options_of(verb: str) -> List[str]:
    """Return the options of a verb, as they are typed."""
    own = own_options_of(verb) if verb in VERBS else []
    return own + [flag for flag in more_options_of(verb) if flag not in own]


def own_options_of(verb: str) -> List[str]:
    """Return those of its options that have an effect of their own in a notebook."""
    actions = parser_of(verb)._actions  # noqa: SLF001 (argparse has no public way to list them)
    return [flag for action in actions for flag in action.option_strings]


def more_options_of(verb: str) -> List[str]:
    """Return the options with which the engine answers a verb as its command line would."""
    return [] if verb in CHANGES | _SHAPED else flags_of(_COMMAND_OF.get(verb, verb))


def split_verb(words: List[str]) -> Tuple[str, List[str]]:
    """Return the verb, known or not, which may be several words, and what follows it."""
    for length in range(min(longest_name(), len(words)), 0, -1):
        name = " ".join(words[:length])
        verb = ALIASES.get(name, name)
        if verb in VERBS or flags_of(verb):
            return verb, words[length:]
    length = 2 if is_first_word(words[0]) else 1
    return " ".join(words[:length]), words[length:]


def is_more(verb: str, rest: List[str]) -> bool:
    """Whether an option is among them that the engine answers as its command line would."""
    given = {word.partition("=")[0] for word in rest if word.startswith("-")}
    return not given.isdisjoint({*more_options_of(verb)} - {*own_options_of(verb), "-h", "--help"})


def no_command(verb: str, known: Iterable[str] = (), more: str = "") -> UsageError:
    """Return the refusal of a word that is no command; ``known`` are commands besides xconda's."""
    near = did_you_mean(verb, [*verbs(), *command_names(), *known])
    words = "xconda has no command {!r}; {}".format(verb, near or "see `%xconda help`.")
    return UsageError(" ".join(filter(None, [words, more])))


class _Parser(argparse.ArgumentParser):
    """An argparse parser that raises where others exit."""

    def error(self, message: str) -> NoReturn:
        raise UsageError("{}: {}; see `%xconda help`.".format(self.prog, message))


def parser_of(verb: str) -> argparse.ArgumentParser:
    """Return what takes the words after a verb; it raises UsageError where it cannot."""
    parser = _Parser(
        prog="%xconda {}".format(verb),
        add_help=False,
        allow_abbrev=False,
        usage=argparse.SUPPRESS,
    )
    groups = VERBS[verb].split()
    if "target" in groups:
        target = parser.add_mutually_exclusive_group()
        target.add_argument("-n", "--name", default="", help="another environment, by name")
        short = [] if "-p" in option_names(verb) else ["-p"]
        target.add_argument(*short, "--prefix", default="", help="another environment, by folder")
    if groups and groups[0] in {"target", "json"}:
        parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    if "channels" in groups:
        words = "look here before the configured channels (may be repeated)"
        parser.add_argument("-c", "--channel", action="append", dest="channels", help=words)
        words = "use the channels given with -c alone"
        parser.add_argument("-O", "--override-channels", action="store_true", help=words)
    if "change" in groups:
        parser.add_argument("-d", "--dry-run", action="store_true", help="change nothing")
    if "change" in groups or "yes" in groups:
        words = "also where something would be lost, or the kernel's own packages change"
        parser.add_argument("-y", "--yes", action="store_true", help=words)
    if verb in {"install", "undo"}:
        parser.add_argument("--revision", type=int, help="go back to a revision")
    if "prove" in groups:
        words = "say whether what is named could be newer, and prove it where not"
        parser.add_argument("--prove", action="store_true", help=words)
    add_options(parser, verb)
    parser.add_argument("-q", "--quiet", action="store_true", help="the result only")
    words = "also what goes on; up to -vvvv"
    parser.add_argument("-v", "--verbose", action="count", dest="verbosity", help=words)
    parser.add_argument("--debug", action="store_const", const=3, dest="verbosity", help="-vvv")
    parser.add_argument("--trace", action="store_const", const=4, dest="verbosity", help="-vvvv")
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    return parser
