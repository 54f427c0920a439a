"""A ``repodata.json`` put in order by name, so that the next run reads only what it asks for.

Layer: repodata. Finding the records of a name in a document means reading all of it; a shelf is
what that found, each name's records as they were published, compressed. It is for a channel without
shards what shards are (CEP 16).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from xconda_core import __version__
from xconda_core.digests import sha256
from xconda_core.repodata.documents import Block, RepodataDocument
from xconda_core.repodata.listing import Dropped
from xconda_core.repodata.published import JSON, Folder, rows_of
from xconda_core.repodata.relations import Relations
from xconda_core.repodata.rows import Rows
from xconda_core.repodata.store_file import ABSENT, Payload, StoreFile, write_store
from xconda_core.repodata.zstd import Contexts, decompressed
from xconda_core.values import Slotted, dataclass

LARGEST_BLOCK: Final = 1 << 30  # bytes of all records of one name

LeftOut = list[tuple[str, str]]  # file name, why
Reread = Callable[[], RepodataDocument]


class _About(msgspec.Struct):
    archives_url: str
    relations: Relations
    left_out: LeftOut


_read_about = msgspec.json.Decoder(_About).decode
_read_block = msgspec.json.Decoder(Block).decode


class ShelvedFolder:
    """The records of one platform folder, by name.

    Attributes:
        folder: The platform folder.
        archives_url: Where the archives are, with a slash at its end.
        relations: Which channels it wants beside it.
        left_out: Records of the document that could not be put under a name, and why.
    """

    def __init__(self, folder: Folder, file: StoreFile, reread: Reread) -> None:
        """Take a file that :meth:`Shelves.put` wrote.

        Args:
            folder: The platform folder.
            file: The file.
            reread: Reads the document whole, for what is found damaged.
        """
        about = _read_about(file.about)
        self.folder: Final = folder
        self.archives_url: Final = about.archives_url
        self.relations: Final = about.relations
        self.left_out: Final = about.left_out
        self._file = file
        self._reread = reread
        self._whole: RepodataDocument | None = None
        self._contexts = Contexts()

    def __contains__(self, name: object) -> bool:
        return name in self._file

    def __len__(self) -> int:
        return len(self._file)

    def names(self) -> Iterator[str]:
        """Return every package name in it."""
        return self._file.names()

    def mark(self, name: str) -> bytes:
        """Return what changes when the records of ``name`` do."""
        return self._file.mark(name) or ABSENT

    @property
    def whole_mark(self) -> bytes:
        """What changes when the document does."""
        return self._file.identity

    def is_here(self, name: str) -> bool:
        """Whether anything is said of ``name``: all that is can be read at once."""
        return name in self

    def prefetch(self, name: str, arrived: object) -> None:
        """Do nothing: everything is here."""

    def rows(self, name: str, dropped: Dropped) -> Rows:
        """Return the good records of ``name``.

        Raises:
            as reading the document does, if what was kept of ``name`` is damaged.
        """
        block = self._block(name)
        if block is None:
            return self._document().rows(name, dropped)
        archives = block.packages.items()
        return rows_of(name, archives, JSON, self.folder, self.archives_url, dropped)

    def is_out_of_reach(self, name: str) -> bool:
        """Return false: a whole document says all there is."""
        del name
        return False

    def others(self, name: str) -> Sequence[str]:
        """Return the archives of ``name`` in formats that xconda cannot install.

        Raises:
            as :meth:`rows` does.
        """
        block = self._block(name)
        return self._document().others(name) if block is None else tuple(block.others)

    def keep(self) -> None:
        """Do nothing: whoever reads the document keeps it."""

    def _block(self, name: str) -> Block | None:
        """Return what is said of ``name``; None if it is damaged."""
        content = self._file.get(name)
        if content is None:
            return None if name in self._file else Block({}, {})
        return _read_block(decompressed(bytes(content), LARGEST_BLOCK, self._contexts))

    def _document(self) -> RepodataDocument:
        if self._whole is None:
            self._whole = self._reread()
        return self._whole


@dataclass(frozen=True, slots=True)
class Shelves(Slotted):
    """The shelves of all platform folders.

    Attributes:
        place: The folder of this machine that they are in.
    """

    place: Path

    def open(self, folder: Folder, document: str, reread: Reread) -> ShelvedFolder | None:
        """Return what is kept of ``document``; None where there is nothing that can be used.

        Args:
            folder: The platform folder that the document describes.
            document: What tells this document, and the way it is read, from all others.
            reread: Reads the document whole; called if something kept is found damaged, which is
                then not kept any longer.
        """
        path = self._path(folder)

        def give_up() -> RepodataDocument:
            with suppress(OSError):
                path.unlink()
            return reread()

        file = StoreFile.open(path, _identity(document))
        return ShelvedFolder(folder, file, give_up) if file else None

    def put(self, document: str, records: RepodataDocument, left_out: LeftOut) -> None:
        """Keep ``records`` as what is in ``document``, instead of what was kept of the folder.

        Raises:
            OSError: it cannot be written.
        """
        about = _About(records.archives_url, records.relations, left_out)
        path = self._path(records.folder)
        write_store(path, _identity(document), _payloads(records), msgspec.json.encode(about))

    def _path(self, folder: Folder) -> Path:
        return self.place / f"{sha256(folder.url.encode()).hexdigest()[:16]}.shelf"


def _identity(document: str) -> str:
    return f"shelf {__version__} {document}"


def _payloads(records: RepodataDocument) -> Iterator[Payload]:
    for name, mark, block in records.blocks():
        yield Payload(name, mark, block)
