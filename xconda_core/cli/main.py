"""Command line in, exit code out: finds the command, runs it, says how it failed. Layer: cli.

Exit codes are documented in ``docs/cli.md``.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from io import TextIOWrapper
from types import MappingProxyType
from typing import Final

from xconda_core import __version__
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.cli.command_table import (
    COMMANDS,
    LONGEST_NAME,
    CommandEntry,
    find_command,
    namespaces,
)
from xconda_core.cli.console import Console, Manners, Text
from xconda_core.cli.error_document import Hint
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.lean_loading import load_lean
from xconda_core.cli.options import GLOBAL_FLAGS
from xconda_core.cli.own_stdout import own_stdout
from xconda_core.cli.parser import (
    CommandParser,
    HelpAsked,
    UsageError,
    did_you_mean,
    wants_document,
    words_on_idle,
)
from xconda_core.cli.signals import Stop, stop_on_signals
from xconda_core.config.environ import environment
from xconda_core.engine.installed_plugins import open_plugins
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.errors import XcondaError

_WITHOUT_PLUGINS: Final = frozenset({"activate", "deactivate", "shell"})
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_IN_SHELL_WORDS: Final = frozenset(f"{_LETTERS}{_LETTERS.upper()}0123456789_@%+=:,./-")
_BROKEN_PIPE: Final = 141  # 128 + SIGPIPE: what a program that dies of it exits with


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        argv: The words after ``xconda``; those of this process unless given.
    """
    _open_what_is_closed()
    _spell_out_what_has_no_letter()
    words = list(sys.argv[1:] if argv is None else argv)
    environ = environment()
    cancel = CancelToken()
    manners = Manners(json=wants_document(_own_words(words)))
    with own_stdout() as own:
        console = Console(environ, manners=manners, cancel=cancel, own=own)
        with stop_on_signals(cancel, lambda: console.is_drawing) as stop:
            code = answer(words, environ, console, cancel, stop)
    if "SUDO_UID" in environ:
        from xconda_core.engine.handing_back import hand_back

        hand_back(environ)
    return code


def answer(
    words: list[str],
    environ: Mapping[str, str],
    console: Console,
    cancel: CancelToken,
    stop: Stop,
) -> int:
    """Run one command line in these surroundings, say how it failed, and return its exit code.

    Nothing of the process is touched but what the command is for.
    """
    plugins = PluginSet()
    try:
        plugins = _plugins(words, environ, console)
        code = _run(words, environ, console, cancel, plugins)
        console.flush()
    except HelpAsked as asked:
        console.show(asked.text)
        code = 0
    except BrokenPipeError:
        code = _be_quiet(console)
    except (Exception, KeyboardInterrupt) as failure:
        code = _say_failure(failure, words, environ, console, stop, plugins)
    return code


def _open_what_is_closed() -> None:
    """Give a process that was started without one of the three streams an empty one.

    Else the next file to be opened gets that number, and what is said would be written into it.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _spell_out_what_has_no_letter() -> None:
    """Let the streams write every text: what their encoding lacks is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, TextIOWrapper):
            continue  # it keeps text, and has no encoding
        if not stream.encoding.lower().startswith("utf") or stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _plugins(words: Sequence[str], environ: Mapping[str, str], console: Console) -> PluginSet:
    """Return what plugins add; nothing to commands that activate, which every prompt waits for."""
    command = next((word for word in words if not word.startswith("-")), "")
    asks_version = not command and ("--version" in words or "-V" in words)
    if asks_version or command in _WITHOUT_PLUGINS or command.startswith("shell."):
        return PluginSet()
    return open_plugins(
        environ,
        lambda text: console.warn(Text(f"warning: {text}", "warning")),
        no_plugins="--no-plugins" in _own_words(words),
    )


def _run(
    words: list[str],
    environ: Mapping[str, str],
    console: Console,
    cancel: CancelToken,
    plugins: PluginSet,
) -> int:
    if plugins:
        from xconda_core.cli import plugin_commands

        code = plugin_commands.run_own(plugins, words, _start(words), environ, console)
        if code is not None:
            return code
    external = _external(words, environ, console)
    if external is not None:
        return external()
    more = plugin_commands.entries(plugins) if plugins else ()
    before, entry, after = _choose(words, more, console.screen)
    if entry is None:
        if "--version" in before or "-V" in before:
            console.show(f"xconda {__version__}\n")
        else:
            from xconda_core.cli.external_commands import external_entries
            from xconda_core.cli.help_text import overview

            console.show(overview([*COMMANDS, *more, *external_entries(environ)], console.screen))
        return 0
    load_lean("datetime", "logging", "msgspec")
    command = entry.load()
    parser = CommandParser(
        f"xconda {_as_typed(entry, words)}",
        description=entry.summary,
        columns=min(console.columns, 100),
    )
    command.configure(parser)
    arguments = parser.parse([*before, *after], remainder=entry.takes_all_words)
    console.remark(*words_on_idle(arguments))
    acts = bool(plugins) and not vars(arguments).get("no_plugins")
    if acts:
        plugin_commands.go_before(plugins, entry.name)
    with ExitStack() as resources:
        code = command.run(
            Invocation(
                arguments=arguments,
                command_line=_quoted(["xconda", *words]),
                environ=environ,
                console=console,
                cancel=cancel,
                resources=resources,
                plugins=plugins if acts else PluginSet(),
            )
        )
    if acts and code == 0:
        plugin_commands.go_after(plugins, entry.name)
    return code


