"""Text files of specs, and of archives behind ``@EXPLICIT``. Layer: environment. Source: CEP 23."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from xconda_core.environment.formats.described import DescribedEnvironment, ExplicitArchives
from xconda_core.environment.formats.expansion import expanded
from xconda_core.environment.formats.explicit_lines import MARK, heading
from xconda_core.environment.formats.locked_records import address_record
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.models.archive_name import InvalidArchiveName, read_archive_address
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import InvalidRecord
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.regex import regex

_PLATFORM: Final = regex(r"#\s*platform:\s*(\S+)")
_COMMENT: Final = regex(r"(?:^|\s)#.*")


def is_explicit(text: str) -> bool:
    """Whether a text has the line that makes it a list of archives."""
    return any(line.strip() == MARK for line in text.splitlines())


def parse_explicit(
    text: str,
    origin: str,
    environ: Mapping[str, str],
    absolute: Callable[[str], str],
    more: Sequence[str] = (),
) -> ExplicitArchives:
    """Read an ``@EXPLICIT`` file.

    Args:
        text: What stands in it.
        origin: Names it in errors.
        environ: Variables that ``$NAME`` means, ``HOME`` for ``~``.
        absolute: Makes a relative path absolute: it counts from the working directory.
        more: Ends of names of archives that others unpack.

    Raises:
        InvalidEnvironmentFile: a line is neither an address nor a path of an archive.
    """
    platform: str | None = None
    archives, sources = [], []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if found := _PLATFORM.match(line):
            platform = found[1] if found[1] in KNOWN_SUBDIRS else platform
        if not line or line.startswith("#") or line == MARK:
            continue
        source = archive_source(line, environ, absolute)
        try:
            archive = read_archive_address(source, more)
            address_record(archive, more=more)
        except (InvalidArchiveName, InvalidRecord) as error:
            raise InvalidEnvironmentFile(origin, str(error), line=number) from error
        archives.append(archive)
        sources.append(source)
    return ExplicitArchives(platform=platform, archives=tuple(archives), sources=tuple(sources))


def archive_source(text: str, environ: Mapping[str, str], absolute: Callable[[str], str]) -> str:
    """Return the address, or absolute path, that ``text`` means."""
    source = expanded(text.strip(), environ, home=True)
    address, mark, digest = source.partition("#")
    return source if "://" in address else f"{absolute(address.strip())}{mark}{digest}"


def parse_specs(text: str, origin: str, environ: Mapping[str, str]) -> DescribedEnvironment:
    """Read a list of specs, one on a line.

    Raises:
        InvalidEnvironmentFile: a line is no MatchSpec.
    """
    specs = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = expanded(_COMMENT.sub("", raw).strip(), environ)
        if not line:
            continue
        try:
            MatchSpec.parse(line)
        except InvalidMatchSpec as error:
            raise InvalidEnvironmentFile(origin, error.in_a_sentence, line=number) from error
        specs.append(line)
    return DescribedEnvironment(dependencies=tuple(dict.fromkeys(specs)))


def specs_text(specs: Iterable[str], platform: str) -> str:
    """Return a whole file of ``specs``."""
    return "\n".join([*heading(platform), *specs]) + "\n"
