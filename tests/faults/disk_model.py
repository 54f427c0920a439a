"""A disk of which a power cut keeps only what it must: what may be there after each operation.

A model of inodes. Every operation becomes *steps*, each atomic as on file systems with a journal: a
name comes, goes or moves; bytes are written. ``fsync`` of a file makes its bytes and mode certain,
``fsync`` of a folder its names, ``syncfs`` all. What is not certain may be there or not: which of
it is, is chosen by a *loss*. POSIX promises no more; ext4, XFS and btrfs promise more of the order.
"""

import os
import random
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.faults.operations import Operation

Loss = Literal["all", "contents", "renames", "any"]
LOSSES: tuple[Loss, ...] = ("all", "contents", "renames", "any")


@dataclass
class Inode:
    """A file, link or folder."""

    kind: Literal["file", "link", "folder"]
    mode: int
    content: bytes = b""
    names: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Inode":
        return Inode(self.kind, self.mode, self.content, dict(self.names))


Image = dict[int, Inode]


@dataclass(frozen=True)
class Step:
    """One atomic change: ``action`` on an image; ``inodes`` are whose fsync makes it certain."""

    kind: Literal["name", "rename", "content", "mode"]
    inodes: frozenset[int]
    action: Callable[[Image], None]


class DiskModel:
    """Follows recorded operations, and shows what a power cut after them may leave."""

    ROOT = 0

    def __init__(self, folder: Path) -> None:
        """Everything in ``folder`` is on disk."""
        self._now: Image = {}
        self._next = 0
        self._known: dict[int, int] = {}
        self._take(folder)
        self._certain = _copied(self._now)
        self._pending: list[Step] = []
        self._descriptors: dict[int, int] = {}

    def do(self, operation: Operation) -> None:
        """Follow one operation, which has succeeded."""
        if operation.failed:
            return
        if operation.name == "syncfs":
            self._certain, self._pending = _copied(self._now), []
        elif operation.name in {"fsync", "fdatasync"}:
            self._make_certain(self._find(operation.path, operation.descriptor))
        else:
            for step in self._steps(operation):
                step.action(self._now)
                self._pending.append(step)

    def after_power_cut(self, loss: Loss, seed: int) -> Image:
        """What the disk has when the power goes now; ``seed`` decides for ``any``."""
        image = _copied(self._certain)
        chance = random.Random(seed)
        for step in self._pending:
            if _is_kept(step, loss, chance):
                step.action(image)
        return image

    def _make_certain(self, inode: int) -> None:
        # Also a name that came from a folder of which nothing else is certain.
        self._certain[inode].names = dict(self._now[inode].names)
        rest = []
        for step in self._pending:
            if inode in step.inodes:
                step.action(self._certain)
            else:
                rest.append(step)
        self._pending = rest

    def _steps(self, operation: Operation) -> Iterator[Step]:
        name = operation.name
        if name == "open":
            yield from self._opened(operation)
        elif name in {"write", "sendfile", "ftruncate", "truncate"}:
            inode = self._find(operation.path, operation.descriptor)
            yield Step("content", frozenset({inode}), _new_content(inode, operation))
        elif name in {"rename", "replace"}:
            yield self._moved(operation)
        elif name == "link":
            inode = self._find(operation.path)
            yield self._named(operation.other, inode, "name")
        elif name in {"unlink", "remove", "rmdir"}:
            yield self._gone(operation.path)
        elif name == "mkdir":
            yield from self._made(operation.path, Inode("folder", operation.mode))
        elif name == "symlink":
            target = os.fsencode(operation.other)
            yield from self._made(operation.path, Inode("link", 0o777, target))
        elif name in {"chmod", "fchmod"}:
            inode = self._find(operation.path, operation.descriptor)
            yield Step("mode", frozenset({inode}), _new_mode(inode, operation.mode))

    def _opened(self, operation: Operation) -> Iterator[Step]:
        found = self._look(operation.path)
        if found is None:
            yield from self._made(operation.path, Inode("file", operation.mode))
            found = self._next - 1
        elif operation.number & os.O_TRUNC:
            yield Step("content", frozenset({found}), _new_content(found, operation))
        self._descriptors[operation.descriptor] = found

    def _made(self, path: str, inode: Inode) -> Iterator[Step]:
        number, self._next = self._next, self._next + 1
        for image in (self._now, self._certain):  # unreachable until its name is there
            image[number] = inode.copy()
        yield self._named(path, number, "name")

    def _named(self, path: str, inode: int, kind: Literal["name", "rename"]) -> Step:
        folder, name = self._place(path)

        def action(image: Image) -> None:
            # Also in the place of what should have gone before, and did not.
            image[folder].names[name] = inode

        return Step(kind, frozenset({folder}), action)

    def _gone(self, path: str) -> Step:
        folder, name = self._place(path)
        inode = self._now[folder].names[name]

        def action(image: Image) -> None:
            here = image[folder].names
            if here.get(name) == inode and not image[inode].names:
                del here[name]

        return Step("name", frozenset({folder}), action)

    def _moved(self, operation: Operation) -> Step:
        old, old_name = self._place(operation.path)
        new, new_name = self._place(operation.other)
        inode = self._now[old].names[old_name]

        def action(image: Image) -> None:
            # Where both names are the same file's already, a rename does nothing (POSIX).
            is_there = image[new].names.get(new_name) == inode
            if image[old].names.get(old_name) == inode and not is_there:
                del image[old].names[old_name]
                image[new].names[new_name] = inode

        return Step("rename", frozenset({old, new}), action)

    def _place(self, path: str) -> tuple[int, str]:
        folder, _, name = path.rpartition("/")
        found = self._look(folder) if folder else self.ROOT
        assert found is not None, f"the model knows no {folder}"
        return found, name

    def _find(self, path: str, descriptor: int = -1) -> int:
        found = self._descriptors[descriptor] if descriptor >= 0 else self._look(path)
        assert found is not None, f"the model knows no {path}"
        return found

    def _look(self, path: str) -> int | None:
        inode = self.ROOT
        for part in path.split("/") if path not in {"", "."} else ():
            if part not in self._now[inode].names:
                return None
            inode = self._now[inode].names[part]
        return inode

    def _take(self, path: Path) -> int:
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) and status.st_ino in self._known:
            return self._known[status.st_ino]
        number, self._next = self._next, self._next + 1
        self._known[status.st_ino] = number
        mode = stat.S_IMODE(status.st_mode)
        if path.is_symlink():
            self._now[number] = Inode("link", mode, os.fsencode(path.readlink()))
        elif path.is_dir():
            folder = self._now[number] = Inode("folder", mode)
            for child in sorted(path.iterdir()):
                folder.names[child.name] = self._take(child)
        else:
            self._now[number] = Inode("file", mode, path.read_bytes())
        return number


