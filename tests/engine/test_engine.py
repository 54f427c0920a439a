import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.session import Session
from xconda_core import api
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.engine import questions
from xconda_core.engine.environment_entry import environments
from xconda_core.engine.refusals import EnvironmentExists, FolderNotEmpty, NothingAsked
from xconda_core.engine.revision_unknown import RevisionUnknown
from xconda_core.engine.search import search
from xconda_core.engine.undo import (
    ChangedByAnotherTool,
    NothingToUndo,
    PackageOfRevisionLost,
)
from xconda_core.environment.places import NotAnEnvironment
from xconda_core.environment.prefix import read_history
from xconda_core.environment.registry import registered
from xconda_core.events import Event, PlanReady
from xconda_core.transaction.result import PlanOutdated

OpenEngine = Callable[[], api.Engine]


def test_create_installs_what_is_asked_and_what_that_needs(run: Session) -> None:
    run("create", "app=1")
    assert run.versions == {"app": "1.0", "lib": "2.0"}
    assert run.state.requested == {"app": "app=1"}
    assert run.state.installed["app"].requested_spec == "app=1"


def test_an_environment_may_be_made_empty(run: Session) -> None:
    run("create")
    assert (run.versions, run.state.exists) == ({}, True)


def test_a_new_environment_is_registered(run: Session, environ: dict[str, str]) -> None:
    run("create")
    assert registered(Path(environ["HOME"])) == (run.prefix,)


def test_create_refuses_an_environment_that_exists(run: Session) -> None:
    run("create")
    with pytest.raises(EnvironmentExists):
        run("create", "app")


def test_create_refuses_a_folder_that_holds_something(run: Session) -> None:
    run.prefix.mkdir()
    (run.prefix / "mine.txt").write_text("keep")
    with pytest.raises(FolderNotEmpty):
        run("create", "app")
    assert (run.prefix / "mine.txt").read_text() == "keep"


@pytest.mark.parametrize("verb", ["install", "remove", "update", "undo"])
def test_other_verbs_need_an_environment(run: Session, verb: str) -> None:
    with pytest.raises(NotAnEnvironment):
        run(verb, "app")
    assert not run.prefix.exists()


@pytest.mark.parametrize("verb", ["install", "remove", "update"])
def test_a_verb_without_packages_is_an_error(run: Session, verb: str) -> None:
    run("create")
    with pytest.raises(NothingAsked) as caught:
        run(verb)
    assert ("--all" in caught.value.fix) == (verb == "update")


def test_a_satisfied_request_changes_nothing_at_all(run: Session) -> None:
    run("create", "app")
    before = (run.prefix / "conda-meta/history").read_bytes()
    plan = run("install", "app")
    assert plan.changes_nothing
    assert (run.prefix / "conda-meta/history").read_bytes() == before


def test_asking_for_a_dependency_is_remembered(run: Session) -> None:
    run("create", "app")
    plan = run("install", "lib")
    assert plan.is_empty
    assert run.state.requested == {"app": "app", "lib": "lib"}


def test_remove_needs_no_channel(run: Session, environ: dict[str, str]) -> None:
    run("create", "app", "tool")
    environ["CONDA_CHANNELS"] = "http://127.0.0.1:9/gone"
    run("remove", "app")
    assert run.versions == {"tool": "1.0"}


def test_undo_restores_packages_and_requests(run: Session) -> None:
    run("create", "app=1")
    run("install", "app=2", "tool")
    assert run.versions == {"app": "2.0", "lib": "2.0", "tool": "1.0"}
    run("undo")
    assert run.versions == {"app": "1.0", "lib": "2.0"}
    assert run.state.requested == {"app": "app=1"}


def test_undo_again_goes_further_back(run: Session) -> None:
    run("create", "tool")
    run("install", "lib")
    run("install", "app")
    run("undo")
    assert "app" not in run.versions
    run("undo")
    assert run.versions == {"tool": "1.0"}
    with pytest.raises(NothingToUndo):
        run("undo")


