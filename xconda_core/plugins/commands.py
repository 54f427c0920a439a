"""What plugins add to commands, settings and what is said, as values. Layer: plugins. Pure.

Fields are conda's (``conda.plugins.types``), where what they hold is conda's.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, TextIO

from xconda_core.config.definition import Shape
from xconda_core.config.value_types import TEXT, ValueType
from xconda_core.events import Event
from xconda_core.plugins.names import put_name_in_order
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True)
class PluginSubcommand(Slotted):
    """A command ``xconda NAME``.

    Attributes:
        name: The word that chooses it.
        summary: What it does, in a few words; ``xconda --help`` shows it.
        action: Does it and returns the exit code, None for 0. It is handed the parsed arguments
            where there is a ``configure_parser``, else the words after the name as a tuple.
        aliases: Other words that choose it.
        configure_parser: Adds arguments to the command's parser.
    """

    name: str
    summary: str
    action: Callable[[Namespace], int | None] | Callable[[tuple[str, ...]], int | None]
    aliases: tuple[str, ...] = ()
    configure_parser: Callable[[ArgumentParser], None] | None = None

    def __post_init__(self) -> None:
        put_name_in_order(self)
        object.__setattr__(self, "aliases", tuple(each.strip().lower() for each in self.aliases))


@dataclass(frozen=True, slots=True)
class PluginPreCommand(Slotted):
    """Something to be done before commands.

    Attributes:
        name: What it is called.
        action: Is handed the command: ``install``, ``env_list``. An ``XcondaError`` that it raises
            keeps the command from being begun.
        run_for: The commands that it is for, spelled like that.
    """

    name: str
    action: Callable[[str], None]
    run_for: frozenset[str] | set[str]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginPostCommand(Slotted):
    """Something to be done after commands that succeeded (exit code 0).

    Attributes:
        name: What it is called.
        action: Is handed the command: ``install``, ``env_list``.
        run_for: The commands that it is for, spelled like that.
    """

    name: str
    action: Callable[[str], None]
    run_for: frozenset[str] | set[str]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginErrorHint(Slotted):
    """A sentence that helps with an error, shown below it and in ``--json`` errors.

    Attributes:
        text: The sentence.
        hint_code: A name for it that stays the same: lower-case words with ``_`` between.
    """

    text: str
    hint_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedException(Slotted):
    """A failure as observers are told of it.

    Attributes:
        exc_type: Its class.
        exc_value: The exception.
        exc_traceback: Where it came from, None where that is not known.
        argv: The words of the command line.
        xconda_version: Version of xconda.
        return_code: What the command exits with.
        active_prefix: The environment that is active in the shell, None for none.
    """

    exc_type: type[BaseException]
    exc_value: BaseException
    exc_traceback: TracebackType | None
    argv: tuple[str, ...]
    xconda_version: str
    return_code: int
    active_prefix: str | None


@dataclass(frozen=True, slots=True)
class PluginExceptionObserver(Slotted):
    """Somebody who is told of failures and cannot change them.

    Attributes:
        name: What it is called.
        hook: Is handed the failure; what it returns or raises is passed over.
        watch_for: Names of classes; those below them count as well.
    """

    name: str
    hook: Callable[[ObservedException], None]
    watch_for: frozenset[str] | set[str]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginSetting(Slotted):
    """A setting: ``plugins: {NAME: VALUE}`` in files, ``CONDA_PLUGINS_NAME`` in the environment.

    Attributes:
        name: What it is called.
        description: What it means, in a sentence; ``xconda config --describe`` shows it.
        default: Its value where nobody says anything.
        type: What it, or each item of it, must be.
        shape: ``one`` value, a ``list`` or a ``map``.
        aliases: Other names.
    """

    name: str
    description: str
    default: object = None
    type: ValueType = TEXT
    shape: Shape = "one"
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        put_name_in_order(self)


class ProgressView(Protocol):
    """Shows a running change."""

    def report(self, event: Event) -> None:
        """Take one event in; called from any thread, must neither raise nor block."""
        ...

    def paused(self) -> AbstractContextManager[None]:
        """Leave the terminal to others while the block runs."""
        ...

    def close(self) -> None:
        """Show a last time and stop."""
        ...


@dataclass(frozen=True, slots=True)
class PluginReporterBackend(Slotted):
    """A way to show progress, chosen by the setting ``console`` or by ``--console``.

    Attributes:
        name: What chooses it.
        description: What it looks like, in a sentence.
        renderer: Makes the view of one change on a stream.
        ask: Puts a question to the user in place of xconda: takes it and the answer that is meant
            by default, and returns whether it is yes. None: xconda asks.
    """

    name: str
    description: str
    renderer: Callable[[TextIO], ProgressView]
    ask: Callable[[str, bool], bool] | None = None

    def __post_init__(self) -> None:
        put_name_in_order(self)
