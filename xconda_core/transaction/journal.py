"""The write-ahead journal of a prefix: what is about to change, and how to change it back.

Layer: transaction. See docs/decisions/0004-own-journal.md.

``conda-meta/.xconda/transaction`` exists only while a prefix is being changed; it has the lock and
the folder ``work``. There ``journal`` has one JSON line per announcement, on disk before the first
of its changes is made, and ``old`` holds what had to make room, moved there by rename. The
journal's own renaming to ``committed`` decides: before it everything is undone, after it only
``old`` is cleared. Every step of both may be interrupted and repeated.
"""

# Thousands of paths as text: a Path object costs more than the system call.
# ruff: noqa: PTH101, PTH102, PTH104, PTH105, PTH208

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.errors import Json, XcondaError
from xconda_core.files.atomic import sync_folder, write_all
from xconda_core.files.durable import sync_filesystem
from xconda_core.files.removal import (
    remove_empty_folders,
    remove_file,
    remove_folder_if_empty,
    remove_tree,
)
from xconda_core.transaction.journal_lines import line_of, whole_lines
from xconda_core.transaction.prefix_view import PrefixView
from xconda_core.transaction.unsettled import OWN_FOLDER, TRANSACTION
from xconda_core.values import Slotted, asdict, dataclass, field

LOCK_FILE: Final = f"{TRANSACTION}/lock"
_WORK: Final = f"{TRANSACTION}/work"
_TRASH: Final = f"{OWN_FOLDER}/trash"
_FORMAT: Final = 1
_APPEND: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC


class JournalUnreadable(XcondaError):
    """A newer xconda left a transaction unfinished that this one does not understand."""

    code: ClassVar[str] = "journal-unreadable"

    def __init__(self, prefix: str, found: str) -> None:
        super().__init__(prefix, found)
        self.prefix, self.found = prefix, found
        self.what = f"{prefix} was not touched: a change to it is unfinished."
        self.why = f"its journal is of format {found}; this xconda knows format {_FORMAT}."
        self.fix = "update xconda, and run any command on the environment."


class JournalRefused(XcondaError):
    """A journal names what is not in its prefix: no xconda has written it."""

    code: ClassVar[str] = "journal-refused"

    def __init__(self, prefix: str, path: str) -> None:
        super().__init__(prefix, path)
        self.prefix, self.path = prefix, path
        self.what = (
            f"{prefix} was not touched: a change to it is unfinished, and not to be trusted."
        )
        self.why = f"its journal names {path}, which lies outside."
        self.fix = f"if you know what it is, look at {prefix}/{_WORK} and remove it."


@dataclass(frozen=True, slots=True)
class Header(Slotted):
    """The first line of a journal.

    Attributes:
        command: What the user asked for.
        since: When, ISO 8601, UTC.
        made_prefix: The prefix did not exist before.
        made_meta: Its ``conda-meta`` did not exist before.
    """

    command: str
    since: str
    made_prefix: bool = False
    made_meta: bool = False


@dataclass(frozen=True, slots=True)
class Announcement(Slotted):
    """Changes about to be made; all paths are relative to the prefix.

    Attributes:
        moves: Files and links that leave their place, in this order.
        replaced_folders: Folders, with their modes, where a file will be; parents first.
        folders: Folders to be made; parents first.
        creates: Files and links to be made, some where one of ``moves`` was.
    """

    moves: tuple[str, ...] = ()
    replaced_folders: tuple[tuple[str, int], ...] = ()
    folders: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()