def test_undo_goes_to_the_revision_named(run: Session) -> None:
    run("create", "tool")
    run("install", "lib")
    run("remove", "tool")
    run("undo", revision=0)
    assert run.versions == {"tool": "1.0"}
    with pytest.raises(RevisionUnknown):
        run("undo", revision=9)


def test_undo_needs_no_network_while_the_cache_has_the_packages(
    run: Session, environ: dict[str, str]
) -> None:
    run("create", "app=1")
    run("update", "app")
    environ["CONDA_OFFLINE"] = "true"
    environ["CONDA_CHANNELS"] = "http://127.0.0.1:9/gone"
    run("undo")
    assert run.versions["app"] == "1.0"


def test_undo_without_snapshots_asks_the_channels(run: Session) -> None:
    run("create", "app=1")
    run("update", "app")
    shutil.rmtree(run.prefix / "conda-meta/.xconda/revisions")
    run("undo")
    assert run.versions["app"] == "1.0"


def test_undo_that_misses_a_package_changes_nothing(run: Session) -> None:
    run("create", "app=1")
    run("update", "app")
    shutil.rmtree(run.prefix / "conda-meta/.xconda/revisions")
    history = run.prefix / "conda-meta/history"
    history.write_text(history.read_text().replace("app-1.0-0", "app-0.9-0"))
    with pytest.raises(PackageOfRevisionLost) as caught:
        run("undo")
    assert "app-0.9-0" in str(caught.value)
    assert run.versions["app"] == "2.0"


def test_a_plan_for_another_state_is_refused(run: Session, open_engine: OpenEngine) -> None:
    run("create", "tool")
    plan = run.plan("install", "app")
    run("install", "lib=1")
    with pytest.raises(PlanOutdated):
        open_engine().execute(plan)
    assert run.versions == {"tool": "1.0", "lib": "1.0"}


def test_planning_changes_nothing(run: Session) -> None:
    plan = run.plan("create", "app")
    assert {step.name for step in plan.operations} == {"app", "lib"}
    assert not run.prefix.exists()


def test_the_plan_says_what_is_still_to_be_downloaded(run: Session) -> None:
    plan = run.plan("create", "app")
    assert set(plan.fetch) == {"app", "lib"}
    assert plan.download_bytes == sum(step.new.size or 0 for step in plan.operations if step.new)
    run("create", "app")
    run("remove", "app")
    assert run.plan("install", "app").fetch == ()


def test_a_cancelled_plan_says_so(run: Session, open_engine: OpenEngine) -> None:
    token = CancelToken()
    token.cancel()
    request = api.ChangeRequest(verb="create", prefix=run.prefix, specs=("app",))
    with pytest.raises(Cancelled):
        open_engine().plan(request, cancel=token)
    assert not run.prefix.exists()


def test_the_plan_is_announced(run: Session, open_engine: OpenEngine) -> None:
    events: list[Event] = []
    request = api.ChangeRequest(verb="create", prefix=run.prefix, specs=("app",))
    open_engine().plan(request, events.append)
    assert [event.installs for event in events if isinstance(event, PlanReady)] == [2]


def test_default_packages_join_a_creation_only(run: Session, environ: dict[str, str]) -> None:
    environ["CONDA_CREATE_DEFAULT_PACKAGES"] = "tool"
    run("create", "lib")
    assert run.versions == {"lib": "2.0", "tool": "1.0"}
    run("remove", "tool")
    run("install", "app")
    assert "tool" not in run.versions


def test_every_revision_is_one_section_of_the_history(run: Session) -> None:
    run("create", "app")
    run("remove", "app")
    run("undo")
    assert [r.command.split()[1] for r in read_history(run.prefix)] == ["create", "remove", "undo"]


