"""The words after ``%xconda`` as a command. Quoting is kept: there is no shell in between."""

from __future__ import annotations

import argparse
import re
import shlex
from dataclasses import dataclass, field
from typing import Any, Dict, Final, Iterable, List, Mapping, NoReturn, Optional, Tuple

from IPython.core.error import UsageError

from xconda_jupyter.kernel.engine_commands import (
    command_names,
    did_you_mean,
    flags_of,
    is_first_word,
    longest_name,
)
from xconda_jupyter.kernel.help_text import HELP, lines_about
from xconda_jupyter.kernel.option_table import add_options, destinations, option_names

ALIASES: Final[Mapping[str, str]] = {
    "uninstall": "remove",
    "upgrade": "update",
    "check": "doctor",
    "env list": "env",
}
_OPTIONS: Final[Mapping[str, str]] = {
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
    "switch": "json yes",
    "kernel list": "json",
    "kernel add": "target",
    "kernel remove": "target",
    "info": "target",
    "help": "",
}
_REVISIONS: Final[Mapping[str, Tuple[int, str]]] = {
    "undo": (1, "undo takes one number of a revision at most, as in `%xconda undo 3`."),
    "diff": (2, "diff takes two numbers of revisions at most, as in `%xconda diff 1 3`."),
}
_WITHOUT_WORDS = frozenset(
    {
        "info", "redo", "history", "reload", "env", "kernel list", "kernel add", "clean",
        "export", "lock", "panel",
    }
)  # fmt: skip
CHANGES = frozenset({"create", "install", "update", "remove", "undo", "redo"})
_SHAPED: Final = frozenset({"export", "lock"})  # a command line would write a file, a cell does not
_WHOLE_ENVIRONMENTS: Final[Mapping[str, List[str]]] = {"create": ["--clone"], "remove": ["--all"]}
_COMMAND_OF: Final[Mapping[str, str]] = {"env": "env list"}
_OF_THE_ENGINE: Final = frozenset({"-v", "-vv", "-vvv", "-vvvv", "--verbose", "--debug", "--trace"})


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        verb: One of those that :data:`HELP` shows.
        specs: MatchSpec texts, exactly as the user wrote them inside their quotes.
        name: Name of the environment, empty unless given.
        prefix: Folder of the environment, empty unless given.
        channels: Channels that go before the configured ones.
        override_channels: Use ``channels`` alone.
        update_all: ``update --all``.
        revision: For ``undo``, and the earlier one of ``diff``.
        to_revision: For ``diff``: the later one; None: what is there now.
        dry_run: Show, do not change.
        prove: Find out whether what is named could be newer.
        options: Further options of the engine's, by its names for them.
        yes: Change the running Python and the kernel's own packages too.
        json: Answer with one JSON document.
        quiet: No progress.
        verbosity: How much of the log is shown, 1 to 4; None: as configured.
        text: The words as typed, for the environment's history.
        words: The words that the engine takes as its command line would; then ``verb`` is the
            command, and nothing else here counts but ``json`` and ``verbosity``.
    """

    verb: str
    specs: Tuple[str, ...] = ()
    name: str = ""
    prefix: str = ""
    channels: Tuple[str, ...] = ()
    override_channels: bool = False
    update_all: bool = False
    revision: Optional[int] = None
    to_revision: Optional[int] = None
    dry_run: bool = False
    prove: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    yes: bool = False
    json: bool = False
    quiet: bool = False
    verbosity: Optional[int] = None
    text: str = ""
    words: Tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether it may change an environment."""
        return self.verb in CHANGES and not self.words


def verbs() -> List[str]:
    """Return every verb, those of two words too, and their other names."""
    return [*_OPTIONS, *ALIASES]


def verb_of(words: List[str]) -> Tuple[str, List[str]]:
    """Return the verb that ``words`` begin with, empty where there is none, and what follows."""
    verb, rest = _verb(words) if words else ("", [])
    return (verb, rest) if verb in _OPTIONS or flags_of(verb) else ("", words)


def options_of(verb: str) -> List[str]:
    """Return the options of a verb, as they are typed."""
    own = own_options_of(verb) if verb in _OPTIONS else []
    return own + [flag for flag in _more_options(verb) if flag not in own]


def own_options_of(verb: str) -> List[str]:
    """Return those of its options that have an effect of their own in a notebook."""
    actions = _parser(verb)._actions  # noqa: SLF001 (argparse has no public way to list them)
    return [flag for action in actions for flag in action.option_strings]


