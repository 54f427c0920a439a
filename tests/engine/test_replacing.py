import json
import sys
from collections.abc import Callable

import pytest

from tests.engine.session import Session
from xconda_core import api
from xconda_core.engine.in_use import EnvironmentInUse
from xconda_core.engine.protection import EnvironmentFrozen
from xconda_core.engine.refusals import FolderNotEmpty
from xconda_core.environment.prefix import read_history

OpenEngine = Callable[[], api.Engine]


@pytest.fixture
def replace(run: Session) -> Session:
    """Somebody who says ``create --yes``."""
    return Session(run.prefix, run.open_engine, may_replace=True)


def test_an_environment_is_replaced_as_a_revision_that_undo_takes_back(
    run: Session, replace: Session
) -> None:
    run("create", "app=1")

    plan = replace("create", "lib=1")

    assert (plan.onto, plan.creates) == ("environment", False)
    assert run.versions == {"lib": "1.0"}
    assert run.state.requested == {"lib": "lib=1"}
    assert len(read_history(run.prefix)) == 2
    run("undo")
    assert run.versions == {"app": "1.0", "lib": "2.0"}
    assert run.state.requested == {"app": "app=1"}


def test_what_somebody_altered_in_a_package_that_stays_is_whole_again(
    run: Session, replace: Session
) -> None:
    run("create", "lib=1")
    path = next(each for each in run.state.installed["lib"].files if "conda-meta" not in each)
    whole = (run.prefix / path).read_bytes()
    (run.prefix / path).unlink()
    (run.prefix / path).write_bytes(b"altered")

    plan = replace("create", "lib=1")

    assert [step.movement for step in plan.operations] == ["reinstall"]
    assert (run.prefix / path).read_bytes() == whole


def test_the_old_pins_variables_and_configuration_go_and_have_no_say(
    run: Session, replace: Session
) -> None:
    run("create", "lib=1")
    (run.prefix / "conda-meta/pinned").write_text("lib <2\n")
    (run.prefix / "conda-meta/state").write_text('{"version": 1, "env_vars": {"OLD": "1"}}')
    (run.prefix / ".condarc").write_text("channels: [nowhere]\n")

    plan = replace("create", "lib=2", variables={"NEW": "2"})

    assert plan.dropped == (".condarc", "conda-meta/pinned", "conda-meta/state")
    assert run.versions == {"lib": "2.0"}
    assert run.state.pinned == ()
    assert not (run.prefix / ".condarc").exists()
    state = json.loads((run.prefix / "conda-meta/state").read_bytes())
    assert state["env_vars"] == {"NEW": "2"}


def test_files_of_no_package_stay_and_are_named(run: Session, replace: Session) -> None:
    run("create", "app=1")
    (run.prefix / "notes").mkdir()
    (run.prefix / "notes/mine.txt").write_text("keep")

    plan = replace("create", "lib=1")

    assert plan.foreign == ("notes/mine.txt",)
    assert (run.prefix / "notes/mine.txt").read_text() == "keep"


def test_an_empty_environment_may_take_the_place_of_another(run: Session, replace: Session) -> None:
    run("create", "app=1")
    replace("create")
    assert (run.versions, run.state.exists) == ({}, True)


def test_a_folder_with_other_files_gets_an_environment_and_keeps_them(
    run: Session, replace: Session
) -> None:
    run.prefix.mkdir()
    (run.prefix / "mine.txt").write_text("keep")

    plan = replace("create", "lib=1")

    assert (plan.onto, plan.foreign, plan.creates) == ("folder", ("mine.txt",), True)
    assert run.versions == {"lib": "1.0"}
    assert (run.prefix / "mine.txt").read_text() == "keep"


def test_an_empty_environment_in_a_folder_with_other_files_is_asked_about_too(
    run: Session, replace: Session
) -> None:
    run.prefix.mkdir()
    (run.prefix / "mine.txt").write_text("keep")
    assert not replace("create").is_empty


def test_a_plan_for_nothing_is_no_plan_for_what_came_meanwhile(
    run: Session, replace: Session, open_engine: OpenEngine
) -> None:
    request = api.ChangeRequest(verb="create", prefix=run.prefix, may_replace=True)
    before = open_engine().plan(request)
    run("create")
    assert not open_engine().plan(request).is_within(before)


def test_a_file_is_not_replaced(run: Session, replace: Session) -> None:
    run.prefix.write_text("a file")
    with pytest.raises(FolderNotEmpty):
        replace("create", "lib")
    assert run.prefix.read_text() == "a file"


def test_the_active_environment_is_not_replaced(
    run: Session, replace: Session, environ: dict[str, str]
) -> None:
    run("create", "lib=1")
    environ["CONDA_PREFIX"] = str(run.prefix)
    with pytest.raises(EnvironmentInUse, match="replaced"):
        replace("create", "lib=2")
    assert run.versions == {"lib": "1.0"}


def test_the_environment_that_xconda_runs_in_is_not_replaced(
    run: Session, replace: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("create", "lib=1")
    monkeypatch.setattr(sys, "prefix", str(run.prefix / "venv"))
    with pytest.raises(EnvironmentInUse, match="runs in it"):
        replace("create", "lib=2")
    assert run.versions == {"lib": "1.0"}


def test_base_is_not_replaced(run: Session, replace: Session, environ: dict[str, str]) -> None:
    run("create", "lib=1")
    environ["CONDA_ROOT_PREFIX"] = str(run.prefix)
    with pytest.raises(EnvironmentInUse, match="base"):
        replace("create", "lib=2")
    assert run.versions == {"lib": "1.0"}


def test_a_frozen_environment_is_not_replaced(run: Session, replace: Session) -> None:
    run("create", "lib=1")
    (run.prefix / "conda-meta/frozen").touch()
    with pytest.raises(EnvironmentFrozen):
        replace("create", "lib=2")
    assert run.versions == {"lib": "1.0"}
