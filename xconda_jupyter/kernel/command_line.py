"""The words after ``%xconda`` as a command. Quoting is kept: there is no shell in between."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import Any, Dict, Final, List, Mapping, Optional, Tuple

from IPython.core.error import UsageError

from xconda_jupyter.kernel.engine_commands import did_you_mean, flags_of, is_first_word
from xconda_jupyter.kernel.help_text import HELP, lines_about
from xconda_jupyter.kernel.option_table import destinations
from xconda_jupyter.kernel.verbs import (
    ALIASES,
    CHANGES,
    VERBS,
    is_more,
    more_options_of,
    no_command,
    options_of,
    own_options_of,
    parser_of,
    split_verb,
)

_REVISIONS: Final[Mapping[str, Tuple[int, str]]] = {
    "undo": (1, "undo takes one number of a revision at most, as in `%xconda undo 3`."),
    "diff": (2, "diff takes two numbers of revisions at most, as in `%xconda diff 1 3`."),
}
_WITHOUT_WORDS: Final = frozenset(
    {
        "info", "redo", "history", "reload", "env", "kernel list", "kernel add", "clean",
        "export", "lock", "panel", "env create", "env update", "env remove",
    }
)  # fmt: skip
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


def help_of(verb: str) -> str:
    """Return what a verb is for, and its options; the whole help without a verb.

    Raises:
        UsageError: there is no such verb.
    """
    if not verb:
        return HELP
    verb = ALIASES.get(verb, verb)
    if verb not in VERBS:
        raise no_command(verb)
    _, _, options = parser_of(verb).format_help().partition(":\n")  # after the usage's own head
    own = [*own_options_of(verb), "-h", "--help"]
    more = ", ".join(flag for flag in more_options_of(verb) if flag not in own)
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


def _command(words: List[str], more_specs: Tuple[str, ...]) -> Command:
    if not words or words[0] in {"-h", "--help"}:
        return Command("help")
    verb, rest = split_verb(words)
    if is_first_word(verb) and rest and not rest[0].startswith("-"):
        raise no_command(" ".join([verb, rest[0]]))
    about, strange = split_verb(rest) if verb == "help" and rest else ("", [])
    if about and about not in VERBS and flags_of(about) and not strange:
        return _of_the_engine(about, [*rest, "--help"], ())
    if verb not in VERBS or is_more(verb, rest):
        return _of_the_engine(verb, words, more_specs)
    if "-h" in words or "--help" in words:
        return Command("help", specs=(verb,))
    found, strange = parser_of(verb).parse_known_intermixed_args(rest)
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


def _of_the_engine(verb: str, words: List[str], more_specs: Tuple[str, ...]) -> Command:
    """Return a command that the engine carries out as its command line would.

    Raises:
        UsageError: the first word of several stands alone.
    """
    if verb not in VERBS and not flags_of(verb) and is_first_word(verb.split(maxsplit=1)[0]):
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
    _refuse_half_of_a_whole(command, words)


def _refuse_half_of_a_whole(command: Command, words: Tuple[str, ...]) -> None:
    """Raise UsageError where it is not clear which environment is made, renamed or removed."""
    is_placed = bool(command.name or command.prefix)
    if command.verb == "create" and not is_placed:
        raise UsageError("create needs a name or a path: `%xconda create -n NAME python`.")
    if "clone" in command.options and (words or "files" in command.options):
        raise UsageError("a clone has the packages of its source: clone first, then install.")
    if "whole" in command.options and words:
        raise UsageError("remove takes either package names or --all.")
    if command.verb == "rename" and len(words) != 1:
        raise UsageError("rename takes the new name or path: `%xconda rename -n OLD NEW`.")
    if command.verb in {"rename", "env remove"} and not is_placed:
        raise UsageError("{} needs -n NAME or -p FOLDER: which one?".format(command.verb))


def _needs_words(command: Command) -> bool:
    if command.verb in {"install", "update"} and "files" in command.options:
        return False
    if command.verb == "remove" and "whole" in command.options:
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
