"""Link all packages of a transaction: one after the other, in threads, or in two processes.

Layer: transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import msgspec

from xconda_core.cancel import CancelToken
from xconda_core.files.forked import both, can_fork
from xconda_core.models.package_paths import InstalledPath
from xconda_core.transaction.link import Place, link_package
from xconda_core.transaction.package_link import Link

Made = tuple[InstalledPath, ...]
_FILES_WORTH_A_FORK: Final = 4000
_decode: Final = msgspec.msgpack.Decoder(list[Made]).decode


def link_all(
    links: Sequence[Link],
    place: Place,
    *,
    threads: int,
    linked: Callable[[Link, Made], None],
    cancel: CancelToken,
) -> None:
    """Make the files of all ``links``. Nothing is made any more when this returns or raises.

    Args:
        links: Dependencies first.
        place: Where.
        threads: How many packages at a time, as the user wants it.
        linked: Told of each package, and what was made of it, by this thread.
        cancel: Looked at between packages.

    Raises:
        BadPackage, PathInTheWay, PrefixTooLong: a file cannot be made.
        Cancelled: somebody asked to stop.
        OSError: the disk refused.
    """
    # Through an alias a file reaches a folder that another package of the plan makes first.
    if place.aliases:
        _in_order(links, place, linked, cancel)
    elif threads > 1:
        _in_threads(links, place, threads, linked, cancel)
    elif worth_a_fork(links):
        _in_two_processes(links, place, linked, cancel)
    else:
        _in_order(links, place, linked, cancel)


def worth_a_fork(links: Iterable[Link]) -> bool:
    """Whether there is so much to do that two processes are quicker than one."""
    return sum(len(link.files) for link in links) >= _FILES_WORTH_A_FORK and can_fork()


def halves(links: Iterable[Link]) -> tuple[list[Link], list[Link]]:
    """Return ``links`` in two parts with about as many files."""
    parts: tuple[list[Link], list[Link]] = ([], [])
    counts = [0, 0]
    for link in sorted(links, key=lambda link: (-len(link.files), link.record.name)):
        less = counts[1] < counts[0]
        parts[less].append(link)
        counts[less] += len(link.files) + 1
    return parts


def _in_order(
    links: Iterable[Link],
    place: Place,
    linked: Callable[[Link, Made], None],
    cancel: CancelToken,
) -> None:
    for link in links:
        cancel.check()
        linked(link, link_package(link, place))


def _in_threads(
    links: Sequence[Link],
    place: Place,
    threads: int,
    linked: Callable[[Link, Made], None],
    cancel: CancelToken,
) -> None:
    pool = ThreadPoolExecutor(threads, "xconda-link")
    try:
        made = pool.map(partial(link_package, place_=place), links)
        for link, paths in zip(links, made, strict=True):
            cancel.check()
            linked(link, paths)
    finally:
        pool.shutdown(cancel_futures=True)  # nothing is made any more while all is undone


def _in_two_processes(
    links: Iterable[Link],
    place: Place,
    linked: Callable[[Link, Made], None],
    cancel: CancelToken,
) -> None:
    mine, theirs = halves(links)

    def there() -> bytes:
        return msgspec.msgpack.encode([link_package(link, place) for link in theirs])

    _, answer = both(lambda: _in_order(mine, place, linked, cancel), there, cancel)
    for link, made in zip(theirs, _decode(answer), strict=True):
        linked(link, made)
