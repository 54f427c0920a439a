"""The conda-forge sample, read once."""

import io
from functools import cache
from pathlib import Path

import pytest
import zstandard

from xconda_core.events import silent
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.repodata.documents import RepodataDocument, parse_repodata
from xconda_core.repodata.published import Folder

SHARED = Path(__file__).parents[2].parent / "shared"
CHANNELS = SHARED / "data" / "channels"
SAMPLE = CHANNELS / "conda-forge"


@cache
def document(channel: str, subdir: str) -> RepodataDocument:
    """Return one folder of one of the sampled channels."""
    packed = (CHANNELS / channel / subdir / "repodata.json.zst").read_bytes()
    content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read()
    folder = Folder(channel, f"https://conda.example.org/{channel}", subdir)
    return parse_repodata(content, folder.url, folder, False, lambda fn, why: None)


@pytest.fixture(scope="session")
def conda_forge() -> ChannelIndex:
    if not SAMPLE.is_dir():
        pytest.skip("the conda-forge sample is not here")
    return whole_channel("conda-forge")


def whole_channel(channel: str) -> ChannelIndex:
    """Return an index of what one of the sampled channels has for linux-64."""
    folders = (document(channel, "linux-64"), document(channel, "noarch"))
    return ChannelIndex([ChannelRecords(channel, folders)], "strict", silent)
