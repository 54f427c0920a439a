"""Environment files from disk or the network, read into one wish. Layer: engine.

What a file is, its name and its contents tell; where they do not, ``--format`` has to.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.merge import NO_DEFAULTS
from xconda_core.config.settings import Settings
from xconda_core.engine.archive_bundles import unbundled
from xconda_core.engine.plugin_ports import PluginPorts
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.plugin_work import file_of_plugin, section_names, specifier_names
from xconda_core.engine.requests import FileWish
from xconda_core.engine.source_problems import (
    ArchivesAndSpecsMixed,
    ArchiveUnusable,
    FileMissing,
    FormatUnclear,
    FormatUnknown,
    NotForThisPlatform,
    NothingFixed,
)
from xconda_core.environment.formats.conda_lock import is_conda_lock, parse_conda_lock
from xconda_core.environment.formats.described import (
    Content,
    DescribedEnvironment,
    ExplicitArchives,
    LockedEnvironment,
    merged,
)
from xconda_core.environment.formats.environment_yaml import parse_environment
from xconda_core.environment.formats.file_kinds import FILE_KINDS
from xconda_core.environment.formats.locked_records import address_record
from xconda_core.environment.formats.pip_lines import anchored
from xconda_core.environment.formats.pixi_lock import is_pixi_lock, parse_pixi_lock
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.environment.formats.text_files import (
    archive_source,
    is_explicit,
    parse_explicit,
    parse_specs,
)
from xconda_core.environment.formats.tree import read_yaml
from xconda_core.files.failures import failure_of
from xconda_core.models.archive_name import BUNDLE, names_archive
from xconda_core.models.channel_url import without_credentials
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.pip_section import PipSection
from xconda_core.net.fetcher import Fetcher
from xconda_core.net.small_document import small_document
from xconda_core.package_cache.cache import PackageCache
from xconda_core.values import Slotted, dataclass, replace

_LONGEST: Final = 32 << 20
_PIPES: Final = ("/dev/stdin", "/dev/fd/")
_NOT_LOOKED: Final = "archives are installed as they are: nobody looks at what they need"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surroundings(Slotted):
    """What reading a file needs besides the file."""

    settings: Settings
    environ: Mapping[str, str]
    fetcher: Fetcher
    cancel: CancelToken
    plugins: PluginSet
    endings: tuple[str, ...]

    def absolute(self, path: str) -> str:
        """Return ``path`` from the working directory on."""
        return os.path.normpath(Path.cwd() / path)


def read_wish(
    files: Sequence[str],
    words: Sequence[str],
    format_name: str | None,
    settings: Settings,
    environ: Mapping[str, str],
    fetcher: Fetcher,
    cancel: CancelToken,
    plugins: PluginSet,
) -> FileWish:
    """Return what ``files``, and ``words`` beside them, ask for together.

    Raises:
        XcondaError: one of them cannot be read, or they do not go together.
    """
    around = _Surroundings(
        settings=settings,
        environ=environ,
        fetcher=fetcher,
        cancel=cancel,
        plugins=plugins,
        endings=PluginPorts(plugins).archive_endings(),
    )
    contents = [_read(file, format_name, around) for file in files]
    archives = tuple(word for word in words if names_archive(word, around.endings))
    specs = tuple(word for word in words if not names_archive(word, around.endings))
    if archives:
        contents.append(_archives(_unbundled(archives, around), around))
    fixed = [each for each in contents if not isinstance(each, DescribedEnvironment)]
    described = [each for each in contents if isinstance(each, DescribedEnvironment)]
    if fixed and (described or specs):
        raise ArchivesAndSpecsMixed
    if fixed:
        return _fixed_wish(files, fixed, settings.subdir, around.endings)
    environment = merged([*described, DescribedEnvironment(dependencies=specs)])
    wish = _solved_wish(environment, files)
    listed = [text for text in environment.dependencies if names_archive(text, around.endings)]
    if not listed:
        return wish
    if len(listed) < len(environment.dependencies):
        raise ArchivesAndSpecsMixed
    fixed_wish = _fixed_wish((), [_archives(listed, around)], settings.subdir, around.endings)
    return replace(
        wish,
        specs=(),
        records=fixed_wish.records,
        channels=fixed_wish.channels,
        notices=(*wish.notices, _NOT_LOOKED),
    )


def read_locked(
    file: str,
    format_name: str | None,
    settings: Settings,
    environ: Mapping[str, str],
    fetcher: Fetcher,
    cancel: CancelToken,
    plugins: PluginSet,
) -> LockedEnvironment:
    """Return what a lock file, or a list of archives, fixes for every platform.

    Raises:
        NothingFixed: it leaves the choice of packages open.
        XcondaError: it cannot be read.
    """
    around = _Surroundings(
        settings=settings,
        environ=environ,
        fetcher=fetcher,
        cancel=cancel,
        plugins=plugins,
        endings=PluginPorts(plugins).archive_endings(),
    )
    content = _read(file, format_name, around)
    if isinstance(content, LockedEnvironment):
        return content
    if isinstance(content, DescribedEnvironment):
        raise NothingFixed(_shown(file))
    records = tuple(_records(content, around.endings))
    return LockedEnvironment(packages={content.platform or settings.subdir: records})


def _unbundled(words: Sequence[str], around: _Surroundings) -> list[str]:
    """Return ``words`` with bundles of archives replaced by the archives in them."""
    found: list[str] = []
    for word in words:
        if word.endswith(BUNDLE):
            path = Path(archive_source(word, around.environ, around.absolute))
            if not path.is_file():
                raise FileMissing(word)
            cache = PackageCache(around.settings.pkgs_dirs)
            found += unbundled(path, cache, around.cancel)
        else:
            found.append(word)
    return found


def _archives(words: Sequence[str], around: _Surroundings) -> ExplicitArchives:
    text = "\n".join(words)
    try:
        return parse_explicit(
            text, "the command line", around.environ, around.absolute, around.endings
        )
    except InvalidEnvironmentFile as error:
        raise ArchiveUnusable(words[min(error.line, len(words)) - 1], error.problem) from error


def _solved_wish(environment: DescribedEnvironment, files: Sequence[str]) -> FileWish:
    override = NO_DEFAULTS in environment.channels
    folder = _folder_of(files[-1]) if files else None
    pip = PipSection(lines=environment.pip, folder=folder or "") if environment.pip else None
    return FileWish(
        name=environment.name,
        prefix=environment.prefix,
        specs=environment.dependencies,
        channels=tuple(name for name in environment.channels if name != NO_DEFAULTS),
        override_channels=override,
        variables={name: str(value) for name, value in environment.variables.items()},
        pip=pip,
        sections=environment.sections,
        platforms=environment.platforms,
        notices=environment.notices,
    )


def _fixed_wish(
    files: Sequence[str],
    contents: Sequence[ExplicitArchives | LockedEnvironment],
    subdir: str,
    endings: Sequence[str],
) -> FileWish:
    records: list[PackageRecord] = []
    requested: list[str] = []
    channels: list[str] = []
    lines: list[str] = []
    origins = [*files, "the command line"]
    for origin, content in zip(origins, contents, strict=False):
        if isinstance(content, ExplicitArchives):
            if content.platform not in {None, subdir}:
                raise NotForThisPlatform(_shown(origin), subdir, (str(content.platform),))
            records += _records(content, endings)
            channels += (
                _place(source) for source in content.sources if "@" in source or "/t/" in source
            )
            continue
        if subdir not in content.packages:
            raise NotForThisPlatform(_shown(origin), subdir, content.platforms)
        records += content.packages[subdir]
        names = {record.name for record in content.packages[subdir]}
        requested += (text for text in content.requested if MatchSpec.parse(text).name in names)
        lines += (wheel.requirement for wheel in content.wheels.get(subdir, ()))
    is_listed = any(isinstance(content, ExplicitArchives) for content in contents)
    # Everything that pip needs is listed; what it would find besides is nobody's wish.
    pip = PipSection(lines=("--no-deps", *lines)) if lines else None
    return FileWish(
        specs=tuple(requested),
        records=tuple(records),
        channels=tuple(channels),
        pip=pip,
        notices=(_NOT_LOOKED,) if is_listed else (),
    )


def _records(content: ExplicitArchives, endings: Sequence[str]) -> list[PackageRecord]:
    return [address_record(each, more=endings) for each in content.archives]


def _place(source: str) -> str:
    """Return the folder of an address, with its credentials."""
    return source.partition("#")[0].rpartition("/")[0]


def _read(file: str, format_name: str | None, around: _Surroundings) -> Content:
    origin = _shown(file)
    text = _text(file, around)
    asked = format_name or around.settings.environment_specifier
    name = file.partition("?")[0].rpartition("/")[2]
    told = file_of_plugin(around.plugins, asked, name, text, origin)
    if told is not None:
        return _in_folder(told, file) if isinstance(told, DescribedEnvironment) else told
    kind = _kind_by_word(asked, around.plugins) if asked else _kind_by_name(file, text)
    if kind == "explicit" or (kind == "specs" and is_explicit(text)):
        return parse_explicit(text, origin, around.environ, around.absolute, around.endings)
    if kind == "specs":
        return parse_specs(text, origin, around.environ)
    if kind in {"json", "environment"}:
        return _environment(text, file, around, is_json=kind == "json")
    documents = read_yaml(text, origin)
    document = documents[0] if len(documents) == 1 else None
    if document is not None and is_conda_lock(document) and kind != "pixi-lock":
        return parse_conda_lock(document, origin)
    if document is not None and is_pixi_lock(document) and kind != "conda-lock":
        return parse_pixi_lock(document, origin)
    if kind in {"conda-lock", "pixi-lock"}:
        raise InvalidEnvironmentFile(origin, f"it is no {kind} file")
    if kind == "unknown" and (document is None or document.kind != "map"):
        raise FormatUnclear(origin)
    return _environment(text, file, around)


def _environment(
    text: str, file: str, around: _Surroundings, *, is_json: bool = False
) -> DescribedEnvironment:
    found = parse_environment(
        text,
        _shown(file),
        around.settings.subdir,
        around.environ,
        is_json=is_json,
        installers=section_names(around.plugins),
    )
    return _in_folder(found, file)


def _kind_by_word(name: str, plugins: PluginSet) -> str:
    if name not in FILE_KINDS:
        raise FormatUnknown(name, specifier_names(plugins))
    return FILE_KINDS[name]


def _kind_by_name(file: str, text: str) -> str:
    name = file.partition("?")[0].rpartition("/")[2].lower()
    if name.endswith((".yml", ".yaml")):
        return "yaml"
    if name.endswith(".json"):
        return "json"
    if is_explicit(text):
        return "explicit"
    if name.endswith(".lock") or file.startswith(_PIPES):
        return "yaml"
    if name.endswith(".txt"):
        return "specs"
    raise FormatUnclear(_shown(file))


def _in_folder(environment: DescribedEnvironment, file: str) -> DescribedEnvironment:
    """Return ``environment`` with what is not conda's counted from the folder of its file."""
    folder = _folder_of(file)
    if folder is None or not (environment.pip or environment.sections):
        return environment
    return replace(
        environment,
        pip=tuple(anchored(line, folder) for line in environment.pip),
        sections=tuple(replace(each, folder=folder) for each in environment.sections),
    )


def _folder_of(file: str) -> str | None:
    if "://" in file and not file.startswith("file://"):
        return None
    if file.startswith(_PIPES):
        return str(Path.cwd())
    return str(Path(file.removeprefix("file://")).absolute().parent)


def _text(file: str, around: _Surroundings) -> str:
    if "://" in file:
        content = small_document(file, around.fetcher, around.cancel, _LONGEST)
    else:
        content = _from_disk(file, around)
    if len(content) > _LONGEST:
        raise InvalidEnvironmentFile(_shown(file), f"it is longer than {_LONGEST >> 20} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"it is not UTF-8 text ({error.reason})"
        raise InvalidEnvironmentFile(_shown(file), problem) from error


def _from_disk(file: str, around: _Surroundings) -> bytes:
    path = Path(file)
    if file.startswith("~/"):
        path = home_folder(around.environ) / file[2:]
    try:
        with path.open("rb") as stream:
            return stream.read(_LONGEST + 1)
    except FileNotFoundError:
        raise FileMissing(file) from None
    except OSError as error:
        raise failure_of(error, f"read {file}", file) from error


def _shown(file: str) -> str:
    return without_credentials(file) if "://" in file else file
