"""xconda in environments of conda and its installers, whose records are in ../shared."""

import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from tests.engine.session import OpenEngine, Session
from tests.models.conda_meta import FOLDER
from xconda_core.engine.revision import drift_of
from xconda_core.environment.prefix import read_history, read_state
from xconda_core.errors import XcondaError

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.exists(), reason="documents are absent: no ../shared"),
]
# The environment, and a package in it that others need.
REAL = {
    "labelme-py27-linux-64": "zlib",
    "miniconda3-24.3-py312-linux-64": "tqdm",
    "miniconda3-4.10.3-py38-linux-64": "tqdm",
    "miniforge3-2022-osx-arm64": "tqdm",
}


@pytest.fixture(params=REAL)
def real(request: pytest.FixtureRequest, tmp_path: Path, open_engine: OpenEngine) -> Session:
    return Session(_unpacked(request.param, tmp_path), open_engine)


def _unpacked(name: str, folder: Path) -> Path:
    content = zstandard.ZstdDecompressor().stream_reader((FOLDER / f"{name}.tar.zst").read_bytes())
    prefix = folder / name
    prefix.mkdir()
    with tarfile.open(fileobj=io.BytesIO(content.read())) as archive:
        archive.extractall(prefix, filter="data")
    (prefix / name).rename(prefix / "conda-meta")
    return prefix


def records(prefix: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (prefix / "conda-meta").glob("*.json")}


def test_an_install_is_undone_to_the_very_records(real: Session) -> None:
    before = records(real.prefix)
    revisions = len(read_history(real.prefix))

    real("install", "uno")
    assert real.state.installed.keys() > {"uno"}
    real("undo")

    assert records(real.prefix) == before
    # What pip or an installer had done without a word may be a revision of its own.
    assert len(read_history(real.prefix)) - revisions in {2, 3}
    assert not drift_of(read_state(real.prefix), read_history(real.prefix))


def test_what_is_removed_is_gone_from_the_history_too(real: Session) -> None:
    present = len(records(real.prefix))

    real("remove", REAL[real.prefix.name])

    assert 0 < len(records(real.prefix)) < present
    assert not drift_of(read_state(real.prefix), read_history(real.prefix))


def test_records_of_several_environments_in_one_folder_are_refused(
    tmp_path: Path, open_engine: OpenEngine
) -> None:
    heap = Session(_unpacked("rattler-test-data", tmp_path), open_engine)
    before = records(heap.prefix)

    with pytest.raises(XcondaError, match="both say that"):
        heap("install", "uno")

    assert records(heap.prefix) == before
