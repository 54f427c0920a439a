"""What a user can ask of the engine, as values. Layer: engine."""

from pathlib import PurePath
from typing import Literal

from xconda_core.config.redaction import redacted
from xconda_core.errors import Json
from xconda_core.values import dataclass, field

Verb = Literal["create", "install", "update", "remove", "undo", "redo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """One wish to change an environment.

    Attributes:
        verb: What is to be done.
        prefix: Absolute path of the environment.
        why_prefix: In a few words, why this environment is meant.
        specs: MatchSpec texts, in the user's order and spelling.
        update_all: ``--all``: every package moves to its best version.
        prune: What is neither named nor needed by what is named goes.
        default_packages: ``create_default_packages`` join a creation.
        revision: For ``undo``: the revision to go back to; None is the one before the current.
        channels: Channels that go before the configured ones.
        override_channels: Use ``channels`` alone.
        dry_run: Stop after the plan.
        prove: Find out whether what is named could be newer, and prove it where not.
        command: The command line to write into the history.
    """

    verb: Verb
    prefix: PurePath
    why_prefix: str = ""
    specs: tuple[str, ...] = ()
    update_all: bool = False
    prune: bool = False
    default_packages: bool = True
    revision: int | None = None
    channels: tuple[str, ...] = ()
    override_channels: bool = False
    dry_run: bool = False
    prove: bool = False
    command: str = field(default="")

    def to_json(self) -> dict[str, Json]:
        """Return the request as the jobs store keeps it: without credentials."""
        return {
            "verb": self.verb,
            "prefix": str(self.prefix),
            "why_prefix": self.why_prefix,
            "specs": [redacted(spec) for spec in self.specs],
            "update_all": self.update_all,
            "prune": self.prune,
            "default_packages": self.default_packages,
            "revision": self.revision,
            "channels": [redacted(channel) for channel in self.channels],
            "override_channels": self.override_channels,
            "dry_run": self.dry_run,
            "prove": self.prove,
            "command": self.command,
        }
