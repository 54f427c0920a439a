"""Words of the command line into values, and mistakes into sentences. Layer: cli."""

import argparse
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, ClassVar, NoReturn

from xconda_core.errors import XcondaError
from xconda_core.models.nearest import nearest_words


class UsageError(XcondaError):
    """The words given are not a command line that xconda understands; nothing was started.

    Attributes:
        command: ``xconda`` and the command; ``xconda`` alone where none was understood.
    """

    code: ClassVar[str] = "usage"
    exit_code: ClassVar[int] = 2

    def __init__(self, command: str, why: str, fix: str = "") -> None:
        super().__init__(command, why, fix)
        self.command = command
        self.what = f"{command} was not started." if " " in command else "No command was started."
        self.why = why
        self.fix = fix or f"`{command} --help` shows what it takes."


class HelpAsked(Exception):
    """Not a failure: the user wants to read ``text``."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Page(argparse.RawDescriptionHelpFormatter):
    """The help of one command; no name is broken at its hyphens."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        from textwrap import wrap  # as argparse: only who asks for help needs it

        return wrap(" ".join(text.split()), width, break_on_hyphens=False)


class CommandParser(argparse.ArgumentParser):
    """An ``ArgumentParser`` that raises instead of printing and exiting.

    Options may stand before, between and after the other words; they are never guessed from their
    first letters, but a near miss is named.
    """

    def __init__(self, command: str, *, description: str, columns: int) -> None:
        """Make one; ``description`` is the few words that the overview has of the command."""
        super().__init__(
            prog=command,
            description=_sentence(description),
            # Given a width, argparse does not import shutil and its four compressors.
            formatter_class=lambda prog: _Page(prog, max_help_position=28, width=columns),
            add_help=False,
            allow_abbrev=False,
        )

    def parse(self, words: Sequence[str], *, remainder: bool = False) -> argparse.Namespace:
        """Return the values of ``words``.

        Args:
            words: Everything but the command itself.
            remainder: The last argument takes all further words, options too (``run``).

        Raises:
            UsageError: they do not fit.
            HelpAsked: ``-h`` or ``--help`` is among them.
        """
        # A dozen lines of brackets would help nobody, and take their time even unseen.
        self.usage = self.usage or self.in_short().replace("%", "%%")
        parse = self.parse_known_args if remainder else self.parse_known_intermixed_args
        values, unknown = parse(list(words))
        if unknown:
            raise self._unknown(unknown)
        return values

    def in_short(self) -> str:
        """Return what may be written, with the options, which the help lists, as one word."""
        words = [_word(each) for each in self._get_positional_actions()]
        return " ".join([self.prog, "[OPTION ...]", *words])

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would have printed.

        Raises:
            UsageError: always.
        """
        raise UsageError(self.prog, message.rstrip(".") + ".")

    def _unknown(self, words: Sequence[str]) -> UsageError:
        option = next((word for word in words if word.startswith("-")), "").split("=", 1)[0]
        if not option:
            return self._too_many(words[0])
        known = [name for name in self._option_string_actions if name.startswith("--")]
        hint = did_you_mean(option, known)
        fix = f"{hint} `{self.prog} --help` lists its options." if hint else ""
        return UsageError(self.prog, f"it has no option {option}.", fix)

    def _too_many(self, word: str) -> UsageError:
        is_file = word.endswith((".yml", ".yaml", ".txt", ".lock"))
        takes_files = "--file" in self._option_string_actions
        fix = f"`{self.prog} --file {word}` names a file." if is_file and takes_files else ""
        return UsageError(self.prog, f"{word!r} is one word too many.", fix)


def value_word(action: argparse.Action) -> str:
    """Return how what is given to an argument is called."""
    if action.metavar:
        return " ".join(action.metavar) if isinstance(action.metavar, tuple) else action.metavar
    if action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return action.dest.upper() if action.option_strings else action.dest


def _word(action: argparse.Action) -> str:
    value = value_word(action)
    several = {"*": f"[{value} ...]", "+": f"{value} [{value} ...]", "?": f"[{value}]"}
    return several.get(str(action.nargs), value)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('?') else '.'}"


class ShowHelp(argparse.Action):
    """``-h``: stop parsing and show the help, whatever else is missing."""

    def __init__(self, option_strings: Sequence[str], dest: str, **words: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **words)

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        """Raise the help of ``parser``.

        Raises:
            HelpAsked: always.
        """
        raise HelpAsked(parser.format_help())


class ChooseConsole(argparse.Action):
    """``--console``: how progress is shown; ``json`` means what ``--json`` does, where that is."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        *_given: object,
    ) -> None:
        """Note the choice."""
        if values == "json" and self.const:
            namespace.json = True
        else:
            namespace.console = values


class Idle(argparse.Action):
    """An option that scripts may still have and that does nothing, in conda neither.

    To refuse it would break a script for nothing; to swallow it would hide that it has no effect.
    So it is taken, and what is said of it is kept.
    """

    def __init__(self, option_strings: Sequence[str], dest: str, const: str, **words: Any) -> None:
        words |= {"nargs": 0, "default": argparse.SUPPRESS, "help": argparse.SUPPRESS}
        super().__init__(option_strings, dest, const=const, **words)

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        _values: object,
        option: Any = None,
    ) -> None:
        """Add what is to be said of it."""
        said = getattr(namespace, "idle_options", ())
        namespace.idle_options = (*said, f"{option} does nothing: {self.const}.")


def add_idle(parser: CommandParser, *options: str, why: str) -> None:
    """Take ``options`` and say that they do nothing, and why."""
    parser.add_argument(*options, dest="idle_options", action=Idle, const=why)


def words_on_idle(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Return what is to be said of such options that were given."""
    said: tuple[str, ...] = vars(arguments).get("idle_options", ())
    return () if vars(arguments).get("quiet") else said


def wants_document(words: Sequence[str]) -> bool:
    """Whether ``words`` ask for JSON, before anybody knows what else they mean."""
    pairs = pairwise(words)
    return not {"--json", "--console=json"}.isdisjoint(words) or ("--console", "json") in pairs


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the words nearest to ``word``, empty where none is near."""
    near = nearest_words(word, known, count=2, cutoff=0.65)
    return f"did you mean {' or '.join(near)}?" if near else ""
