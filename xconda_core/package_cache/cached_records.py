"""What packages a cache holds, as the records they came with. Layer: package_cache.

An unpacked package has its record beside it. Of an archive that nobody has unpacked, ``urls.txt``
tells where it came from, and its own ``info/index.json`` the rest (CEP 34).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from xconda_core.errors import Json
from xconda_core.package_cache.archive import ArchiveRefused, archived_index

_RECORD: Final = "info/repodata_record.json"
_ENDINGS: Final = (".conda", ".tar.bz2")


def cached_records(pkgs_dirs: Sequence[Path]) -> Iterator[bytes]:
    """Yield the records of all packages in ``pkgs_dirs``, as JSON that nobody has looked into.

    What cannot be read is passed over: it cannot be installed either.
    """
    for pkgs_dir in pkgs_dirs:
        for path in sorted(pkgs_dir.glob(f"*/{_RECORD}")):
            with suppress(OSError):
                yield path.read_bytes()
        urls = _urls(pkgs_dir)
        for ending in _ENDINGS:
            for archive in sorted(pkgs_dir.glob(f"*{ending}")):
                unpacked = pkgs_dir / archive.name.removesuffix(ending) / _RECORD
                if archive.name in urls and not unpacked.exists():
                    with suppress(OSError, ArchiveRefused):
                        yield json.dumps(_record(archive, urls[archive.name])).encode()


def _record(archive: Path, url: str) -> dict[str, Json]:
    index = archived_index(archive)
    with archive.open("rb") as stream:  # it is its own witness: nobody else tells its digest
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    size = archive.stat().st_size
    return {**index, "fn": archive.name, "url": url, "size": size, "sha256": sha256}


def _urls(pkgs_dir: Path) -> dict[str, str]:
    """Return where each archive came from last, by its name."""
    try:
        text = (pkgs_dir / "urls.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {line.rpartition("/")[2]: line for line in lines if "/" in line}
