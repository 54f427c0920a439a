"""Documents of real environments that conda and others have written."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import zstandard

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "inputs" / "conda-meta"


def documents() -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every ``conda-meta/*.json`` there is."""
    for path in sorted(FOLDER.glob("*.tar.zst")):
        unpacked = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
        with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name.endswith(".json") else None
                if file is not None:
                    yield member.name, file.read()