@dataclass(slots=True)
class Journal(Slotted):
    """The open journal of a running transaction. Its owner holds the prefix's lock.

    Attributes:
        root: Absolute path of the prefix.
        is_committed: The new state holds, whatever happens from here on.
    """

    root: str
    _descriptor: int
    is_committed: bool = False
    _places: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    @classmethod
    def begin(cls, prefix: Path, header: Header) -> "Journal":
        """Start a transaction in ``prefix``, where none is unfinished."""
        empty_trash(str(prefix))
        folder = prefix / _WORK
        (folder / "old").mkdir(parents=True)
        descriptor = os.open(folder / "journal", _APPEND, 0o644)
        journal = cls(str(prefix), descriptor)
        journal._write({"format": _FORMAT, **asdict(header)})
        for place in (
            folder,
            *folder.parents[:4],
        ):  # work, transaction, .xconda, conda-meta, prefix
            sync_folder(place)
        return journal

    @property
    def scratch(self) -> str:
        """An absolute path for files in preparation; whatever is left in it is removed."""
        return f"{self.root}/{_WORK}"

    def announce(self, changes: Announcement) -> None:
        """Put ``changes`` on disk; they may be made when this returns."""
        for path in changes.moves:
            self._places[path] = str(self._count)
            self._count += 1
        self._write(
            {
                "moves": list(changes.moves),
                "replaced_folders": [list(item) for item in changes.replaced_folders],
                "folders": list(changes.folders),
                "creates": list(changes.creates),
            }
        )

    def move_aside(self, path: str) -> None:
        """Make room at ``path``, one of the announced ``moves``. It may be gone already."""
        try:
            os.rename(f"{self.root}/{path}", f"{self.scratch}/old/{self._places[path]}")
        except (FileNotFoundError, NotADirectoryError):
            return

    def sync_moves(self) -> None:
        """Wait until the disk has what was moved aside: only then may something take its place."""
        sync_folder(f"{self.scratch}/old")

    def commit(self) -> None:
        """Make the new state the true one."""
        os.rename(f"{self.scratch}/journal", f"{self.scratch}/committed")
        self.is_committed = True
        sync_folder(self.scratch)

    def close(self) -> None:
        """Let go of the file; what is left to do is :func:`settle`'s."""
        os.close(self._descriptor)

    def _write(self, document: dict[str, Json]) -> None:
        write_all(self._descriptor, line_of(document))
        os.fsync(self._descriptor)


@dataclass(frozen=True, slots=True)
class Settled(Slotted):
    """What :func:`settle` found and did.

    Attributes:
        header: Of the journal.
        committed: The new state holds; else the old one does.
    """

    header: Header
    committed: bool


def settle(prefix: Path, *, own: bool = False) -> Settled | None:
    """Undo an uncommitted transaction or clean up after a committed one; None if there is none.

    The caller holds the prefix's lock. The folders of a prefix that came with the transaction are
    left for :func:`remove_made_folders`, since the lock lies in them.

    Args:
        prefix: Absolute path of the environment.
        own: This process wrote the journal. Any other is held against the prefix first, which may
            come from a stranger: nothing outside is touched.

    Raises:
        JournalUnreadable: a newer xconda wrote the journal.
        JournalRefused: it leads out of the prefix.
        OSError: the disk refused; the journal stays, so that it can be tried again.
    """
    root = str(prefix)
    folder = f"{root}/{_WORK}"
    for name in ("committed", "journal"):
        lines = whole_lines(f"{folder}/{name}")
        if lines:
            break
    else:
        remove_tree(folder)  # interrupted before anything was announced
        return None
    header = _header(root, lines[0])
    announcements = [_announcement(line) for line in lines[1:]]
    if not own:
        _refuse_outside(root, announcements)
    committed = name == "committed"
    if committed:
        _clean_up(root, announcements)
        _discard(root, f"{folder}/old")
    else:
        _undo(root, announcements)
        sync_filesystem(prefix)  # the way back is needed until all of it is on disk
    remove_file(f"{folder}/{name}")
    remove_tree(folder)
    return Settled(header, committed)


def remove_made_folders(prefix: Path, header: Header) -> None:
    """Remove, where they are empty, the folders that came into ``prefix`` with a transaction.

    Args:
        prefix: Absolute path of the environment; nobody works in it.
        header: Of the transaction that was undone; says which folders it found.
    """
    remove_folder_if_empty(prefix / OWN_FOLDER)
    if header.made_meta and remove_folder_if_empty(prefix / "conda-meta") and header.made_prefix:
        remove_folder_if_empty(prefix)


def _refuse_outside(root: str, announcements: list[Announcement]) -> None:
    view = PrefixView(root)
    for changes in announcements:
        replaced = (path for path, _ in changes.replaced_folders)
        for path in (*changes.moves, *changes.folders, *changes.creates, *replaced):
            if not view.is_inside(path.rpartition("/")[0]):
                raise JournalRefused(root, path)


