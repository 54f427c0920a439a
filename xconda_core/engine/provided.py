"""Which packages bring a file or a module, as far as this machine can tell. Layer: engine.

Channels do not say which files a package has: what is installed and what lies unpacked in the
package caches does (``conda-meta``, CEP 32; ``info/paths.json``, CEP 34).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import translate
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from xconda_core.engine.answers import Provider
from xconda_core.errors import XcondaError

MAX_PATHS: Final = 20  # of one package


class NothingProvides(XcondaError):
    """No package on this machine has such a file or module.

    Attributes:
        wanted: What was looked for.
        prefixes: The environments searched.
    """

    code: ClassVar[str] = "nothing-provides"

    def __init__(self, wanted: str, prefixes: Sequence[Path]) -> None:
        super().__init__(wanted)
        self.wanted, self.prefixes = wanted, tuple(prefixes)
        self.what = f"No package on this machine brings {wanted}."
        self.why = (
            f"searched in {len(self.prefixes)} environments and the package caches; "
            "channels do not say which files their packages have."
        )
        self.fix = "search the channels for a package of that name: `xconda search NAME`."


class _Document(msgspec.Struct):
    """What is read of ``conda-meta/*.json`` and ``info/paths.json``."""

    name: str = ""
    version: str = ""
    build: str = ""
    files: list[str] = []
    paths: list[dict[str, msgspec.Raw]] = []


_read: Final = msgspec.json.Decoder(_Document).decode
_read_path: Final = msgspec.json.Decoder(str).decode
Fits = Callable[[str], object]
Pattern = tuple[str, Fits]


def find_providers(
    prefixes: Sequence[Path], pkgs_dirs: Sequence[Path], *, file: str = "", module: str = ""
) -> tuple[Provider, ...]:
    """Return the packages that bring a file (a glob) or a module: installed, then only cached.

    An absolute path into one of ``prefixes`` is looked for there alone.

    Raises:
        NothingProvides: none does.
    """
    if module:
        pattern = module_pattern(module)
    else:
        inside = next((each for each in prefixes if Path(file).is_relative_to(each)), None)
        if inside is not None:
            prefixes, pkgs_dirs = (inside,), ()
            file = Path(file).relative_to(inside).as_posix()
        pattern = file_pattern(file)
    found = tuple(providers(prefixes, pkgs_dirs, pattern))
    if not found:
        raise NothingProvides(module or file, prefixes)
    return found


def file_pattern(text: str) -> Pattern:
    """Return what every fitting path contains, and a test for paths relative to an environment.

    ``text`` is a glob; without a slash it is the name of a file in any folder.
    """
    has_folder = "/" in text
    fits = re.compile(translate(text.lstrip("/"))).match
    plain = max(re.split(r"[*?\[\]/]", text), key=len)
    if has_folder:
        return plain, fits
    return plain, lambda path: fits(path.rpartition("/")[2])


def module_pattern(module: str) -> Pattern:
    """Return the same for a module, as ``import`` spells it."""
    inside = re.escape(module.replace(".", "/"))
    ends = r"(?:/__init__\.py|\.py|(?:\.[\w-]+)*\.(?:so|pyd)|/__init__\.[\w.-]+\.so)"
    expression = re.compile(
        rf"(?:.*/)?(?:site-packages|lib-dynload|lib/python[\d.]+)/{inside}{ends}"
    )
    return module.rpartition(".")[2], expression.fullmatch


def providers(
    prefixes: Iterable[Path], pkgs_dirs: Iterable[Path], pattern: Pattern
) -> Iterator[Provider]:
    """Yield the packages that bring what fits: installed ones first, then those only cached."""
    seen: set[tuple[str, str, str]] = set()
    for prefix in prefixes:
        for path in _sorted(prefix / "conda-meta", ".json"):
            found = _provider(path, prefix, pattern, is_installed=True)
            if found is not None:
                seen.add((found.name, found.version, found.build))
                yield found
    for folder in pkgs_dirs:
        for unpacked in _sorted(folder, ""):
            found = _provider(unpacked / "info" / "paths.json", unpacked, pattern, False)
            if found is not None and (found.name, found.version, found.build) not in seen:
                seen.add((found.name, found.version, found.build))
                yield found


def sweep(
    prefixes: Iterable[Path], pkgs_dirs: Iterable[Path], patterns: Mapping[str, Pattern]
) -> Iterator[tuple[str, Provider] | None]:
    """Yield which pattern a package fits, and the package; None for one that fits none.

    Each document is read once, and a package that lies in several places in the first one only:
    for many patterns, and for whoever has to stop in time.
    """
    seen: set[str] = set()
    for prefix in prefixes:
        for path in _sorted(prefix / "conda-meta", ".json"):
            if path.stem not in seen:
                seen.add(path.stem)
                yield from _fitting(path, prefix, patterns, is_installed=True)
    for folder in pkgs_dirs:
        for unpacked in _sorted(folder, ""):
            if unpacked.name not in seen and unpacked.name.count("-") > 1:
                seen.add(unpacked.name)
                document = unpacked / "info" / "paths.json"
                yield from _fitting(document, unpacked, patterns, is_installed=False)


def _fitting(
    document: Path, place: Path, patterns: Mapping[str, Pattern], *, is_installed: bool
) -> Iterator[tuple[str, Provider] | None]:
    content = _content(document)
    found = False
    for name, pattern in patterns.items():
        provider = _provider_in(content, place, pattern, is_installed) if content else None
        if provider is not None:
            found = True
            yield name, provider
    if not found:
        yield None


def _sorted(folder: Path, suffix: str) -> list[Path]:
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if path.name.endswith(suffix) and path.name[:1] != "."]


def _provider(document: Path, place: Path, pattern: Pattern, is_installed: bool) -> Provider | None:
    content = _content(document)
    return _provider_in(content, place, pattern, is_installed) if content else None


def _content(document: Path) -> bytes:
    try:
        return document.read_bytes()
    except OSError:  # not every folder is a package
        return b""


def _provider_in(
    content: bytes, place: Path, pattern: Pattern, is_installed: bool
) -> Provider | None:
    part, fits = pattern
    if part.encode() not in content:  # most are not looked at any closer
        return None
    try:
        found = _read(content)
        paths = found.files or [_read_path(entry["_path"]) for entry in found.paths]
    except (msgspec.DecodeError, KeyError):
        return None
    fitting = [path for path in paths if fits(path)]
    if not fitting:
        return None
    parts = (found.name, found.version, found.build)
    name, version, build = parts if found.name else _dist_parts(place.name)
    return Provider(
        name=name,
        version=version,
        build=build,
        place=place,
        is_installed=is_installed,
        paths=tuple(fitting[:MAX_PATHS]),
    )


def _dist_parts(folder: str) -> tuple[str, str, str]:
    parts = folder.rsplit("-", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (folder, "", "")
