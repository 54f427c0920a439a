"""The conda-forge sample, read once."""

import io
from pathlib import Path

import pytest
import zstandard

from xconda_core.events import silent
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.published import Folder

SHARED = Path(__file__).parents[2].parent / "shared"
SAMPLE = SHARED / "data" / "channels" / "conda-forge"


def _document(subdir: str) -> RepodataDocument:
    packed = (SAMPLE / subdir / "repodata.json.zst").read_bytes()
    content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read()
    folder = Folder("conda-forge", "https://conda.example.org/conda-forge", subdir)
    return parse_repodata(content, folder.url, folder, False, lambda fn, why: None)


@pytest.fixture(scope="session")
def conda_forge() -> ChannelIndex:
    if not SAMPLE.is_dir():
        pytest.skip("the conda-forge sample is not here")
    folders = (_document("linux-64"), _document("noarch"))
    return ChannelIndex([ChannelRecords("conda-forge", folders)], "strict", silent)
