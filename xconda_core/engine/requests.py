"""What a user can ask of the engine, as values. Layer: engine."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

from xconda_core.config.redaction import redacted
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.pip_section import InstallerSection, PipSection
from xconda_core.values import Slotted, dataclass, field

Verb = Literal["create", "install", "update", "remove", "undo", "redo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest(Slotted):
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
        records: These very archives are installed, and nothing is solved; ``specs`` are then what
            the history is to remember of them, or nothing for their names.
        exact: Every other package than ``records`` goes; without any, all go.
        variables: Environment variables to be set on activation.
        pip: What pip is to install afterwards; None: nothing.
        clone_of: The environment that this one is to be like: ``records`` are its packages, and its
            other files are copied; None: it is none's clone.
        may_replace: For ``create``: an environment that is there is replaced, and a folder with
            other files gets one; the plan says so, and who sets this shows it before it is done.
        notices: What the user should hear about the request, as sentences.
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
    records: tuple[PackageRecord, ...] = ()
    exact: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    pip: PipSection | None = None
    sections: tuple[InstallerSection, ...] = ()
    clone_of: PurePath | None = None
    may_replace: bool = False
    notices: tuple[str, ...] = ()
    dry_run: bool = False
    prove: bool = False
    command: str = field(default="")

    @property
    def may_name_a_tool(self) -> bool:
        """Whether a spec may be of a package manager; a look at the texts, which costs nothing."""
        return any("conda" in text or "mamba" in text for text in map(str.lower, self.specs))

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
            "records": [redacted(record.url) for record in self.records],
            "exact": self.exact,
            "variables": [*sorted(self.variables)],  # their values may be secrets
            "pip": [redacted(line) for line in self.pip.lines] if self.pip else [],
            "sections": {e.installer: [*map(redacted, e.lines)] for e in self.sections},
            "clone_of": str(self.clone_of) if self.clone_of else None,
            "may_replace": self.may_replace,
            "notices": list(self.notices),
            "dry_run": self.dry_run,
            "prove": self.prove,
            "command": self.command,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWish(Slotted):
    """What environment files, and words beside them, ask for together.

    Attributes:
        name: Name that they propose, None where they propose none.
        prefix: Path that they propose, None where they propose none.
        specs: MatchSpec texts; with ``records``: what was asked for when those were locked.
        records: These very archives, and no solve.
        channels: Channels to look in, before the configured ones; with credentials.
        override_channels: Without the configured ones.
        variables: Environment variables to be set on activation.
        pip: What pip is to install.
        sections: What plugins are to install.
        platforms: Platforms to lock for, as the files say.
        notices: What the user should hear about the files, as sentences.
    """

    name: str | None = None
    prefix: str | None = None
    specs: tuple[str, ...] = ()
    records: tuple[PackageRecord, ...] = ()
    channels: tuple[str, ...] = field(default=(), repr=False)
    override_channels: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    pip: PipSection | None = None
    sections: tuple[InstallerSection, ...] = ()
    platforms: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