def test_environments_are_listed_with_their_marks(run: Session, open_engine: OpenEngine) -> None:
    run("create")
    (entry,) = environments(open_engine())
    assert (entry.prefix, entry.is_base, entry.is_writable) == (run.prefix, False, True)


def test_search_gives_the_best_last(open_engine: OpenEngine) -> None:
    assert [r.version for r in questions.search(open_engine(), search, "app")] == ["1.0", "2.0"]


def test_search_for_a_part_of_a_name_finds_names_with_it(open_engine: OpenEngine) -> None:
    assert {r.name for r in questions.search(open_engine(), search, "oo")} == {"tool"}
    assert {r.name for r in questions.search(open_engine(), search, "*l*")} == {
        "lib",
        "tool",
        "old",
    }


def test_search_without_a_hit_names_what_is_near(open_engine: OpenEngine) -> None:
    with pytest.raises(api.XcondaError) as caught:
        questions.search(open_engine(), search, "toool")
    assert "tool" in caught.value.fix


def test_the_facts_say_where_everything_is(open_engine: OpenEngine, channel: str) -> None:
    facts = open_engine().facts()
    assert facts["channels"] == [f"{channel}/{facts['platform']}", f"{channel}/noarch"]
    assert facts["root_why"]


def test_the_facts_name_each_configuration_file_once(
    open_engine: OpenEngine, environ: dict[str, str]
) -> None:
    condarc = Path(environ["HOME"]) / ".condarc"
    condarc.write_text("channel_priority: flexible\nremote_max_retries: 1\nssl_verify: false\n")
    assert open_engine().facts()["config_files"] == [str(condarc)]


def by_another_tool(run: Session, verb: str, *specs: str) -> None:
    """Change the environment as py-rattler does: without a word in the history."""
    history = run.prefix / "conda-meta/history"
    before = history.read_bytes()
    run(verb, *specs)
    newest = max((run.prefix / "conda-meta/.xconda/revisions").iterdir(), key=_number)
    newest.unlink()
    history.write_bytes(before)


def _number(snapshot: Path) -> int:
    return int(snapshot.stem)


def test_what_another_tool_did_is_a_revision_of_its_own_before_ours(run: Session) -> None:
    run("create", "app=1")
    by_another_tool(run, "install", "tool")
    run("install", "app=2")
    commands = [revision.command for revision in read_history(run.prefix)]
    assert commands == ["xconda create app=1", "", "xconda install app=2"]
    run("undo")
    assert run.versions == {"app": "1.0", "lib": "2.0", "tool": "1.0"}
    run("undo")
    assert "tool" not in run.versions


def test_an_environment_made_by_another_tool_keeps_its_packages_through_undo(run: Session) -> None:
    run("create", "tool", "lib=1")
    (run.prefix / "conda-meta/history").write_bytes(b"")
    shutil.rmtree(run.prefix / "conda-meta/.xconda")
    run("install", "app=1")
    run("undo")
    assert run.versions == {"tool": "1.0", "lib": "1.0"}
    with pytest.raises(NothingToUndo):
        run("undo")


def test_undo_does_not_guess_what_to_make_of_another_tools_changes(run: Session) -> None:
    run("create", "app=1")
    run("install", "tool")
    by_another_tool(run, "update", "app")
    with pytest.raises(ChangedByAnotherTool) as caught:
        run("undo")
    assert "+app-2.0-0, -app-1.0-0" in str(caught.value)
    assert run.versions["app"] == "2.0"
    run("undo", revision=1)
    assert run.versions == {"app": "1.0", "lib": "2.0", "tool": "1.0"}


@pytest.mark.parametrize("left", ["conda-meta", "conda-meta/.xconda"])
def test_an_environment_is_created_where_only_the_empty_folders_of_a_killed_one_are(
    run: Session, left: str
) -> None:
    (run.prefix / left).mkdir(parents=True)

    run("create", "lib=1")

    assert run.versions == {"lib": "1.0"}