def _undo(root: str, announcements: list[Announcement]) -> None:
    first = 0
    numbered = []
    for changes in announcements:
        numbered.append((first, changes))
        first += len(changes.moves)
    for number, changes in reversed(numbered):
        moved = frozenset(changes.moves)
        for path in reversed(changes.creates):
            if path not in moved:
                remove_file(f"{root}/{path}")
        for path in reversed(changes.folders):
            remove_folder_if_empty(f"{root}/{path}")
        for path, mode in changes.replaced_folders:
            _restore_folder(f"{root}/{path}", mode)
        for place, path in reversed(list(enumerate(changes.moves, number))):
            # What was never moved has no place in `old` and still stands where it was.
            _restore(f"{root}/{_WORK}/old/{place}", f"{root}/{path}")


def _restore(place: str, path: str) -> None:
    if os.path.lexists(place):
        os.replace(place, path)


def _restore_folder(path: str, mode: int) -> None:
    try:
        os.mkdir(path)
    except FileExistsError:
        return
    os.chmod(path, mode)


def _clean_up(root: str, announcements: list[Announcement]) -> None:
    gone = {path for changes in announcements for path in changes.moves}
    gone = {path for path in gone if not os.path.lexists(f"{root}/{path}")}
    _remove_byte_code(root, gone)
    remove_empty_folders(root, {path.rpartition("/")[0] for path in gone} - {""})


def _discard(root: str, old: str) -> None:
    """Remove the folder ``old``, or put it aside: NFS keeps every file that a program has open.

    The new state is the true one by now, and a file in use must not keep anybody from it.
    """
    try:
        remove_tree(old)
    except OSError:
        trash = f"{root}/{_TRASH}"
        os.makedirs(trash, exist_ok=True)  # noqa: PTH103
        os.rename(old, f"{trash}/{time.time_ns()}")
        empty_trash(root)


def empty_trash(root: str) -> None:
    """Remove what earlier transactions in the prefix ``root`` had to put aside, as far as it goes.

    The caller holds the prefix's lock.
    """
    names = _names_in(f"{root}/{_TRASH}")
    if not names or os.path.realpath(f"{root}/{_TRASH}") != f"{os.path.realpath(root)}/{_TRASH}":
        return  # a prefix may come from a stranger: a link would lead to other people's files
    for name in names:
        with suppress(OSError):
            remove_tree(f"{root}/{_TRASH}/{name}")
    with suppress(OSError):
        remove_folder_if_empty(f"{root}/{_TRASH}")


def _remove_byte_code(root: str, gone: set[str]) -> None:
    """Remove what Python itself compiled from sources that are gone, so that folders get empty."""
    stems: dict[str, set[str]] = {}
    for path in gone:
        folder, _, name = path.rpartition("/")
        if name.endswith(".py"):
            stems.setdefault(folder, set()).add(name[: -len(".py")])
    for folder, names in stems.items():
        cache = f"{root}/{folder}/__pycache__"
        for name in _names_in(cache):
            if name.endswith(".pyc") and name.partition(".")[0] in names:
                remove_file(f"{cache}/{name}")
        remove_folder_if_empty(cache)


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _header(root: str, line: dict[str, Json]) -> Header:
    if line.get("format") != _FORMAT:
        raise JournalUnreadable(root, str(line.get("format")))
    return Header(
        command=str(line.get("command", "")),
        since=str(line.get("since", "")),
        made_prefix=line.get("made_prefix") is True,
        made_meta=line.get("made_meta") is True,
    )


def _announcement(line: dict[str, Json]) -> Announcement:
    replaced = line.get("replaced_folders")
    folders = replaced if isinstance(replaced, list) else []
    return Announcement(
        moves=_texts(line, "moves"),
        replaced_folders=tuple((str(i[0]), int(str(i[1]))) for i in folders if isinstance(i, list)),
        folders=_texts(line, "folders"),
        creates=_texts(line, "creates"),
    )


def _texts(line: dict[str, Json], key: str) -> tuple[str, ...]:
    value = line.get(key)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
