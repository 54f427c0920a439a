"""What must not be changed is not, and whoever may insist can."""

import json
import sys
from pathlib import Path

import pytest

from tests.engine.session import OpenEngine, Session
from xconda_core import api
from xconda_core.engine import examining
from xconda_core.engine.protection import (
    EnvironmentFrozen,
    ManagedElsewhere,
    ProtectedPackage,
    refuse_lost_foundation,
)
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.plan import HistoryEntry, Operation, Plan


@pytest.fixture
def env(run: Session) -> Session:
    run("create", "lib=1")
    return run


def insisting(environ: dict[str, str]) -> api.Engine:
    return api.open_engine(overrides={"protect_frozen_envs": False}, environ=environ)


@pytest.mark.parametrize("verb", ["install", "update", "remove", "undo", "redo"])
def test_a_frozen_environment_says_why_and_how_to_insist(env: Session, verb: str) -> None:
    reason = {"message": "It runs in production."}
    (env.prefix / "conda-meta" / "frozen").write_text(json.dumps(reason))

    with pytest.raises(EnvironmentFrozen, match=r"It runs in production\.") as caught:
        env(verb, *(() if verb in {"undo", "redo"} else ("lib",)))

    assert "--override-frozen" in caught.value.fix


@pytest.mark.parametrize("content", ["", "not JSON", "[]", '{"message": ""}'])
def test_a_marker_without_a_message_freezes_all_the_same(env: Session, content: str) -> None:
    (env.prefix / "conda-meta" / "frozen").write_text(content)

    with pytest.raises(EnvironmentFrozen, match="forbids changes"):
        env("install", "tool")


def test_whoever_insists_changes_a_frozen_environment(
    env: Session, environ: dict[str, str]
) -> None:
    (env.prefix / "conda-meta" / "frozen").touch()
    engine = insisting(environ)

    engine.execute(
        engine.plan(api.ChangeRequest(verb="install", prefix=env.prefix, specs=("tool",)))
    )

    assert "tool" in env.versions


def test_an_environment_of_pixi_is_pixis(env: Session, environ: dict[str, str]) -> None:
    manifest = {"manifest_path": "/work/pixi.toml", "environment_name": "default"}
    (env.prefix / "conda-meta" / "pixi").write_text(json.dumps(manifest))

    with pytest.raises(ManagedElsewhere, match=r"/work/pixi\.toml"):
        env("install", "tool")

    wish = api.ChangeRequest(verb="install", prefix=env.prefix, specs=("tool",))
    assert insisting(environ).plan(wish).operations


def test_what_others_manage_can_be_looked_at(env: Session, open_engine: OpenEngine) -> None:
    (env.prefix / "conda-meta" / "pixi").write_text("{}")
    (env.prefix / "conda-meta" / "frozen").touch()

    assert env.versions == {"lib": "1.0"}
    assert examining.diagnose(open_engine(), env.prefix).is_healthy


def removing(prefix: Path, name: str, *, becomes: str | None = None) -> Plan:
    def record(version: str) -> PackageRecord:
        return PackageRecord(name=name, version=version, build="0", channel="c")

    step = Operation(
        name=name,
        old=PrefixRecord(record=record("1")),
        new=record(becomes) if becomes else None,
    )
    entry = HistoryEntry(command="")
    return Plan(prefix=prefix, operations=(step,), unchanged=(), history=entry, fingerprint="")


@pytest.mark.parametrize("name", ["python", "xconda"])
def test_xconda_does_not_saw_off_its_own_branch(tmp_path: Path, name: str) -> None:
    own, other = Path(sys.prefix), tmp_path

    with pytest.raises(ProtectedPackage, match="xconda itself"):
        refuse_lost_foundation(removing(own, name), other, own)

    refuse_lost_foundation(removing(own, name, becomes="2"), other, own)
    refuse_lost_foundation(removing(other, name), other, own)
    refuse_lost_foundation(removing(own, "numpy"), other, own)


def test_base_keeps_the_tool_that_serves_the_others(tmp_path: Path) -> None:
    with pytest.raises(ProtectedPackage, match="base environment"):
        refuse_lost_foundation(removing(tmp_path, "conda"), tmp_path, Path(sys.prefix))


def test_only_force_removes_what_base_stands_on(run: Session, environ: dict[str, str]) -> None:
    run("create", "tool", "lib")
    record = run.prefix / "conda-meta" / "tool-1.0-0.json"
    document = {**json.loads(record.read_text()), "name": "conda"}
    record.unlink()
    (run.prefix / "conda-meta" / "conda-1.0-0.json").write_text(json.dumps(document))
    base = {**environ, "CONDA_ROOT_PREFIX": str(run.prefix)}
    wish = api.ChangeRequest(verb="remove", prefix=run.prefix, specs=("conda",))

    with pytest.raises(ProtectedPackage):
        api.open_engine(environ=base).plan(wish)

    forced = api.open_engine(overrides={"force_remove": True}, environ=base)
    assert [step.name for step in forced.plan(wish).operations] == ["conda"]