def _more_options(verb: str) -> List[str]:
    """Return the options with which the engine answers a verb as its command line would."""
    if verb in CHANGES:
        return _WHOLE_ENVIRONMENTS.get(verb, [])
    return [] if verb in _SHAPED else flags_of(_COMMAND_OF.get(verb, verb))


def help_of(verb: str) -> str:
    """Return what a verb is for, and its options; the whole help without a verb.

    Raises:
        UsageError: there is no such verb.
    """
    if not verb:
        return HELP
    verb = ALIASES.get(verb, verb)
    if verb not in _OPTIONS:
        raise no_command(verb)
    _, _, options = _parser(verb).format_help().partition(":\n")  # after the usage's own head
    own = [*own_options_of(verb), "-h", "--help"]
    more = ", ".join(flag for flag in _more_options(verb) if flag not in own)
    told = "\n\nAlso, answered as on the command line:\n   {}".format(more) if more else ""
    return "{}\n\nOptions:\n{}{}".format(lines_about(verb), options.rstrip("\n"), told)


def commands_of_line(line: str) -> List[Command]:
    """Return the one command of ``%xconda LINE``."""
    return [_command(_words(line), ())]


def commands_of_cell(line: str, cell: str) -> List[Command]:
    """Return the commands of ``%%xconda LINE`` with the lines of ``cell`` below it.

    With a verb on the first line, every further line is one spec; without, one command.

    Raises:
        UsageError: a line is no command.
    """
    lines = [_without_comment(text) for text in cell.splitlines()]
    lines = [text for text in lines if text]
    words = _words(line)
    if words and not words[0].startswith("-"):
        return [_command(words, tuple(_unquoted(text) for text in lines))]
    if not lines:
        raise UsageError("the cell names neither a package nor a command; see `%xconda help`.")
    return [_command(_words(text) + words, ()) for text in lines]


def no_command(verb: str, known: Iterable[str] = (), more: str = "") -> UsageError:
    """Return the refusal of a word that is no command; ``known`` are commands besides xconda's."""
    near = did_you_mean(verb, [*verbs(), *command_names(), *known])
    words = "xconda has no command {!r}; {}".format(verb, near or "see `%xconda help`.")
    return UsageError(" ".join(filter(None, [words, more])))


def _command(words: List[str], more_specs: Tuple[str, ...]) -> Command:
    if not words or words[0] in {"-h", "--help"}:
        return Command("help")
    verb, rest = _verb(words)
    if is_first_word(verb) and rest and not rest[0].startswith("-"):
        raise no_command(" ".join([verb, rest[0]]))
    about, strange = _verb(rest) if verb == "help" and rest else ("", [])
    if about and about not in _OPTIONS and flags_of(about) and not strange:
        return _of_the_engine(about, [*rest, "--help"], ())
    if verb not in _OPTIONS or _is_more(verb, rest):
        return _of_the_engine(verb, words, more_specs)
    if "-h" in words or "--help" in words:
        return Command("help", specs=(verb,))
    found, strange = _parser(verb).parse_known_intermixed_args(rest)
    if strange:
        hint = did_you_mean(strange[0].partition("=")[0], options_of(verb))
        see = hint or "see `%xconda help {}`.".format(verb)
        raise UsageError("{} has no option {}; {}".format(verb, strange[0], see))
    values = vars(found)
    positional = tuple(values.pop("words")) + more_specs
    given = {name: values.pop(name) for name in destinations(verb) if name in values}
    values["update_all"] = given.pop("update_all", False)
    values["options"] = given
    values["channels"] = tuple(values.get("channels") or ())
    command = Command(verb=verb, text=" ".join(map(shlex.quote, [*words, *more_specs])), **values)
    return _with_positional(command, positional)


def _is_more(verb: str, rest: List[str]) -> bool:
    """Whether an option is among them that the engine answers as its command line would."""
    given = {word.partition("=")[0] for word in rest if word.startswith("-")}
    return not given.isdisjoint({*_more_options(verb)} - {*own_options_of(verb), "-h", "--help"})


def _of_the_engine(verb: str, words: List[str], more_specs: Tuple[str, ...]) -> Command:
    """Return a command that the engine carries out as its command line would.

    Raises:
        UsageError: the first word of several stands alone.
    """
    if verb not in _OPTIONS and not flags_of(verb) and is_first_word(verb.split(maxsplit=1)[0]):
        raise no_command(verb)
    own = words[: words.index("--")] if "--" in words else words
    is_program = verb == "run"  # what follows belongs to it
    json = not is_program and "--json" in own
    said = [] if is_program else [word for word in own if word in _OF_THE_ENGINE]
    return Command(
        verb=verb,
        json=json,
        verbosity=_verbosity(said),
        text=" ".join(map(shlex.quote, [*words, *more_specs])),
        words=tuple(word for word in words if not (json and word == "--json")) + more_specs,
    )


