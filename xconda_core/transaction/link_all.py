"""Link all packages of a transaction: one after the other, in threads, or in two processes.

Layer: transaction.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import msgspec

from xconda_core.cancel import CancelToken
from xconda_core.files.forked import Tasks, both, can_fork
from xconda_core.models.package_paths import InstalledPath
from xconda_core.transaction.link import Place, link_package, write_record
from xconda_core.transaction.package_link import Link

Made = tuple[InstalledPath, ...]
_FILES_WORTH_A_FORK: Final = 4000


class Linked(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of one package.

    Attributes:
        count: How many files were made.
        made: The files, of a package whose record is still to be written; else nothing.
    """

    count: int
    made: Made = ()


_decode: Final = msgspec.msgpack.Decoder(list[tuple[int, Linked]]).decode


def link_all(
    links: Sequence[Link],
    place: Place,
    *,
    threads: int,
    unfinished: Collection[str],
    linked: Callable[[Link, Linked], None],
    cancel: CancelToken,
) -> None:
    """Make the files of all ``links`` and their records.

    Nothing is made any more when this returns or raises.

    Args:
        links: Dependencies first.
        place: Where.
        threads: How many packages at a time, as the user wants it.
        unfinished: Names of packages that something is still to be done to before their record.
        linked: Told of each package, and what was made of it, by this thread.
        cancel: Looked at between packages.

    Raises:
        BadPackage, PathInTheWay, PrefixTooLong: a file cannot be made.
        Cancelled: somebody asked to stop.
        OSError: the disk refused.
    """
    work = partial(_link_and_record, place_=place, unfinished=unfinished)
    # Through an alias a file reaches a folder that another package of the plan makes first.
    if place.aliases:
        _in_order(links, work, linked, cancel)
    elif threads > 1:
        _in_threads(links, work, threads, linked, cancel)
    elif worth_a_fork(len(link.files) for link in links):
        _in_two_processes(links, work, linked, cancel)
    else:
        _in_order(links, work, linked, cancel)


def worth_a_fork(files: Iterable[int]) -> bool:
    """Whether so many files, package by package, are done sooner by two processes than by one."""
    return sum(files) >= _FILES_WORTH_A_FORK and can_fork()


def _link_and_record(link: Link, place_: Place, unfinished: Collection[str]) -> Linked:
    made = link_package(link, place_)
    if link.record.name in unfinished:
        return Linked(len(made), made)
    write_record(link, made, place_)
    return Linked(len(made))


def _in_order(
    links: Iterable[Link],
    work: Callable[[Link], Linked],
    linked: Callable[[Link, Linked], None],
    cancel: CancelToken,
) -> None:
    for link in links:
        cancel.check()
        linked(link, work(link))


def _in_threads(
    links: Sequence[Link],
    work: Callable[[Link], Linked],
    threads: int,
    linked: Callable[[Link, Linked], None],
    cancel: CancelToken,
) -> None:
    pool = ThreadPoolExecutor(threads, "xconda-link")
    try:
        for link, done in zip(links, pool.map(work, links), strict=True):
            cancel.check()
            linked(link, done)
    finally:
        pool.shutdown(cancel_futures=True)  # nothing is made any more while all is undone


def _in_two_processes(
    links: Iterable[Link],
    work: Callable[[Link], Linked],
    linked: Callable[[Link, Linked], None],
    cancel: CancelToken,
) -> None:
    order = sorted(links, key=lambda link: (-len(link.files), link.record.name))
    with Tasks(len(order)) as tasks:

        def here() -> None:
            for number in tasks:
                cancel.check()
                linked(order[number], work(order[number]))

        def there() -> bytes:
            return msgspec.msgpack.encode([(number, work(order[number])) for number in tasks])

        _, answer = both(here, there, cancel)
    for number, done in _decode(answer):
        linked(order[number], done)
