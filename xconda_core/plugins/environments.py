"""What plugins add to environments, transactions and archives, as values. Layer: plugins. Pure."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from xconda_core.environment.formats.described import (
    DescribedEnvironment,
    ExplicitArchives,
    LockedEnvironment,
)
from xconda_core.environment.formats.exports import EnvironmentContents, ExportRules
from xconda_core.environment.health import Finding, Need, PrefixSnapshot
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.plugins.names import put_name_in_order
from xconda_core.transaction.plan import Plan
from xconda_core.values import Slotted, dataclass, field


@dataclass(frozen=True, slots=True)
class PluginHealthCheck(Slotted):
    """A check of ``xconda doctor``.

    Attributes:
        name: What it is called on the command line.
        action: Is handed what was seen of the environment, and returns what is not as it should be.
        fixer: Repairs: is handed the path of the environment and the findings of this check, after
            the user agreed. The check is run again after it; what it finds then is left.
        summary: What it looks for, in a few words; its name unless given.
        needs: ``files`` and ``digests``, where it looks at files of packages: that takes time.
    """

    name: str
    action: Callable[[PrefixSnapshot], Iterable[Finding]]
    fixer: Callable[[Path, tuple[Finding, ...]], None] | None = None
    summary: str | None = None
    needs: frozenset[Need] = frozenset()

    def __post_init__(self) -> None:
        put_name_in_order(self)


class PrefixFiles(Protocol):
    """Files of the environment that an action writes; they go back where the change does."""

    def write(self, path: str, content: bytes) -> None:
        """Have the file ``path`` replaced by ``content`` when the action has ended well.

        Raises:
            ValueError: ``path`` is not relative to the environment, or leads out of it or into
                what xconda writes itself (``conda-meta``, ``.xconda``).
        """
        ...


class TransactionAction(Protocol):
    """One thing that a plugin does with a transaction, and can take back."""

    def verify(self) -> None:
        """Look whether it can be done; an ``XcondaError`` ends the change before it begins."""
        ...

    def execute(self, files: PrefixFiles) -> None:
        """Do it; an ``XcondaError`` undoes the whole change."""
        ...

    def reverse(self) -> None:
        """Take back what ``execute`` did elsewhere, for the change has failed, or this action."""
        ...

    def cleanup(self) -> None:
        """Clear up, for the change has succeeded."""
        ...


@dataclass(frozen=True, slots=True)
class PluginPreTransactionAction(Slotted):
    """Something to be done before all else of a transaction.

    Attributes:
        name: What it is called.
        action: Is handed the plan, and returns what is to be done; a class does.
    """

    name: str
    action: Callable[[Plan], TransactionAction]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginPostTransactionAction(Slotted):
    """Something to be done after all else of a transaction.

    Attributes:
        name: What it is called.
        action: Is handed the plan, and returns what is to be done; a class does.
    """

    name: str
    action: Callable[[Plan], TransactionAction]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginPrefixDataLoader(Slotted):
    """Somebody who finds packages in an environment that conda did not install.

    Attributes:
        name: What it is called.
        loader: Is handed the path of the environment and what conda installed there, by name, and
            returns what it found besides. ``channel`` and ``build`` of a record say whose it is.
    """

    name: str
    loader: Callable[[Path, Mapping[str, PrefixRecord]], Iterable[PackageRecord]]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginEnvironmentSpecifier(Slotted):
    """A kind of file that describes environments, read by ``--file`` and by ``env create``.

    Attributes:
        name: What ``--format`` calls it.
        read: Is handed the file's text and its name, and returns what it says; ``ValueError`` where
            the text is none of its kind.
        default_filenames: Names of such files, or patterns, which tell without ``--format``.
        aliases: Other names for ``--format``.
        description: What it is, in a sentence.
    """

    name: str
    read: Callable[[str, str], DescribedEnvironment | ExplicitArchives | LockedEnvironment]
    default_filenames: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    description: str | None = None

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginEnvironmentExporter(Slotted):
    """A kind of file that ``xconda export --format NAME`` writes.

    Attributes:
        name: What ``--format`` calls it.
        export: Is handed what the environment holds, and how much of it is to be written; returns
            the file's text; ``ValueError`` where such a file cannot say it.
        aliases: Other names for ``--format``.
        default_filenames: Names of such files, or patterns: ``--file`` with one of them chooses
            this kind.
        description: What it is, in a sentence.
        multiplatform: One file can be for several platforms.
    """

    name: str
    export: Callable[[EnvironmentContents, ExportRules], str]
    aliases: tuple[str, ...] = ()
    default_filenames: tuple[str, ...] = ()
    description: str | None = None
    multiplatform: bool = False

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWish(Slotted):
    """What an installer is to do, after conda's packages are there and pip's.

    Attributes:
        prefix: The environment.
        lines: What its section of the file says, line by line.
        folder: What paths in these lines count from: the folder of the file.
        variables: Environment variables for programs that it runs: as in the activated environment.
        upgrades: ``env update``: what is there already moves to its newest version that fits.
    """

    prefix: Path
    lines: tuple[str, ...]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    upgrades: bool = False


@dataclass(frozen=True, slots=True)
class PluginSectionInstaller(Slotted):
    """Somebody who installs what a section of ``environment.yml`` lists, as pip does for ``pip:``.

    Attributes:
        name: Name of the section.
        install: Installs it, and returns what is to be said about that; an ``XcondaError`` where it
            cannot.
    """

    name: str
    install: Callable[[SectionWish], Iterable[str] | None]

    def __post_init__(self) -> None:
        put_name_in_order(self)


@dataclass(frozen=True, slots=True)
class PluginPackageExtractor(Slotted):
    """Somebody who unpacks another kind of archive.

    Attributes:
        name: What it is called.
        extensions: Ends of names of such archives, with their dot.
        extract: Is handed the archive and an empty folder, and unpacks the one into the other.
    """

    name: str
    extensions: tuple[str, ...] | list[str]
    extract: Callable[[Path, Path], None]

    def __post_init__(self) -> None:
        put_name_in_order(self)
