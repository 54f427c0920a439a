"""Bytes from ``file://``, read in place. Layer: net. Source: RFC 8089."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from xconda_core.net.fetcher import Response, path_of

CHUNK: Final = 1 << 17  # bytes read at a time


class LocalFetcher:
    """The ``Fetcher`` of this machine's files, which are there offline, too."""

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Open one file; ``headers`` are nothing to it. A missing one is a 404."""
        del headers
        path = path_of(url)
        try:
            file = path.open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            yield Response(status=404, url=url, chunks=iter(()))
            return
        except PermissionError:
            yield Response(status=403, url=url, chunks=iter(()))
            return
        with file:
            said = {"content-length": str(path.stat().st_size)}
            chunks = iter(lambda: file.read(CHUNK), b"")
            yield Response(status=200, headers=said, url=url, chunks=chunks)
