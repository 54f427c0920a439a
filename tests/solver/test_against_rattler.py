"""Random requests of conda-forge, put to our search and to rattler's solver."""

import importlib.util
import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from tests.solver.conftest import SAMPLE
from tests.solver.readable import answer, ask
from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.repodata.channel_index import ChannelIndex

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("rattler") is None, reason="py-rattler is the peer here"
    ),
]

PEER = Path(__file__).parent / "rattler_answers.py"
REQUESTS = 60
FACTS = (("__unix", "0"), ("__linux", "5.15.0"), ("__glibc", "2.35"))  # as the peer has them
SEED = 20261120  # not one of those that the search was tuned with


def requests(index: ChannelIndex) -> Iterator[list[str]]:
    chance = random.Random(SEED)
    versions = {name: found.versions for name in index.names() if (found := index.candidates(name))}
    popular = sorted(name for name, known in versions.items() if len(known) >= 8)
    for _ in range(REQUESTS):
        request = []
        if chance.random() < 0.6:
            request.append(f"python=3.{chance.randint(9, 14)}")
        for name in chance.sample(popular, chance.randint(1, 5)):
            form = chance.choice(("{0}", "{0}", "{0}", "{0}=={1}", "{0}>={1}", "{0}<{1}"))
            request.append(form.format(name, chance.choice(versions[name])))
        yield request


def test_rattler_agrees_on_what_can_be_and_has_nothing_requested_newer(
    conda_forge: ChannelIndex, tmp_path: Path
) -> None:
    asked = list(requests(conda_forge))
    disagreements, older, compared = [], [], 0

    for request, theirs in zip(asked, _theirs(asked, tmp_path), strict=True):
        ours = _ours(conda_forge, request)
        if (ours is None) != (theirs is None):
            disagreements.append(request)
        if ours is None or theirs is None:
            continue
        for name in sorted({MatchSpec.parse(text).name for text in request}):
            compared += 1
            if Version.parse(ours[name].version) < Version.parse(theirs[name]):
                older.append((name, ours[name].version, theirs[name], request))

    assert disagreements == []
    assert compared > 100
    # Where two requests cannot both be newest, we hold to the user's order and rattler does not.
    assert len(older) <= compared // 100, older


def _ours(index: ChannelIndex, request: list[str]) -> dict[str, PackageRecord] | None:
    try:
        problem = ask(index, *request, virtual=[" ".join(fact) for fact in FACTS])
        return dict(answer(problem).records)
    except XcondaError:
        return None


def _theirs(asked: list[list[str]], folder: Path) -> list[dict[str, str] | None]:
    for subdir in ("linux-64", "noarch"):
        packed = (SAMPLE / subdir / "repodata.json.zst").read_bytes()
        content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read()
        (folder / f"{subdir}.json").write_bytes(content)
    run = subprocess.run(
        [sys.executable, PEER, folder],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    answers: list[dict[str, str] | None] = json.loads(run.stdout)
    return answers
