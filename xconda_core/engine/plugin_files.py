"""Kinds of files that plugins read and write, and sections that they install. Layer: engine.

Imported only where a plugin is installed.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from xconda_core import plugins
from xconda_core.config.redaction import redacted
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.environment.formats import exports
from xconda_core.environment.formats.described import Content
from xconda_core.environment.formats.file_kinds import FILE_KINDS
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.errors import XcondaError
from xconda_core.models.pip_section import InstallerSection

R = TypeVar("R")
_Kind = TypeVar("_Kind", plugins.PluginEnvironmentSpecifier, plugins.PluginEnvironmentExporter)
_Exporter = Offer[plugins.PluginEnvironmentExporter]
_Installer = Offer[plugins.PluginSectionInstaller]
_OWN_SECTION: Final = "pip"


class InstallerMissing(XcondaError):
    """A section of an environment file is for an installer that is not here any more."""

    code: ClassVar[str] = "installer-missing"

    def __init__(self, name: str, prefix: Path) -> None:
        super().__init__(name, prefix)
        self.name, self.prefix = name, prefix
        self.what = f"The packages of {name} were not installed in {prefix}; those of conda are."
        self.why = f"no plugin installs the section {name!r}, or it was switched off."
        self.fix = "`xconda plugins list` shows why; then `xconda env update` with the same file."


def read_file(
    installed: PluginSet, word: str | None, name: str, text: str, origin: str
) -> Content | None:
    """Return what a file says that a plugin reads; None where it is none of theirs.

    Args:
        installed: The plugins.
        word: What the file is said to be, None where nobody says.
        name: Last part of its path or address.
        text: What stands in it.
        origin: Names it in errors.

    Raises:
        InvalidEnvironmentFile: it is said to be of a kind that it is not.
        PluginFailed: the plugin that was named broke.
        XcondaError: a plugin raised it on purpose.
    """
    for offer in _named(installed.offers(plugins.PluginEnvironmentSpecifier), FILE_KINDS):
        read = partial(_content, offer.value.read, text, name)
        if word is not None and word.lower() in _names(offer):
            content = _demanded(offer, read)
            if isinstance(content, ValueError):
                raise InvalidEnvironmentFile(origin, f"it is no {offer.value.name} ({content})")
            return content
        if word is None and _is_called(name, offer, exports.FILE_NAMES):
            found = offer.call(read)
            if found is not None and not isinstance(found, ValueError):
                return found
    return None


def reader_names(installed: PluginSet) -> tuple[str, ...]:
    """Return the names of the kinds of files that plugins read."""
    offers = _named(installed.offers(plugins.PluginEnvironmentSpecifier), FILE_KINDS)
    return tuple(offer.value.name for offer in offers)


def find_exporter(
    installed: PluginSet, word: str | None, name: str | None
) -> tuple[str, exports.Export] | None:
    """Return the kind of file that ``word``, or else the ``name`` of a file, means, and its writer.

    Raises:
        NotExportable: when it is called: the format cannot say what there is.
        PluginFailed: when it is called: the plugin broke.
    """
    for offer in _named(installed.offers(plugins.PluginEnvironmentExporter), exports.FORMATS):
        is_meant = word is not None and word.lower() in _names(offer)
        if is_meant or (word is None and name and _is_called(name, offer, exports.FILE_NAMES)):
            return offer.value.name, partial(_exported, offer)
    return None


def writer_names(installed: PluginSet) -> tuple[str, ...]:
    """Return the names of the kinds of files that plugins write."""
    offers = _named(installed.offers(plugins.PluginEnvironmentExporter), exports.FORMATS)
    return tuple(offer.value.name for offer in offers)


def installer_names(installed: PluginSet) -> frozenset[str]:
    """Return the names of the sections that plugins install."""
    return frozenset(_installers(installed))


def installed_section(
    installed: PluginSet,
    section: InstallerSection,
    prefix: Path,
    variables: Mapping[str, str],
) -> tuple[str, ...]:
    """Have a plugin install ``section`` into ``prefix``; return what it says it has done.

    Raises:
        InstallerMissing: the plugin that would have is gone.
        PluginFailed: it broke.
        XcondaError: it could not install it, and says why.
    """
    offer = _installers(installed).get(section.installer)
    if offer is None:
        raise InstallerMissing(section.installer, prefix)
    wish = plugins.SectionWish(
        prefix=prefix,
        lines=section.lines,
        folder=Path(section.folder or prefix),
        variables=variables,
        upgrades=section.upgrades,
    )
    return _demanded(offer, partial(_said, offer.value.install, wish))


def _names(offer: Offer[_Kind]) -> frozenset[str]:
    return frozenset(word.lower() for word in (offer.value.name, *offer.value.aliases))


def _named(offers: Iterable[Offer[_Kind]], own: Iterable[str]) -> Iterator[Offer[_Kind]]:
    """Yield those that have names of their own."""
    for offer in offers:
        taken = sorted(_names(offer).intersection(own))
        if taken:
            offer.refuse(f"has a kind of environment files {taken[0]}, which xconda has")
        else:
            yield offer


def _is_called(name: str, offer: Offer[_Kind], own: Iterable[str]) -> bool:
    """Whether a file called ``name`` is of that kind; what xconda knows by its name is not."""
    patterns = offer.value.default_filenames
    return name not in own and any(fnmatchcase(name, pattern) for pattern in patterns)


def _demanded(offer: Offer[Any], function: Callable[[], R]) -> R:
    with redirect_stdout(sys.stderr):
        return offer.demand(function)


def _content(read: Callable[[str, str], object], text: str, name: str) -> Content | ValueError:
    """Return what a plugin reads, or what it says where the text is none of its kind."""
    try:
        content = read(text, name)
    except ValueError as error:
        return error
    if not isinstance(content, Content):
        raise TypeError(f"it read a {type(content).__name__}, which describes no environment")
    return content


def _exported(
    offer: _Exporter, contents: exports.EnvironmentContents, rules: exports.ExportRules
) -> str:
    value = offer.value
    if not value.multiplatform:
        exports.only_platform(contents, value.name)
    text = _demanded(offer, partial(_text, value.export, contents, rules))
    if isinstance(text, ValueError):
        fix = "write `--format environment-yaml`."
        raise exports.NotExportable(value.name, str(text).rstrip("."), fix)
    return text


def _text(export: exports.Export, *given: Any) -> str | ValueError:
    try:
        text = export(*given)
    except ValueError as error:
        return error
    if not isinstance(text, str):
        raise TypeError(f"it wrote a {type(text).__name__}, which is no text")
    return text


def _installers(installed: PluginSet) -> dict[str, _Installer]:
    found = {}
    for offer in installed.offers(plugins.PluginSectionInstaller):
        if offer.value.name == _OWN_SECTION:
            offer.refuse("has an installer of pip, which xconda is")
        else:
            found[offer.value.name] = offer
    return found


def _said(
    install: Callable[[plugins.SectionWish], Iterable[str] | None], wish: plugins.SectionWish
) -> tuple[str, ...]:
    return tuple(redacted(str(line)) for line in install(wish) or ())
