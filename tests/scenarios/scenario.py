"""What a scenario is: steps that a user takes, and what is true after each, whoever carries it out.

The table in ``scenarios.py`` knows nothing of command lines, cells or HTTP. A surface (a class with
``take``) carries steps out its own way and answers with an :class:`Answer`; every surface is held
to the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from xconda_core.errors import Json

Verb = Literal[
    "create",
    "install",
    "update",
    "remove",
    "undo",
    "redo",
    "history",
    "diff",
    "doctor",
    "list",
    "search",
    "info",
    "env list",
    "run",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is true after a step.

    Attributes:
        outcome: ``succeeded``, or the code of the failure.
        says: Words that a person reads, in any order.
        keeps_quiet_about: Words that must not be there.
        keys: Dotted paths into the JSON document, to the value that must stand there; ``...`` for
            any value.
        packages: Name to version of everything in the environment afterwards; None: not looked at.
        exit_code: What a terminal sees; None: 0 for ``succeeded`` and 1 for a failure.
    """

    outcome: str = "succeeded"
    says: tuple[str, ...] = ()
    keeps_quiet_about: tuple[str, ...] = ("Traceback",)
    keys: Mapping[str, object] = field(default_factory=dict)
    packages: Mapping[str, str] | None = None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a user does.

    Attributes:
        verb: What.
        specs: Packages, a thing to look for, or the program of ``run``.
        environment: Name of the environment; empty: none is named.
        options: Option name, as the command line spells it without dashes, to its value; True for
            one that takes none.
        expected: What is true afterwards.
    """

    verb: Verb
    specs: tuple[str, ...] = ()
    environment: str = "demo"
    options: Mapping[str, str | bool] = field(default_factory=dict)
    expected: Expected = field(default_factory=Expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A short story with a name that is a sentence.

    Attributes:
        name: The sentence.
        steps: In order, each in the world that the one before left behind.
        place: What is the matter with the world: a key of ``world.PLACES``.
    """

    name: str
    steps: tuple[Step, ...]
    place: str = "ordinary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a surface answered.

    Attributes:
        exit_code: Of the process; None where there is no process.
        text: Everything that a person reads; empty for a surface that answers with documents.
        document: The JSON document; None for a surface that answers with words.
    """

    exit_code: int | None = None
    text: str = ""
    document: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where a scenario takes place.

    Attributes:
        home: The user's home folder.
        channel: URL of the channel.
        environ: Environment variables, complete.
        launcher: Words before every command, for example those that take rights away.
    """

    home: Path
    channel: str
    environ: Mapping[str, str]
    launcher: tuple[str, ...] = ()

    def prefix(self, environment: str) -> Path:
        """Return where the environment of that name is."""
        return self.home / "envs" / environment


class Surface(Protocol):
    """A way to use xconda."""

    def take(self, step: Step, world: World) -> Answer:
        """Carry ``step`` out in ``world``."""
        ...