def _quoted(words: Sequence[str]) -> str:
    """Return ``words`` as a shell would be told them; nearly all words need nothing for that."""
    if all(word and _IN_SHELL_WORDS.issuperset(word) for word in words):
        return " ".join(words)
    from shlex import join

    return join(words)


def _as_typed(entry: CommandEntry, words: Sequence[str]) -> str:
    """Return the name of the command, or the other word for it that was typed."""
    word = words[_start(words)]
    return word if word in entry.aliases else entry.name


def _start(words: Sequence[str]) -> int:
    """Return where the command begins: behind the options before it."""
    return next((at for at, word in enumerate(words) if not word.startswith("-")), len(words))


def _external(
    words: Sequence[str], environ: Mapping[str, str], console: Console
) -> Callable[[], int] | None:
    """Return what runs the program on PATH that is meant, None where xconda has the command."""
    name, *rest = words[_start(words) :] or [""]
    if not name or _is_own(name):
        return None
    from xconda_core.cli.external_commands import find_external, run_external

    program = find_external(name, environ)
    return None if program is None else lambda: run_external(program, rest, environ, console)


def _is_own(word: str) -> bool:
    return find_command(word) is not None or word in namespaces() or word.startswith("shell.")


def _choose(
    words: Sequence[str], more: Sequence[CommandEntry] = (), columns: int | None = None
) -> tuple[list[str], CommandEntry | None, list[str]]:
    """Return the words before the command, the command (None: only help or version), the rest.

    Args:
        words: The command line.
        more: Commands that there are besides.
        columns: Width of the screen, where there is one.

    Raises:
        UsageError: there is no such command.
    """
    start = _start(words)
    before, rest = list(words[:start]), list(words[start:])
    if rest and rest[0].startswith("shell."):  # conda's spelling
        rest[:1] = ["shell", rest[0].removeprefix("shell.")]
    if not rest:
        strange = next((word for word in before if word not in GLOBAL_FLAGS), None)
        if strange is not None:
            hint = did_you_mean(strange, GLOBAL_FLAGS)
            fix = f"{hint} `xconda --help` lists the commands."
            raise UsageError("xconda", f"{strange} needs a command before it.", fix.strip())
        return before, None, []
    length = _length(rest)
    name = " ".join(rest[:length])
    entry = find_command(name)
    strange = next((word for word in before if word not in GLOBAL_FLAGS), None)
    if entry is None and strange is not None:
        fix = "write the command first: `xconda list -n NAME`, for example."
        raise UsageError("xconda", f"{strange} needs a command before it.", fix)
    if entry is None:
        raise _no_such_command(name, more, columns)
    return before, entry, rest[length:]


def _length(words: Sequence[str]) -> int:
    """Return how many of ``words`` are the name of a command: as many as there is one for."""
    for length in range(min(len(words), LONGEST_NAME), 1, -1):
        if find_command(" ".join(words[:length])) is not None:
            return length
    return 2 if words[0] in namespaces() else 1


_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "help": "`xconda COMMAND --help` explains a command.",
        "index": "`xconda channel index` is the same.",
        "build": "`xconda build` starts `conda-build`, which is not on PATH.",
    }
)
"""What people of conda may look for, and where it is."""


def _no_such_command(name: str, more: Sequence[CommandEntry], columns: int | None) -> Exception:
    from xconda_core.cli.help_text import overview

    group = name.removesuffix(" --help").removesuffix(" -h")
    below = [entry for entry in COMMANDS if entry.name.startswith(f"{group} ")]
    if below:
        return HelpAsked(overview(below, columns, group))
    words = [word for entry in (*COMMANDS, *more) for word in (entry.name, *entry.aliases)]
    last = name.rpartition(" ")[2]  # `env activate`
    hint = f"did you mean {last}?" if last != name and last in words else did_you_mean(name, words)
    hint = _ELSEWHERE.get(name, hint)
    fix = f"{hint} `xconda --help` lists the commands.".strip()
    return UsageError("xconda", f"there is no command {name!r}.", fix)


def _own_words(words: Sequence[str]) -> Sequence[str]:
    """Return the words that are xconda's: those of a program started by ``run`` are not."""
    return words[: words.index("run")] if "run" in words else words


def _say_failure(
    failure: BaseException,
    words: Sequence[str],
    environ: Mapping[str, str],
    console: Console,
    stop: Stop,
    plugins: PluginSet,
) -> int:
    error = failure if isinstance(failure, XcondaError) else _in_words(failure, words, environ)
    code = stop.exit_code if stop.number and isinstance(error, Cancelled) else error.exit_code
    hints: Sequence[Hint] = ()
    if plugins:
        from xconda_core.cli import plugin_commands

        hints = plugin_commands.hints(plugins, error)
        plugin_commands.tell_observers(plugins, failure, words, environ, code)
    try:
        console.fail(error, hints)
        console.flush()
    except BrokenPipeError:
        _be_quiet(console)
    except OSError:  # a full disk takes no answer
        _be_quiet(console)
        if console.manners.json:
            console.warn(*str(error).splitlines())
    return code


def _in_words(
    failure: BaseException, words: Sequence[str], environ: Mapping[str, str]
) -> XcondaError:
    from xconda_core.cli.machine_failures import as_known_failure
    from xconda_core.cli.unexpected import report_unexpected

    return as_known_failure(failure) or report_unexpected(failure, words, environ)


def _be_quiet(console: Console) -> int:
    """Let nothing more go to a reader that has gone, not even by the interpreter's last flush."""
    if not console.speaks_for_process:
        return _BROKEN_PIPE
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, console.main_stream.fileno())
    return _BROKEN_PIPE
