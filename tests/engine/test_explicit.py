"""Archives without a solve: what is kept of them, and what secrets do."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xconda_core import api
from xconda_core.engine.explicit import ArchiveGivenTwice
from xconda_core.engine.permissions import ChannelNotAllowed, PackageDisallowed
from xconda_core.environment.formats.locked_records import address_record
from xconda_core.models.archive_name import read_archive_address
from xconda_core.models.package_record import PackageRecord
from xconda_core.testing.channel_server import serve

OpenEngine = Callable[[], api.Engine]


def record(channel: str, name: str) -> PackageRecord:
    return address_record(read_archive_address(f"{channel}/noarch/{name}.conda"))


def request(tmp_path: Path, *records: PackageRecord, **words: object) -> api.ChangeRequest:
    values: dict[str, object] = {"verb": "create", "prefix": tmp_path / "env", "records": records}
    return api.ChangeRequest(**{**values, **words})  # type: ignore[arg-type]


def do(engine: api.Engine, wish: api.ChangeRequest) -> None:
    engine.execute(engine.plan(wish))


def test_the_cache_and_the_revision_keep_what_the_archive_says_of_itself(
    tmp_path: Path, open_engine: OpenEngine, channel: str
) -> None:
    do(open_engine(), request(tmp_path, record(channel, "app-2.0-0")))

    kept = json.loads((tmp_path / "pkgs/app-2.0-0/info/repodata_record.json").read_bytes())
    snapshot = json.loads((tmp_path / "env/conda-meta/.xconda/revisions/0.json").read_bytes())
    for document in (kept, snapshot["linked"][0]):
        assert document["depends"] == ["lib >=2"]
        assert document["noarch"] == "generic"
        assert len(document["sha256"]) == 64
        assert document["size"] > 0


def test_sizes_that_a_list_does_not_say_come_from_what_is_here(
    tmp_path: Path, open_engine: OpenEngine, channel: str
) -> None:
    length = (tmp_path / "channel/noarch/app-2.0-0.conda").stat().st_size
    wish = request(tmp_path, record(channel, "app-2.0-0"))
    unknown = open_engine().plan(wish)
    do(open_engine(), wish)
    (tmp_path / "pkgs/app-2.0-0.conda").unlink(missing_ok=True)
    twin = request(tmp_path, record(channel, "app-2.0-0"), prefix=tmp_path / "twin")
    near = record((tmp_path / "channel").as_uri(), "lib-2.0-0")

    cached = open_engine().plan(twin)
    in_place = open_engine().plan(request(tmp_path, near, prefix=tmp_path / "other"))

    assert (unknown.download_count, unknown.download_bytes, unknown.disk_bytes) == (1, 0, 0)
    assert (cached.download_count, cached.download_bytes, cached.disk_bytes) == (0, 0, length)
    assert in_place.disk_bytes == (tmp_path / "channel/noarch/lib-2.0-0.conda").stat().st_size


def test_nothing_else_moves_and_an_undo_brings_back_what_was(
    tmp_path: Path, open_engine: OpenEngine, channel: str
) -> None:
    engine = open_engine()
    do(engine, request(tmp_path, records=(), specs=("app=1", "lib=1")))

    do(engine, request(tmp_path, record(channel, "app-2.0-0"), verb="install"))
    after = engine.state(tmp_path / "env")
    do(engine, request(tmp_path, records=(), verb="undo"))

    assert {name: each.record.version for name, each in after.installed.items()} == {
        "app": "2.0",
        "lib": "1.0",
    }
    assert after.requested["app"] == "app"
    assert engine.state(tmp_path / "env").installed["app"].record.version == "1.0"


def test_everything_else_goes_where_the_list_is_the_whole_environment(
    tmp_path: Path, open_engine: OpenEngine, channel: str
) -> None:
    engine = open_engine()
    do(engine, request(tmp_path, records=(), specs=("app", "tool")))

    do(engine, request(tmp_path, record(channel, "lib-1.0-0"), verb="install", exact=True))

    state = engine.state(tmp_path / "env")
    assert [each.record.dist_name for each in state.installed.values()] == ["lib-1.0-0"]
    assert set(state.requested) == {"lib"}


def test_an_environment_has_one_package_of_a_name(
    tmp_path: Path, open_engine: OpenEngine, channel: str
) -> None:
    with pytest.raises(ArchiveGivenTwice, match=r"lib-1\.0-0 and lib-2\.0-0"):
        open_engine().plan(
            request(tmp_path, record(channel, "lib-1.0-0"), record(channel, "lib-2.0-0"))
        )


def test_what_the_configuration_forbids_holds_for_archives_too(
    tmp_path: Path, environ: dict[str, str], channel: str
) -> None:
    wish = request(tmp_path, record(channel, "lib-1.0-0"))

    denied = api.open_engine(environ=environ, overrides={"denylist_channels": [channel]})
    disallowed = api.open_engine(environ=environ, overrides={"disallowed_packages": ["lib"]})

    with pytest.raises(ChannelNotAllowed):
        denied.plan(wish)
    with pytest.raises(PackageDisallowed):
        disallowed.plan(wish)


def test_a_secret_in_an_address_opens_the_server_and_is_kept_nowhere(
    tmp_path: Path, environ: dict[str, str], channel: str
) -> None:
    engine = api.open_engine(environ={**environ, "CONDA_CHANNELS": "http://127.0.0.1:9/x"})
    shutil.copytree(tmp_path / "channel", tmp_path / "root" / "t" / "hush" / "orchard")
    with serve(tmp_path / "root") as server:
        wish = engine.read_files((), [f"{server.url}/t/hush/orchard/noarch/tool-1.0-0.conda"])

        do(engine, request(tmp_path, *wish.records, channels=wish.channels))

    assert (tmp_path / "env" / "share" / "tool.txt").exists()
    for path in (*(tmp_path / "env").rglob("*"), *(tmp_path / "pkgs").rglob("*")):
        assert not path.is_file() or b"hush" not in path.read_bytes(), path
