"""A document beside a platform folder's package list: from the cache, or fetched and kept there.

Layer: repodata. Source: RFC 9110 and 9111 (validators, freshness). It is asked for like a package
list, but nothing depends on it: a server that does not have it has nothing to say.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from xconda_core.cancel import CancelToken
from xconda_core.net.failures import HttpRefused
from xconda_core.net.fetcher import Fetcher
from xconda_core.repodata.asking import Answer, Asking
from xconda_core.repodata.cache import CacheState, DocumentCache
from xconda_core.values import Slotted, dataclass

_NOTHING: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTerms(Slotted):
    """How such documents are to be got.

    Attributes:
        fetcher: Opens URLs; knows the credentials that they need.
        cache: Keeps documents between runs.
        ttl: ``local_repodata_ttl``: 1: obey Cache-Control; 0: always ask; else seconds.
        as_kept: Ask no server.
        cancel: Looked at between chunks.
        clock: The time, in seconds since 1970.
    """

    fetcher: Fetcher
    cache: DocumentCache
    ttl: int
    as_kept: bool
    cancel: CancelToken
    clock: Callable[[], float]


def document_terms(
    fetcher: Fetcher, cache_dir: Path, cancel: CancelToken, *, ttl: int, as_kept: bool
) -> DocumentTerms:
    """Return the terms with a cache in ``cache_dir`` and the clock of this machine."""
    return DocumentTerms(
        fetcher=fetcher,
        cache=DocumentCache(cache_dir),
        ttl=ttl,
        as_kept=as_kept,
        cancel=cancel,
        clock=time.time,
    )


def kept_document(folder_url: str, files: Sequence[str], terms: DocumentTerms) -> bytes | None:
    """Return the first of ``files`` in the folder that is there; None where none is.

    Args:
        folder_url: Address of the folder, with a slash at its end, without credentials.
        files: Names, best first.
        terms: How to get it.

    Raises:
        NetworkFailed, HttpRefused: it did not arrive.
        Cancelled: somebody asked to stop.
    """
    is_remote = not folder_url.startswith("file:")
    key = folder_url + files[-1]
    state = terms.cache.state(key) if is_remote else None
    if state and (terms.as_kept or state.is_fresh(terms.ttl, terms.clock())):
        content = terms.cache.content(state)
        if content is not None:
            return content
        state = None
    if terms.as_kept and is_remote:
        return None
    asking = Asking(terms.fetcher, terms.cancel, terms.clock, _untold)
    for file in files:
        known = state if state and state.file == file else None
        answer = asking.ask(folder_url + file, known.validators() if known else {})
        if known and answer.status == 304:
            content = terms.cache.content(known)
            if content is not None:
                _remember(terms.cache, None, replace(known, **answer.said()))
                return content
            answer = asking.ask(folder_url + file, {})  # it went away meanwhile
        if answer.status == 200:
            if is_remote:
                fresh = CacheState(url=key, file=file)
                _remember(terms.cache, answer, replace(fresh, **answer.said()))
            return answer.content
        if answer.status not in _NOTHING:
            raise HttpRefused(folder_url + file, answer.status)
    return None


def _untold(done: int, total: int) -> None:
    """Say nothing of the bytes that came: there is no bar for such documents."""


def _remember(cache: DocumentCache, answer: Answer | None, state: CacheState) -> None:
    """Keep what came, or that what is kept is still right; where that fails it costs time."""
    with suppress(OSError):
        if answer is None:
            cache.write(state)
        else:
            cache.keep(answer.content, state)
