"""Random requests of conda-forge, put to our search and to rattler's solver."""

import asyncio
import io
import random
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

rattler = pytest.importorskip("rattler", reason="py-rattler is the peer here")
exceptions = pytest.importorskip("rattler.exceptions")

pytestmark = [pytest.mark.shared, pytest.mark.slow]

REQUESTS = 60
SEED = 20261120  # not one of those that the search was tuned with
FACTS = (("__unix", "0", "0"), ("__linux", "5.15.0", "0"), ("__glibc", "2.35", "0"))


@pytest.fixture(scope="module")
def repodata(tmp_path_factory: pytest.TempPathFactory, conda_forge: ChannelIndex) -> list[object]:
    folder = tmp_path_factory.mktemp("repodata")
    return [_sparse(folder / f"{subdir}.json", subdir) for subdir in ("linux-64", "noarch")]


def _sparse(path: Path, subdir: str) -> object:
    packed = (SAMPLE / subdir / "repodata.json.zst").read_bytes()
    path.write_bytes(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read())
    return rattler.SparseRepoData(rattler.Channel("conda-forge"), subdir, path)


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
    conda_forge: ChannelIndex, repodata: list[object]
) -> None:
    disagreements, older, compared = [], [], 0
    for request in requests(conda_forge):
        ours, theirs = _ours(conda_forge, request), _theirs(repodata, request)
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
        return dict(
            answer(ask(index, *request, virtual=[" ".join(fact) for fact in FACTS])).records
        )
    except XcondaError:
        return None


def _theirs(repodata: list[object], request: list[str]) -> dict[str, str] | None:
    facts = [
        rattler.GenericVirtualPackage(
            rattler.PackageName(name), rattler.Version(version), rattler.BuildString(build)
        )
        for name, version, build in FACTS
    ]
    try:
        found = asyncio.run(
            rattler.solve_with_sparse_repodata(
                request, repodata, virtual_packages=facts, timestamp_policy="allow-missing"
            )
        )
    except exceptions.SolverError:
        return None
    return {each.name.normalized: str(each.version) for each in found}
