"""Python projects that conda did not install: seen, kept, replaced cleanly, and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.pip_world import SITE, conda_packages, files_of, pip_install
from tests.engine.session import Session
from xconda_core import api
from xconda_core.engine.listing import listed_packages
from xconda_core.events import Noticed
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import a_channel
from xconda_core.transaction.kept_python import KeptPythonLost
from xconda_core.transaction.prefix_view import PathInTheWay
from xconda_core.transaction.python_files import PythonFilesUnknown
from xconda_core.transaction.result import PlanOutdated


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[str]:
    a_channel(tmp_path / "served" / "channel", conda_packages())
    with serve(tmp_path / "served") as server:
        yield f"{server.url}/channel"


@pytest.fixture
def pip(run: Session) -> Session:
    """An environment with Python, and with ``greeter`` and ``solo`` from pip."""
    run("create", "python")
    pip_install(run.prefix, "greeter", "1.0", extra={f"{SITE}/greeter/old.py": b"old = True\n"})
    pip_install(run.prefix, "solo", "3.0")
    return run


def listed(run: Session) -> list[str]:
    records = listed_packages(run.state).values()
    return [f"{each.name} {each.version} {each.channel_name}" for each in records]


def test_a_list_has_one_line_for_each_with_the_channel_pypi(pip: Session) -> None:
    assert listed(pip) == ["greeter 1.0 pypi", "python 3.12.1 channel", "solo 3.0 pypi"]


def test_a_replaced_environment_takes_what_pip_installed_along_and_an_undo_brings_it_back(
    pip: Session,
) -> None:
    before = files_of(pip.prefix)
    replace = Session(pip.prefix, pip.open_engine, may_replace=True)

    plan = replace("create", "tool")

    assert [each.project for each in plan.python_removed] == ["greeter", "solo"]
    assert plan.foreign == ()
    assert listed(pip) == ["tool 1.0 channel"]
    assert not (pip.prefix / "lib").exists()
    pip("undo")
    assert files_of(pip.prefix) == before


def test_a_project_that_does_not_say_what_is_its_own_stays_in_a_replaced_environment(
    pip: Session,
) -> None:
    (pip.prefix / SITE / "solo-3.0.dist-info/RECORD").unlink()
    replace = Session(pip.prefix, pip.open_engine, may_replace=True)

    replace("create", "python")

    assert listed(pip) == ["python 3.12.1 channel", "solo 3.0 pypi"]


def test_an_update_of_everything_keeps_what_pip_installed_and_searches_none_of_it(
    pip: Session,
) -> None:
    before = files_of(pip.prefix)  # a channel has a newer greeter, and none has solo
    everything = api.ChangeRequest(verb="update", prefix=pip.prefix, update_all=True)

    pip.execute(pip.open_engine().plan(everything))
    pip("install", "tool")

    assert files_of(pip.prefix).items() > before.items()
    assert listed(pip) == [
        "greeter 1.0 pypi", "python 3.12.1 channel", "solo 3.0 pypi", "tool 1.0 channel",
    ]  # fmt: skip


def test_what_a_project_of_pip_needs_and_a_change_takes_away_is_said(pip: Session) -> None:
    pip("install", "host", "tool")  # conda's greeter 2.0 comes along
    needs = "Requires-Dist: {}\n"
    for requirement in ("greeter>=2", "tool", "tool ; python_version < '3'", "nowhere"):
        metadata = pip.prefix / SITE / "solo-3.0.dist-info" / "METADATA"
        text = metadata.read_text().replace("\n\n", f"\n{needs.format(requirement)}\n", 1)
        metadata.write_text(text)

    def warned(*words: str) -> list[str]:
        events: list[api.Event] = []
        request = api.ChangeRequest(verb="remove", prefix=pip.prefix, specs=words)
        pip.open_engine().plan(request, events.append)
        return [each.text for each in events if isinstance(each, Noticed)]

    assert warned("tool") == ["solo 3.0 of pip needs tool, and it will not be there"]
    assert warned("host", "greeter") == [
        "solo 3.0 of pip needs greeter>=2, and it will not be there"
    ]
    assert warned("solo", "tool") == []


def test_the_package_of_conda_replaces_that_of_pip_wholly(pip: Session) -> None:
    plan = pip("install", "greeter")

    assert [each.project for each in plan.python_removed] == ["greeter"]
    site = pip.prefix / SITE
    assert (site / "greeter" / "__init__.py").read_text() == "version = '2.0'\n"
    assert not (site / "greeter" / "old.py").exists()
    assert not (site / "greeter-1.0.dist-info").exists()
    assert not (site / "greeter" / "__pycache__").exists()
    assert not (pip.prefix / "bin" / "greeter").exists()
    assert listed(pip) == ["greeter 2.0 channel", "python 3.12.1 channel", "solo 3.0 pypi"]


def test_an_undo_brings_the_files_of_pip_back_and_a_redo_takes_them_again(pip: Session) -> None:
    before = files_of(pip.prefix)
    pip("install", "greeter")
    after = files_of(pip.prefix)

    pip("undo")
    assert files_of(pip.prefix) == before

    pip("redo")
    assert files_of(pip.prefix) == after

    pip("undo")
    assert files_of(pip.prefix) == before


def test_what_a_dependency_replaces_comes_back_over_several_revisions(pip: Session) -> None:
    before = files_of(pip.prefix)
    pip("install", "host")
    pip("install", "tool")
    pip("remove", "solo")

    pip("undo", revision=0)

    assert files_of(pip.prefix) == before


def test_a_project_of_pip_alone_can_be_removed_and_brought_back(pip: Session) -> None:
    before = files_of(pip.prefix)

    plan = pip("remove", "solo")
    assert not plan.operations
    assert not plan.is_empty
    assert not [path for path in files_of(pip.prefix) if "solo" in path]

    pip("undo")
    assert files_of(pip.prefix) == before


def test_a_removal_can_name_packages_of_both(pip: Session) -> None:
    pip("install", "tool")

    plan = pip("remove", "tool", "solo")

    assert [step.name for step in plan.operations] == ["tool"]
    assert listed(pip) == ["greeter 1.0 pypi", "python 3.12.1 channel"]


def test_removing_the_package_of_conda_takes_the_copy_of_pip_over_it_along(pip: Session) -> None:
    pip("install", "greeter")
    pip_install(pip.prefix, "greeter", "5.0")
    assert "greeter 5.0 pypi" in listed(pip)

    pip("remove", "greeter")

    assert not [path for path in files_of(pip.prefix) if "greeter" in path]


def test_a_project_that_does_not_say_what_is_its_own_is_left_and_the_way_is_told(
    pip: Session,
) -> None:
    (pip.prefix / SITE / "solo-3.0.dist-info" / "RECORD").unlink()
    before = files_of(pip.prefix)

    with pytest.raises(PythonFilesUnknown, match="pip uninstall solo"):
        pip("remove", "solo")

    assert files_of(pip.prefix) == before


def test_an_undo_refuses_where_what_was_kept_is_gone(pip: Session) -> None:
    pip("install", "greeter")
    kept = pip.prefix / "conda-meta" / ".xconda" / "kept"
    next(kept.rglob("old.py")).unlink()
    before = files_of(pip.prefix)

    with pytest.raises(KeptPythonLost, match=r"old\.py is missing"):
        pip("undo")

    assert files_of(pip.prefix) == before


def test_an_undo_refuses_where_somebody_elses_file_is_in_the_place(pip: Session) -> None:
    pip("remove", "solo")
    (pip.prefix / "bin" / "solo").write_bytes(b"mine")
    before = files_of(pip.prefix)

    with pytest.raises(PathInTheWay, match="of pip comes back"):
        pip("undo")

    assert files_of(pip.prefix) == before


def test_what_pip_installed_again_meanwhile_stays_as_it_is(pip: Session) -> None:
    pip("remove", "solo")
    pip_install(pip.prefix, "solo", "4.0")
    before = files_of(pip.prefix)

    pip("undo")

    assert files_of(pip.prefix) == before


def test_what_leads_out_of_the_environment_is_not_removed(pip: Session, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    record = pip.prefix / SITE / "solo-3.0.dist-info" / "RECORD"
    rows = f"../../../../precious,,\n{precious},,\n../../../conda-meta/history,,\n"
    record.write_text(record.read_text() + rows)

    pip("remove", "solo")

    assert precious.read_bytes() == b"mine"
    assert pip.state.exists


def test_a_plan_does_not_hold_after_pip_has_been_there(pip: Session) -> None:
    plan = pip.plan("install", "tool")
    pip_install(pip.prefix, "latecomer", "1.0")

    with pytest.raises(PlanOutdated):
        pip.execute(plan)
