"""What pip, and others, are to install after conda's packages. Layer: models."""

from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSection(Slotted):
    """The ``pip`` section of an environment file, or what a lock file has for pip.

    Attributes:
        lines: Lines of a requirements file of pip; paths in them are absolute.
        folder: Absolute path of the folder that pip runs in: the file's own; empty: any.
        upgrades: Packages that are there already move to their newest version that fits.
    """

    lines: tuple[str, ...]
    folder: str = ""
    upgrades: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallerSection(Slotted):
    """A section of an environment file that a plugin installs.

    Attributes:
        installer: Name of the section, and of who installs it.
        lines: What stands in it; paths in them count from ``folder``.
        folder: Absolute path of the folder of the file; empty: it has none.
        upgrades: What is there already moves to its newest version that fits.
    """

    installer: str
    lines: tuple[str, ...]
    folder: str = ""
    upgrades: bool = False