def write_out(image: Image, folder: Path) -> None:
    """Make ``folder``, which does not exist, what ``image`` is."""
    made: dict[int, str] = {}

    def write(number: int, path: str) -> None:
        inode = image[number]
        if inode.kind == "folder":
            os.mkdir(path)
            for name, child in inode.names.items():
                write(child, f"{path}/{name}")
            os.chmod(path, inode.mode)
        elif inode.kind == "link":
            os.symlink(inode.content, os.fsencode(path))
        elif number in made:
            os.link(made[number], path)
        else:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
            os.write(descriptor, inode.content)
            os.fchmod(descriptor, inode.mode)
            os.close(descriptor)
            made[number] = path

    write(DiskModel.ROOT, str(folder))


def fingerprint(image: Image) -> int:
    """Equal for equal images, within one model."""

    def seen(number: int) -> Iterable[object]:
        inode = image[number]
        yield number, inode.mode, inode.content, tuple(sorted(inode.names.items()))
        for child in sorted(inode.names.values()):
            yield from seen(child)

    return hash(tuple(seen(DiskModel.ROOT)))


def _copied(image: Image) -> Image:
    return {number: inode.copy() for number, inode in image.items()}


def _is_kept(step: Step, loss: Loss, chance: random.Random) -> bool:
    if loss == "all":
        return False
    if loss == "contents":
        return step.kind != "content"
    if loss == "renames":
        return step.kind != "rename"
    return chance.random() < 0.5


def _new_content(inode: int, operation: Operation) -> Callable[[Image], None]:
    name, number, more = operation.name, operation.number, operation.content

    def action(image: Image) -> None:
        file = image[inode]
        if name == "open":
            file.content = b""
        elif name in {"ftruncate", "truncate"}:
            file.content = file.content[:number].ljust(number, b"\0")
        else:
            before = file.content[:number].ljust(number, b"\0")
            file.content = before + more + file.content[number + len(more) :]

    return action


def _new_mode(inode: int, mode: int) -> Callable[[Image], None]:
    def action(image: Image) -> None:
        image[inode].mode = stat.S_IMODE(mode)

    return action
