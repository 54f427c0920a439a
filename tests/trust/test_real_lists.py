"""What is chosen from real channels says what their entries say: nothing is taken for altered."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.repodata.test_real_channels import CHANNELS, folders, loaded
from xconda_core.repodata.zstd import decompressed
from xconda_core.testing.signing import Signer, a_document
from xconda_core.trust.canonical import canonical
from xconda_core.trust.ed25519 import ed25519
from xconda_core.trust.metadata import read_metadata
from xconda_core.trust.package import Listed, judge

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CHANNELS.exists(), reason="the sampled channels are not here"),
]
PACKER = Signer("packer")


def entries(folder: Path) -> dict[tuple[str, str], Any]:
    """Return what the lists of a channel say, by platform and archive."""
    found: dict[tuple[str, str], Any] = {}
    for subdir in ("linux-64", "noarch"):
        path = folder / subdir / "repodata.json.zst"
        if path.exists():
            document = json.loads(decompressed(path.read_bytes(), 1 << 30))
            listed = document.get("packages", {}) | document.get("packages.conda", {})
            found |= {(subdir, fn): entry for fn, entry in listed.items()}
    return found


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_a_real_entry_once_signed_is_signed(folder: Path, tmp_path: Path) -> None:
    document = a_document("key_mgr", 1, {"pkg_mgr": ([PACKER], 1)}, [])
    keys, verify = read_metadata(canonical(document), "key_mgr", "key_mgr.json"), ed25519()
    index, published = loaded(folder, tmp_path, []), entries(folder)
    verdicts = set()
    names = [*index.names()]
    for name in names[:: 10 if len(names) > 100 else 1]:
        found = index.candidates(name)
        assert found is not None
        for record in map(found.record, range(min(3, len(found)))):
            entry = published[record.subdir, record.fn]
            signatures = json.dumps({PACKER.public: PACKER.sign(entry)}).encode()
            listed = Listed(json.dumps(entry).encode(), signatures)
            trust = judge(record, listed, keys, verify)
            verdicts.add(trust.status if record.sha256 else trust.why)
    assert verdicts <= {"signed", "no sha256 was signed, so that any archive would fit"}
    assert verdicts or not any(subdir == "linux-64" for subdir, _ in published)
