"""Which packages depend on a name: the index, the other way round. Layer: repodata.

A channel says what a package needs, never who needs it. Finding that out means reading all of it,
so it is done once per change and kept in one file, by both names: what each package says (told
apart by its mark, so that only what changed is read again), and who says something of each name::

    ">numpy" -> [package, [[dependency, newest version that says so, its build], ...]], ...
    "<pandas" -> [[dependency, version, build], ...]
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from xconda_core.cancel import CancelToken
from xconda_core.repodata.index import Candidates, Dependent, Saying
from xconda_core.repodata.listing import dependency_name
from xconda_core.repodata.store_file import Payload, StoreFile, write_store
from xconda_core.repodata.zstd import decompressed
from xconda_core.values import NamedTuple

_LARGEST: Final = 1 << 30  # bytes of one entry, decompressed
_SAYS: Final = "<"
_SAID_OF: Final = ">"
_NO_MARK: Final = bytes(32)

_write: Final = msgspec.msgpack.Encoder().encode
_read_sayings: Final = msgspec.msgpack.Decoder(tuple[Saying, ...]).decode
_read_dependents: Final = msgspec.msgpack.Decoder(tuple[Dependent, ...]).decode


def sayings(candidates: Candidates) -> tuple[Saying, ...]:
    """Return each dependency of a package, with the best candidate that carries it."""
    found = []
    for text, mask in candidates.depends:
        best = (mask & -mask).bit_length() - 1
        found.append((text, candidates.versions[best], candidates.builds[best]))
    return tuple(found)


def dependents_among(
    name: str, said: Iterable[tuple[str, Iterable[Saying]]]
) -> tuple[Dependent, ...]:
    """Return who of some packages depends on ``name``, given what each of them says."""
    found = []
    for package, all_of_it in said:
        about = tuple(each for each in all_of_it if dependency_name(each[0]) == name)
        if about:
            found.append((package, about))
    return tuple(found)


class Everything(NamedTuple):
    """All packages of some channels, for whoever turns them round.

    Attributes:
        mark: 32 bytes that change when anything in them does; none where that cannot be told.
        names: Returns every package name.
        mark_of: Returns what changes when what is said of a name does.
        read: Returns what a package says.
        tell: Told when many of them are to be read, with how many there are.
    """

    mark: bytes
    names: Callable[[], Iterable[str]]
    mark_of: Callable[[str], bytes]
    read: Callable[[str], tuple[Saying, ...]]
    tell: Callable[[int], None]


class DependentsFile:
    """Where it is kept who depends on whom."""

    def __init__(self, path: Path, identity: str) -> None:
        """Take the place.

        Args:
            path: The file.
            identity: Which channels it is about, and what else decides what is in it.
        """
        self._path, self._identity = path, identity

    def dependents(
        self, name: str, everything: Everything, cancel: CancelToken
    ) -> tuple[Dependent, ...]:
        """Return who depends on ``name``; what changed since it was last asked is read first.

        Raises:
            Cancelled: somebody asked to stop.
            XcondaError: what a channel says cannot be had.
        """
        file = StoreFile.open(self._path, self._identity)
        if not everything.mark or file is None or file.about != everything.mark:
            said = dict(_said(file, everything, cancel))
            if everything.mark and all(map(everything.mark_of, said)):
                payloads = _payloads(said, everything.mark_of)
                with suppress(OSError):  # it only saves time
                    write_store(self._path, self._identity, payloads, everything.mark)
            return dependents_among(name, said.items())
        content = file.get(_SAID_OF + name)
        return () if content is None else _read_dependents(_unpacked(content))


def _said(
    file: StoreFile | None, everything: Everything, cancel: CancelToken
) -> Iterator[tuple[str, tuple[Saying, ...]]]:
    """Yield what every package says, as far as possible from what was kept."""
    names = tuple(everything.names())
    if file is None:
        everything.tell(len(names))
    for name in names:
        cancel.check()
        mark = everything.mark_of(name)
        content = file.get(_SAYS + name, mark) if file is not None and mark else None
        yield name, everything.read(name) if content is None else _read_sayings(_unpacked(content))


def _payloads(
    said: dict[str, tuple[Saying, ...]], mark_of: Callable[[str], bytes]
) -> Iterator[Payload]:
    import zstandard

    pack = zstandard.ZstdCompressor(level=1).compress
    turned: dict[str, list[Dependent]] = {}
    for package, all_of_it in said.items():
        yield Payload(_SAYS + package, mark_of(package) or _NO_MARK, pack(_write(all_of_it)))
        about: dict[str, list[Saying]] = {}
        for each in all_of_it:
            about.setdefault(dependency_name(each[0]), []).append(each)
        for name, some in about.items():
            turned.setdefault(name, []).append((package, tuple(some)))
    for name, dependents in turned.items():
        yield Payload(_SAID_OF + name, _NO_MARK, pack(_write(dependents)))


def _unpacked(content: memoryview) -> bytes | bytearray:
    return decompressed(bytes(content), _LARGEST)
