"""What a health check is, what it looks at, and what it finds. Layer: environment (values only).

A check is a value: a name, a sentence, and a pure function from a snapshot of the prefix to its
findings. Whoever has another check adds another value.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from xconda_core.errors import Json
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_paths import InstalledPath
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.values import Slotted, dataclass, field

Level = Literal["problem", "warning"]
Need = Literal["files", "digests"]
FileKind = Literal["file", "link", "folder", "other"]


@dataclass(frozen=True, slots=True)
class FileFacts(Slotted):
    """What there is to see of one file without reading it.

    Attributes:
        kind: What it is; of a link, not what it leads to.
        size: Its length in bytes.
        mode: Its permission bits.
        owner: Number of the user whose file it is.
        leads_to: Of a link: where to; empty for others.
        is_broken: Of a link: nothing is there.
    """

    kind: FileKind
    size: int
    mode: int
    owner: int
    leads_to: str = ""
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class OwnedPath(Slotted):
    """A path, and the package that says it is its own."""

    package: str
    path: InstalledPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings(Slotted):
    """What outside the prefix bears on it.

    Attributes:
        variables: The environment variables that checks ask for, those that are set.
        ca_bundle_exists: REQUESTS_CA_BUNDLE leads to a file or folder; None where it is not set.
        is_registered: ``~/.conda/environments.txt`` has the prefix.
        lock_problem: Why a file in the prefix cannot be locked; empty where it can, None where
            this user may not write there.
        user_site: The user's own site-packages for the environment's Python.
        user_projects: Canonical names of the Python projects in it, with their versions.
        foreign_libraries: Names of libraries that LD_LIBRARY_PATH puts before the environment's.
        user: Number of the user who asks; None where the system has no such numbers.
        virtual_packages: Facts of the machine.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    ca_bundle_exists: bool | None = None
    is_registered: bool = True
    lock_problem: str | None = ""
    user_site: str = ""
    user_projects: Mapping[str, str] = field(default_factory=dict)
    foreign_libraries: tuple[str, ...] = ()
    user: int | None = None
    virtual_packages: tuple[VirtualPackage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixSnapshot(Slotted):
    """An environment as it stood when it was looked at.

    Attributes:
        prefix: Its path.
        state: Its packages and requests.
        owned: Path to who owns it, of every path that a package lists.
        files: Path to what is there, of every owned path that is there and of ``conda-meta``.
        digests: Path to SHA-256 of what is there, hexadecimal, of files that have a digest to be
            held against; empty unless a check needs it.
        python_files: Name of a project that conda did not install to the paths that it owns.
        surroundings: What bears on it from outside.
    """

    prefix: Path
    state: EnvironmentState
    owned: Mapping[str, OwnedPath] = field(default_factory=dict)
    files: Mapping[str, FileFacts] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    python_files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=Surroundings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Slotted):
    """One thing that is not as it should be.

    Attributes:
        check: Name of the check that found it; set by whoever runs the checks.
        level: ``problem``: something does not work; ``warning``: something may surprise.
        what: What is the matter, in one sentence.
        package: The package concerned, empty for none.
        path: The path concerned, relative to the prefix, empty for none.
        fix: What a person can do.
        is_file: The file can be brought again from its package.
    """

    check: str = ""
    level: Level = "problem"
    what: str
    package: str = ""
    path: str = ""
    fix: str = ""
    is_file: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return the finding as ``doctor --json`` has it."""
        return {
            "check": self.check,
            "level": self.level,
            "what": self.what,
            "package": self.package,
            "path": self.path,
            "fix": self.fix,
            "fixable": self.is_file,
        }


@dataclass(frozen=True, slots=True)
class Check(Slotted):
    """One health check.

    Attributes:
        name: What it is called on the command line; conda's name where conda has it.
        summary: What it looks for, in a few words.
        run: Finds.
        needs: What the snapshot must hold besides the packages; looking costs time.
    """

    name: str
    summary: str
    run: Callable[[PrefixSnapshot], tuple[Finding, ...]]
    needs: frozenset[Need] = frozenset()
