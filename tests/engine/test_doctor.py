"""Examining and repairing a real environment."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.pip_world import SITE, conda_packages, pip_install
from tests.engine.session import OpenEngine, Session
from xconda_core import api
from xconda_core.engine import examining
from xconda_core.engine.doctor import CHECKS, CheckUnknown
from xconda_core.engine.protection import EnvironmentFrozen
from xconda_core.environment.registry import registered, unregister
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel, a_package

FILES = {"bin/tool": b"#!/opt/placeholder/bin/sh\n", "share/tool.txt": b"as shipped\n"}


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[str]:
    packages = [*conda_packages(), a_package("toolbox", "1.0", files=FILES)]
    with serve(a_channel(tmp_path / "served" / "channel", packages)) as server:
        yield server.url


@pytest.fixture
def env(run: Session) -> Session:
    run("create", "python", "greeter", "toolbox")
    return run


def found(engine: api.Engine, prefix: Path, *names: str) -> list[tuple[str, str]]:
    return [(each.check, each.path) for each in examining.diagnose(engine, prefix, names).findings]


def test_a_new_environment_is_healthy(env: Session, open_engine: OpenEngine) -> None:
    diagnosis = examining.diagnose(open_engine(), env.prefix)

    assert diagnosis.findings == ()
    assert diagnosis.is_healthy
    assert [name for name, _ in diagnosis.checks] == [check.name for check in CHECKS]
    assert not (env.prefix / "conda-meta" / ".xconda" / "trial").exists()


def test_what_is_broken_is_found_and_only_that_is_made_anew(
    env: Session, open_engine: OpenEngine
) -> None:
    prefix, engine = env.prefix, open_engine()
    (prefix / SITE / "greeter" / "__init__.py").unlink()
    changed = prefix / "share" / "tool.txt"
    changed.unlink()
    changed.write_bytes(b"AS SHIPPED\n")
    whole = (prefix / SITE / "greeter-2.0.dist-info" / "METADATA").stat()
    records = {path: path.read_bytes() for path in (prefix / "conda-meta").glob("*.json")}

    diagnosis = examining.diagnose(engine, prefix)
    assert found(engine, prefix) == [
        ("missing-files", f"{SITE}/greeter/__init__.py"),
        ("altered-files", "share/tool.txt"),
    ]
    assert not diagnosis.is_healthy
    healed = examining.heal(engine, diagnosis)

    assert [each.path for each in healed.fixed] == [each.path for each in diagnosis.findings]
    assert healed.left == ()
    assert found(engine, prefix) == []
    assert changed.read_bytes() == b"as shipped\n"
    assert (prefix / SITE / "greeter-2.0.dist-info" / "METADATA").stat().st_ino == whole.st_ino
    assert {p: p.read_bytes() for p in (prefix / "conda-meta").glob("*.json")} == records
    assert env.state.revision == 0


def test_a_file_that_was_edited_in_the_cache_as_well_comes_from_the_archive(
    env: Session, open_engine: OpenEngine
) -> None:
    engine, tool = open_engine(), env.prefix / "share" / "tool.txt"
    assert tool.stat().st_nlink > 1
    with tool.open("r+b") as stream:
        stream.write(b"AS")

    healed = examining.heal(engine, examining.diagnose(engine, env.prefix))

    assert healed.is_healthy
    assert tool.read_bytes() == b"as shipped\n"


def test_what_cannot_be_repaired_is_left_with_its_reason(
    env: Session, open_engine: OpenEngine
) -> None:
    engine, tool = open_engine(), env.prefix / "share" / "tool.txt"
    tool.unlink()
    tool.mkdir()
    (tool / "mine").write_bytes(b"mine")

    healed = examining.heal(engine, examining.diagnose(engine, env.prefix))

    assert not healed.is_healthy
    assert healed.reasons == {"share/tool.txt": "a folder is in its place"}
    assert (tool / "mine").read_bytes() == b"mine"


def test_a_frozen_environment_is_examined_and_not_repaired(
    env: Session, open_engine: OpenEngine
) -> None:
    (env.prefix / "conda-meta" / "frozen").write_text("{}")
    (env.prefix / "share" / "tool.txt").unlink()
    engine = open_engine()
    diagnosis = examining.diagnose(engine, env.prefix)

    with pytest.raises(EnvironmentFrozen):
        examining.heal(engine, diagnosis)

    assert not (env.prefix / "share" / "tool.txt").exists()


def test_an_environment_is_registered_again(
    env: Session, open_engine: OpenEngine, environ: dict[str, str]
) -> None:
    home = Path(environ["HOME"])
    unregister(env.prefix, home)
    engine = open_engine()
    diagnosis = examining.diagnose(engine, env.prefix, ["environment-txt"])
    assert diagnosis.is_healthy
    assert diagnosis.fixable

    examining.heal(engine, diagnosis)

    assert env.prefix in registered(home)


def test_a_copy_of_pip_over_that_of_conda_is_found_and_the_way_out_works(
    env: Session, open_engine: OpenEngine
) -> None:
    pip_install(env.prefix, "greeter", "9.0")
    engine = open_engine()
    assert "pip-overwrites" in {name for name, _ in found(engine, env.prefix)}

    strict = api.open_engine(overrides={"force_reinstall": True}, environ=engine.environ)
    request = api.ChangeRequest(verb="install", prefix=env.prefix, specs=("greeter",))
    strict.execute(strict.plan(request))

    assert found(engine, env.prefix) == []


def test_only_the_checks_that_are_named_are_run(env: Session, open_engine: OpenEngine) -> None:
    (env.prefix / "share" / "tool.txt").unlink()

    diagnosis = examining.diagnose(open_engine(), env.prefix, ["pinned", "broken-links"])

    assert [name for name, _ in diagnosis.checks] == ["broken-links", "pinned"]
    assert diagnosis.findings == ()


def test_an_unknown_check_is_said_with_the_nearest(env: Session, open_engine: OpenEngine) -> None:
    with pytest.raises(CheckUnknown, match="did you mean missing-files"):
        examining.diagnose(open_engine(), env.prefix, ["missing-file"])


def test_a_dependency_that_was_forced_away_is_found(env: Session, open_engine: OpenEngine) -> None:
    record = env.prefix / "conda-meta" / "greeter-2.0-0.json"
    document = json.loads(record.read_text())
    record.write_text(json.dumps({**document, "depends": ["python >=4"]}))

    [finding] = examining.diagnose(open_engine(), env.prefix, ["consistency"]).findings

    assert finding.what == "greeter 2.0 needs python >=4, which 3.12.1 0 is not."
