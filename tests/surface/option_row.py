"""What a row of the option table is: one command line, the option in it in brackets, its effect.

``install pear -d [-n|--name demo]`` is run once for every spelling of the option and once without
the brackets. What is expected must hold with the option and must not hold without it: that is what
proves that the option does something. A positional argument is written ``[<packages> pear]``.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from tests.surface.outcome import Outcome

_BRACKET: Final = re.compile(r"\[([^\]]+)\]")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Effect:
    """What an option does.

    Attributes:
        words: It as a sentence without its subject, for the page.
        holds: Whether it is to be seen in what a run left behind.
    """

    words: str
    holds: Callable[[Outcome], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One option of one command, or one positional argument.

    Attributes:
        line: The command line without its first word, the option in brackets.
        effect: What is seen with the option only. None: nothing is, and ``idle`` says why.
        environ: Environment variables besides those of the world.
        files: Path below the home to the text that stands there before.
        before: Command lines that are carried out before.
        stdin: What is typed.
        exit_code: What the run with the option ends with.
        otherwise: What the run without it ends with.
        idle: Why the option has nothing to do for this command.
        process: The program replaces xconda, so it takes a process of its own.
        of: Whose option it is, where ``line`` does not begin with that: ``conda activate``.
    """

    line: str
    effect: Effect | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    files: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    before: tuple[str, ...] = ()
    stdin: str = ""
    exit_code: int = 0
    otherwise: int = 0
    idle: str = ""
    process: bool = False
    of: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """The option as it may be written; ``<dest>`` for a positional argument."""
        return tuple(self._bracket.split(maxsplit=1)[0].split("|"))

    @property
    def _bracket(self) -> str:
        found = _BRACKET.search(self.line)
        assert found is not None, f"no option in brackets: {self.line}"
        return found.group(1)

    def typed(self) -> Iterator[str]:
        """Yield the command line with the option, once for each spelling."""
        _, _, values = self._bracket.partition(" ")
        for spelling in self.spellings:
            given = values if spelling.startswith("<") else f"{spelling} {values}".rstrip()
            yield _BRACKET.sub(lambda _: given, self.line, count=1)  # noqa: B023 (used at once)

    def typed_with(self, value: str) -> str:
        """Return the command line with another value of the option."""
        first = self.spellings[0]
        given = value if first.startswith("<") else f"{first} {value}"
        return _BRACKET.sub(lambda _: given, self.line, count=1)

    def without(self) -> str:
        """Return the command line without the option."""
        return " ".join(_BRACKET.sub("", self.line, count=1).split())

    def command(self, commands: Mapping[str, object]) -> str:
        """Return the longest name in ``commands`` that stands before the option."""
        if self.of:
            return self.of
        before = shlex.split(self.line.partition("[")[0])
        for length in range(len(before), -1, -1):
            name = " ".join(["conda", *before[:length]])
            if name in commands:
                return name
        raise AssertionError(f"no command: {self.line}")
