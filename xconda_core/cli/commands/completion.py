"""``xconda completion``: what a shell offers when Tab is pressed. Layer: cli.

``xconda completion SHELL`` writes the lines that teach a shell; they call ``xconda completion
words`` at every Tab. No server is asked then, and no channel is put in order.
"""

from argparse import REMAINDER
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from xconda_core.cli.external_commands import external_commands
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.next_words import COMPLETED, Wanted, beginning_with, next_words
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser, UsageError, did_you_mean
from xconda_core.config.definitions import DEFINITIONS

_SCRIPTS: Final = Path(__file__).parent.parent / "shell_scripts"
_ASK_THE_SHELL: Final = {"file": ":files", "folder": ":folders", "program": ":programs"}
_COLUMNS: Final = 72
"""So much of what a word means is told: fish and zsh show it beside the word."""


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``completion``."""
    parser.usage = "xconda completion SHELL\n       xconda completion words [WORD ...]"
    parser.add_argument(
        "words",
        nargs=REMAINDER,
        metavar="SHELL",
        help=f"write what teaches this shell: one of {', '.join(COMPLETED)}; "
        "with `words` say what the last of the words that follow may become",
    )
    add_output(parser, json=False)
    parser.epilog = (
        "examples:\n"
        '  eval "$(xconda completion bash)"     # this shell; in ~/.bashrc: every shell\n'
        '  eval "$(xconda completion zsh)"      # after compinit\n'
        "  xconda completion fish > ~/.config/fish/completions/xconda.fish"
    )


def run(invocation: Invocation) -> int:
    """Write the script, or the words.

    Raises:
        UsageError: it is neither a shell that is known nor ``words``.
    """
    asked, *given = invocation.arguments.words or [""]
    if asked in COMPLETED and not given:
        script = _SCRIPTS / f"completion.{asked}"
        invocation.console.show(script.read_text(encoding="utf-8"))
        return 0
    if asked != "words":
        why = f"it takes one of {', '.join(COMPLETED)}."
        raise UsageError("xconda completion", why, did_you_mean(asked, COMPLETED))
    more = {name: f"the program {path}" for name, path in _others(invocation).items()}
    wanted = next_words(given, more)
    if wanted.kind in _ASK_THE_SHELL:
        lines: Iterable[str] = [f"{_ASK_THE_SHELL[wanted.kind]} {wanted.before}"]
    else:
        lines = _lines(wanted, _known(wanted, invocation))
    invocation.console.show("".join(f"{line}\n" for line in lines))
    return 0


def _others(invocation: Invocation) -> Mapping[str, Path]:
    return external_commands(invocation.environ)


def _lines(wanted: Wanted, known: Mapping[str, str]) -> list[str]:
    """Return a line for each word: the word, and after a tab what it means."""
    return [
        f"{wanted.before}{word}\t{' '.join(known[word].split())[:_COLUMNS]}".rstrip("\t")
        for word in beginning_with(wanted, known)
    ]


def _known(wanted: Wanted, invocation: Invocation) -> Mapping[str, str]:
    if wanted.kind == "words":
        return wanted.words
    if wanted.kind == "setting":
        return {each.name: each.description for each in DEFINITIONS}
    from xconda_core.cli.known_names import known_names  # words alone are there at once

    return dict.fromkeys(known_names(wanted, invocation), "")
