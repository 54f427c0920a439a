"""What can be the matter with environment files that are to be read. Layer: engine."""

from collections.abc import Sequence
from typing import ClassVar

from xconda_core.config.redaction import redacted
from xconda_core.environment.formats.file_kinds import FILE_KINDS
from xconda_core.errors import XcondaError
from xconda_core.models.channel_url import without_credentials


class FormatUnclear(XcondaError):
    """Neither the name of a file nor its contents tell what it is."""

    code: ClassVar[str] = "format-unclear"
    exit_code: ClassVar[int] = 2

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin
        self.what = f"{origin} was not read."
        self.why = "neither its name nor its contents tell what kind of environment file it is."
        self.fix = "say so with --format: environment-yaml, explicit, requirements or conda-lock."


class FormatUnknown(XcondaError):
    """A format of environment files is named that nothing here reads."""

    code: ClassVar[str] = "format-unknown"
    exit_code: ClassVar[int] = 2

    def __init__(self, name: str, more: Sequence[str] = ()) -> None:
        super().__init__(name, more)
        self.name = name
        self.what = f"Nothing was read: {name!r} is no format of environment files."
        self.why = f"these are: {', '.join((*FILE_KINDS, *more))}."
        self.fix = "correct --format, or the setting environment_specifier."


class ArchiveUnusable(XcondaError):
    """An archive that the command line names cannot be one."""

    code: ClassVar[str] = "archive-unusable"
    exit_code: ClassVar[int] = 2

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(source, problem)
        self.source, self.problem = redacted(without_credentials(source)), problem
        self.what = f"{self.source} was not installed."
        self.why = f"{problem}."
        self.fix = "name an archive as its channel does: NAME-VERSION-BUILD.conda, or .tar.bz2."


class FileMissing(XcondaError):
    """An environment file is not there."""

    code: ClassVar[str] = "file-missing"
    exit_code: ClassVar[int] = 2

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin
        self.what = f"{origin} was not read."
        self.why = "there is no such file."
        self.fix = "check its name; paths count from the folder that you are in."


class NotForThisPlatform(XcondaError):
    """A lock file has nothing for the platform that is asked for."""

    code: ClassVar[str] = "not-for-this-platform"

    def __init__(self, origin: str, subdir: str, platforms: Sequence[str]) -> None:
        super().__init__(origin, subdir, platforms)
        self.origin, self.subdir, self.platforms = origin, subdir, tuple(platforms)
        self.what = f"{origin} cannot be used here."
        self.why = f"it has nothing for {subdir}, but for {', '.join(platforms) or 'nothing'}."
        self.fix = f"lock it for {subdir} too: `xconda lock --platform {subdir} ...`."


class ArchivesAndSpecsMixed(XcondaError):
    """Archives, which nobody solves for, are asked for together with specs."""

    code: ClassVar[str] = "archives-and-specs-mixed"
    exit_code: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.what = "Nothing was changed: archives and package names do not go together."
        self.why = "archives are installed as they are, names are solved for."
        self.fix = "run it twice: first with the names, then with the archives."


class NothingFixed(XcondaError):
    """A file that leaves the choice of packages open is asked for what it fixes."""

    code: ClassVar[str] = "nothing-fixed"
    exit_code: ClassVar[int] = 2

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin
        self.what = f"{origin} cannot be verified."
        self.why = "it is no lock file: it does not say which archives there should be."
        self.fix = f"make one with `xconda lock {origin}`, or ask `xconda compare {origin}`."


class AlreadyFixed(XcondaError):
    """A list of archives, or a lock file, is to be locked: nothing in it is open."""

    code: ClassVar[str] = "already-fixed"
    exit_code: ClassVar[int] = 2

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(files)
        self.files = tuple(files)
        self.what = "Nothing was locked: there is nothing to solve."
        self.why = f"{', '.join(files) or 'the command line'} lists archives, which are fixed."
        self.fix = "lock from an environment.yml, from names, or from an environment with -n."
