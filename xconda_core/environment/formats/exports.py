"""What an environment holds, as the text of a file that makes it again. Layer: environment. Pure.

Formats and their names are conda's (``conda export --format``); ``conda-lock.yml`` is CEP 37.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, Literal

from xconda_core.environment.formats.conda_lock import conda_lock_text
from xconda_core.environment.formats.described import DescribedEnvironment, LockedEnvironment
from xconda_core.environment.formats.environment_yaml import environment_json, environment_yaml
from xconda_core.environment.formats.explicit_lines import explicit_text
from xconda_core.environment.formats.text_files import specs_text
from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.pip_section import InstallerSection
from xconda_core.values import Slotted, dataclass, field

ExportFormat = Literal[
    "environment-yaml", "environment-json", "explicit", "requirements", "conda-lock"
]
FORMATS: Final[Mapping[str, ExportFormat]] = {
    "environment-yaml": "environment-yaml", "yaml": "environment-yaml", "yml": "environment-yaml",
    "env.yml": "environment-yaml",
    "environment-json": "environment-json", "json": "environment-json",
    "explicit": "explicit",
    "requirements": "requirements", "reqs": "requirements", "txt": "requirements",
    "conda-lock": "conda-lock", "conda-lock.yml": "conda-lock",
}  # fmt: skip
FILE_NAMES: Final[Mapping[str, ExportFormat]] = {
    "environment.yml": "environment-yaml", "environment.yaml": "environment-yaml",
    "environment.json": "environment-json",
    "explicit.txt": "explicit",
    "requirements.txt": "requirements", "spec.txt": "requirements",
    "conda-lock.yml": "conda-lock", "conda-lock.yaml": "conda-lock",
}  # fmt: skip


class NotExportable(XcondaError):
    """A format cannot say what an environment holds."""

    code: ClassVar[str] = "not-exportable"

    def __init__(self, format_name: str, reason: str, fix: str) -> None:
        super().__init__(format_name, reason, fix)
        self.format = format_name
        self.what = f"The environment was not written as {format_name}."
        self.why = f"{reason}."
        self.fix = fix


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentContents(Slotted):
    """What is to be written down.

    Attributes:
        name: Name of the environment, None where it has none.
        prefix: Where it is, None where that is not to be said.
        channels: Names or addresses of its channels, without credentials.
        requested: MatchSpec texts that its user asked for.
        records: Platform to the packages, dependencies first. The first platform is the
            environment's own.
        channel_names: Address of a channel to what people call it.
        pip: ``name==version`` of the packages that pip installed.
        sections: What plugins install, and found.
        variables: Environment variables that are set on activation.
    """

    name: str | None = None
    prefix: str | None = None
    channels: tuple[str, ...] = ()
    requested: tuple[str, ...] = ()
    records: Mapping[str, tuple[PackageRecord, ...]] = field(default_factory=dict)
    channel_names: Mapping[str, str] = field(default_factory=dict)
    pip: tuple[str, ...] = ()
    sections: tuple[InstallerSection, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRules(Slotted):
    """How much is written down.

    Attributes:
        from_history: What was asked for, and not what came with it.
        builds: The build of each package besides its version.
        channels: Where each package came from.
    """

    from_history: bool = False
    builds: bool = True
    channels: bool = True


Export = Callable[[EnvironmentContents, ExportRules], str]
"""Writes the text of a file."""


def export_text(
    contents: EnvironmentContents, format_name: ExportFormat, rules: ExportRules
) -> str:
    """Return the file that says what ``contents`` holds.

    Raises:
        NotExportable: that format cannot say it.
        NoAddressKnown: an archive's address is needed and nobody knows it.
    """
    if format_name == "conda-lock":
        return conda_lock_text(_locked(contents))
    platform, records = only_platform(contents, format_name)
    if format_name == "explicit":
        return _explicit(contents, platform, records)
    implied = contents.channels[:1] if format_name != "requirements" else ()
    described = _described(contents, records, rules, implied)
    if format_name == "requirements":
        if not described.dependencies:
            reason = "it has no packages"
            raise NotExportable(format_name, reason, "install something first.")
        return specs_text(map(_as_conda_writes, described.dependencies), platform)
    if format_name == "environment-json":
        return environment_json(described)
    return environment_yaml(described)


def only_platform(
    contents: EnvironmentContents, format_name: str
) -> tuple[str, Sequence[PackageRecord]]:
    """Return the one platform there is, and its packages.

    Raises:
        NotExportable: there are more.
    """
    if len(contents.records) > 1:
        reason = f"such a file is for one platform, not for {', '.join(contents.records)}"
        fix = "write `--format conda-lock.yml`, or one file for each platform."
        raise NotExportable(format_name, reason, fix)
    return next(iter(contents.records.items()), ("", ()))


def _explicit(
    contents: EnvironmentContents, platform: str, records: Sequence[PackageRecord]
) -> str:
    if not records:
        reason = "it has no packages whose addresses could be listed"
        raise NotExportable("explicit", reason, "write `--format environment-yaml`.")
    if contents.pip:
        reason = f"pip installed {len(contents.pip)} of its packages, which such a list cannot name"
        raise NotExportable("explicit", reason, "write `--format environment-yaml`.")
    return explicit_text(records, platform)


def _described(
    contents: EnvironmentContents,
    records: Sequence[PackageRecord],
    rules: ExportRules,
    implied: Sequence[str],
) -> DescribedEnvironment:
    """Return what a file says; packages of the ``implied`` channels do not name theirs.

    conda never names them. Here the file has to lead to the same packages by strict priority too,
    where only the first channel that has a name counts.
    """
    from_history = rules.from_history or not records
    if from_history:
        specs = tuple(contents.requested)
    else:
        in_name_order = sorted(records, key=lambda record: record.name)
        specs = tuple(_spec(record, contents, rules, implied) for record in in_name_order)
    if not rules.channels:
        specs = tuple(text.rpartition("::")[2] for text in specs)
    return DescribedEnvironment(
        name=contents.name,
        channels=contents.channels,
        dependencies=specs,
        pip=() if rules.from_history else contents.pip,
        sections=() if rules.from_history else contents.sections,
        variables=contents.variables,
        prefix=contents.prefix,
    )


def _spec(
    record: PackageRecord,
    contents: EnvironmentContents,
    rules: ExportRules,
    implied: Sequence[str],
) -> str:
    build = f"={record.build}" if rules.builds and record.build else ""
    text = f"{record.name}={record.version}{build}"
    channel = contents.channel_names.get(record.channel)
    said = rules.channels and channel and channel not in implied
    return f"{channel}::{text}" if said else text


def _as_conda_writes(spec: str) -> str:
    return str(MatchSpec.parse(spec))


def _locked(contents: EnvironmentContents) -> LockedEnvironment:
    if not any(contents.records.values()):
        reason = "it has no packages that could be locked"
        raise NotExportable("conda-lock", reason, "install something first.")
    return LockedEnvironment(
        channels=contents.channels,
        packages=contents.records,
        requested=contents.requested,
    )
