"""What files that describe environments say, as values. Layer: environment. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from xconda_core.models.archive_name import ArchiveAddress
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.pip_section import InstallerSection
from xconda_core.values import Slotted, dataclass, field, replace

Variable = str | int  # an integer where YAML has one that its text can be made from again


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedEnvironment(Slotted):
    """A wish in a file: ``environment.yml`` (CEP 24) or a list of specs (CEP 23).

    Attributes:
        name: Name that the file proposes, None where it proposes none.
        prefix: Path that the file proposes, None where it proposes none.
        channels: Channel texts, highest priority first; ``nodefaults`` among them.
        dependencies: MatchSpec texts in the file's order.
        pip: Lines as a requirements file of pip has them.
        sections: What others install, those that plugins are.
        variables: Names to values of environment variables, to be set on activation.
        platforms: Platforms to solve for; empty: the one that is asked for.
        category: What group of dependencies this is, None where it does not say.
        notices: What a user should hear about the file, as sentences.
    """

    name: str | None = None
    prefix: str | None = None
    channels: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    sections: tuple[InstallerSection, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    category: str | None = None
    notices: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplicitArchives(Slotted):
    """An ``@EXPLICIT`` file (CEP 23): archives, one by one.

    Attributes:
        platform: Platform that a comment of the file names, None where none does.
        archives: Where they are, in the file's order.
        sources: The same addresses as written, with their credentials. Not to be shown.
    """

    platform: str | None = None
    archives: tuple[ArchiveAddress, ...] = ()
    sources: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedWheel(Slotted):
    """A package of the Python index, as a lock file pins it.

    Attributes:
        name: Its name.
        version: Its version.
        url: Address of its archive.
        sha256: Digest of that archive, None where the file has none.
    """

    name: str
    version: str
    url: str
    sha256: str | None = None

    @property
    def requirement(self) -> str:
        """The line for a requirements file of pip that means this very archive."""
        digest = f"#sha256={self.sha256}" if self.sha256 and "#" not in self.url else ""
        return f"{self.name} @ {self.url}{digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedEnvironment(Slotted):
    """What a lock file fixes, platform by platform (CEP 37, pixi).

    Attributes:
        channels: Addresses or names of the channels that it was solved with.
        packages: Platform to its records, in the file's order. What a lock file does not carry of
            a record stands in the archive.
        wheels: Platform to the Python packages that pip is to install.
        requested: MatchSpec texts that were asked for, where the file tells.
        sources: Files that it was made from, as written.
    """

    channels: tuple[str, ...] = ()
    packages: Mapping[str, tuple[PackageRecord, ...]] = field(default_factory=dict)
    wheels: Mapping[str, tuple[LockedWheel, ...]] = field(default_factory=dict)
    requested: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that it fixes something for."""
        return tuple(self.packages)

    def with_sources(self, sources: tuple[str, ...]) -> "LockedEnvironment":
        """Return the same, made from ``sources``."""
        return replace(self, sources=sources)


Content = DescribedEnvironment | ExplicitArchives | LockedEnvironment
"""What a file can be."""


def merged(files: Sequence[DescribedEnvironment]) -> DescribedEnvironment:
    """Return one wish made of several: a later file wins where only one can (conda's rules).

    Lists are joined, each item once; the channels of later files go first.
    """
    names = [each.name for each in files if each.name is not None]
    prefixes = [each.prefix for each in files if each.prefix is not None]
    categories = [each.category for each in files if each.category is not None]
    return DescribedEnvironment(
        name=names[-1] if names else None,
        prefix=prefixes[-1] if prefixes else None,
        channels=_joined(each.channels for each in reversed(files)),
        dependencies=_joined(each.dependencies for each in files),
        pip=_joined(each.pip for each in files),
        sections=tuple(dict.fromkeys(one for each in files for one in each.sections)),
        variables={name: value for each in files for name, value in each.variables.items()},
        platforms=_joined(each.platforms for each in files),
        category=categories[-1] if categories else None,
        notices=_joined(each.notices for each in files),
    )


def _joined(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))