def _verbosity(words: List[str]) -> Optional[int]:
    as_number = {"--verbose": 1, "--debug": 3, "--trace": 4}
    return sum(as_number.get(word, len(word) - 1) for word in words) or None


def _verb(words: List[str]) -> Tuple[str, List[str]]:
    """Return the verb, which may be several words, and what follows it."""
    for length in range(min(longest_name(), len(words)), 0, -1):
        name = " ".join(words[:length])
        verb = ALIASES.get(name, name)
        if verb in _OPTIONS or flags_of(verb):
            return verb, words[length:]
    length = 2 if is_first_word(words[0]) else 1
    return " ".join(words[:length]), words[length:]


def _with_positional(command: Command, words: Tuple[str, ...]) -> Command:
    values: Dict[str, Any] = dict(vars(command))
    if command.verb == "undo" and command.revision is not None and not words:
        return command
    if command.verb in _REVISIONS:
        return Command(**{**values, **_revisions(command.verb, words)})
    if command.verb == "install" and command.revision is not None:
        if words:
            raise UsageError("install takes either package names or --revision.")
        return Command(**{**values, "verb": "undo"})
    _refuse_words(command, words)
    if _needs_words(command) and not words:
        raise UsageError('which package? As in `%xconda {} "numpy>=2"`.'.format(command.verb))
    names = bool(words) or "files" in command.options
    if command.verb == "update" and command.update_all and names:
        raise UsageError("update takes either package names or --all.")
    return Command(**{**values, "specs": words})


def _refuse_words(command: Command, words: Tuple[str, ...]) -> None:
    """Raise UsageError where a verb has no use for the words given."""
    if command.verb == "switch" and len(words) != 1:
        raise UsageError("switch takes one environment, as in `%xconda switch science`.")
    if command.verb == "help" and words:
        help_of(" ".join(words))
    if command.verb in _WITHOUT_WORDS and words:
        raise UsageError("{} takes no package names.".format(command.verb))
    if command.verb == "help-imports" and words not in {("on",), ("off",), ()}:
        raise UsageError("help-imports is on or off, as in `%xconda help-imports off`.")
    if command.verb == "missing" and len(words) > 1:
        raise UsageError("missing takes one notebook, as in `%xconda missing work.ipynb`.")
    if command.verb == "create" and not (command.name or command.prefix):
        raise UsageError("create needs a name or a path: `%xconda create -n NAME python`.")


def _needs_words(command: Command) -> bool:
    if command.verb in {"install", "update"} and "files" in command.options:
        return False
    if command.verb == "update":
        return not command.update_all
    if command.verb == "search":
        return not command.options.keys() & {"envs", "outdated", "file", "module"}
    if command.verb == "why":
        return "file" not in command.options
    return command.verb in {"install", "remove"} or command.verb.startswith("repoquery ")


def _revisions(verb: str, words: Tuple[str, ...]) -> Dict[str, Optional[int]]:
    most, otherwise = _REVISIONS[verb]
    if len(words) > most or not all(word.isdigit() for word in words):
        raise UsageError(otherwise)
    numbers = [int(word) for word in words] + [None, None]
    return {"revision": numbers[0], "to_revision": numbers[1]}


class _Parser(argparse.ArgumentParser):
    """An argparse parser that raises where others exit."""

    def error(self, message: str) -> NoReturn:
        raise UsageError("{}: {}; see `%xconda help`.".format(self.prog, message))


def _parser(verb: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="%xconda {}".format(verb),
        add_help=False,
        allow_abbrev=False,
        usage=argparse.SUPPRESS,
    )
    groups = _OPTIONS[verb].split()
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


def _words(line: str) -> List[str]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError("{}: {}".format(str(error).lower(), line.strip())) from None
    for position, word in enumerate(words):
        if word.startswith("#"):
            return words[:position]
    return words


def _without_comment(text: str) -> str:
    return re.sub(r"(^|\s)#.*$", "", text).strip()


def _unquoted(spec: str) -> str:
    if len(spec) > 1 and spec[0] == spec[-1] and spec[0] in "'\"":
        return spec[1:-1]
    return spec
