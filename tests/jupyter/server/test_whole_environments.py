"""Environments made from files, cloned, renamed and removed: each a job like any other."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.jupyter.server.conftest import Ask, finished, with_plan
from tests.jupyter.server.test_jobs import created

Document = Mapping[str, Any]


async def done(ask: Ask, **wish: Any) -> Document:
    status, job = await ask("POST", "jobs", {"confirm": "yes", **wish})
    assert status == 202, job
    return await finished(ask, job["id"])


async def packages(ask: Ask, prefix: Path) -> dict[str, str]:
    _, found = await ask("GET", "packages", prefix=str(prefix))
    return {each["name"]: each["version"] for each in found["packages"]}


@pytest.mark.parametrize("kind", ["environment-yaml", "explicit", "conda-lock"])
async def test_an_environment_is_made_again_from_its_own_export(
    ask: Ask, user: Path, kind: str
) -> None:
    prefix = await created(ask, "tool=1.0")
    _, found = await ask("GET", "export", prefix=prefix, format=kind)
    name = {"conda-lock": "conda-lock.yml", "explicit": "explicit.txt"}.get(kind, "environment.yml")
    document = await done(
        ask, verb="create", name="twin", file={"text": found["text"], "name": name}
    )
    assert document["status"] == "succeeded", document["error"]
    assert await packages(ask, user / "envs" / "twin") == {"base-lib": "2.1", "tool": "1.0"}
    assert document["command"] == f"xconda create --file {name}"


async def test_a_file_that_cannot_be_read_says_where(ask: Ask) -> None:
    file = {"text": "dependencies:\n- [tool\n"}
    status, error = await ask("POST", "jobs", {"verb": "create", "name": "e", "file": file})
    assert status == 422
    assert error["what"].startswith("environment.yml")  # whose name the sender knows
    assert "line" in error["why"]


async def test_an_environment_is_brought_to_what_a_file_describes(ask: Ask) -> None:
    prefix = await created(ask, "tool=1.0")
    file = {"text": "dependencies: [tool=2.0]\nvariables: {MY_PLACE: here}\n"}

    document = await done(ask, verb="env update", prefix=prefix, file=file)

    assert document["status"] == "succeeded", document["error"]
    assert (await packages(ask, Path(prefix)))["tool"] == "2.0"
    assert document["plan"]["variables"] == ["MY_PLACE"]
    assert document["command"] == f"xconda env update -p {prefix} --file environment.yml"


async def test_a_clone_has_the_packages_of_its_source(ask: Ask, user: Path) -> None:
    source = await created(ask, "tool=1.0")
    (Path(source) / "notes.txt").write_text("mine")
    document = await done(ask, verb="clone", source="e", name="twin")
    assert document["status"] == "succeeded", document["error"]
    assert (document["verb"], document["plan"]["clone_of"]) == ("clone", source)
    assert await packages(ask, user / "envs" / "twin") == {"base-lib": "2.1", "tool": "1.0"}
    assert (user / "envs" / "twin" / "notes.txt").read_text() == "mine"


async def test_a_renamed_environment_is_at_its_new_place_only(ask: Ask, user: Path) -> None:
    source = await created(ask, "tool")
    document = await done(ask, verb="rename", source=source, name="after")
    assert document["status"] == "succeeded", document["error"]
    assert not Path(source).exists()
    assert await packages(ask, user / "envs" / "after") == {"base-lib": "2.1", "tool": "2.0"}
    _, history = await ask("GET", "history", name="after")
    assert len(history["revisions"]) == 1


async def test_the_removal_of_an_environment_is_shown_and_then_done(ask: Ask, user: Path) -> None:
    prefix = Path(await created(ask, "tool"))
    (prefix / "notes.txt").write_text("mine")
    _, job = await ask("POST", "jobs", {"verb": "remove environment", "name": "e"})
    document = await with_plan(ask, job["id"])
    assert document["plan"]["removes"] == str(prefix)
    assert document["plan"]["foreign"] == ["notes.txt"]
    assert {step["movement"] for step in document["plan"]["operations"]} == {"remove"}
    assert prefix.exists()

    await ask("POST", f"jobs/{job['id']}/confirm")

    document = await finished(ask, job["id"])
    assert document["status"] == "succeeded", document["error"]
    assert sorted(document["transaction"]["unlinked"]) == ["base-lib-2.1-0", "tool-2.0-0"]
    assert not prefix.exists()
    _, found = await ask("GET", "environments")
    assert str(prefix) not in [each["prefix"] for each in found["environments"]]


async def test_an_empty_environment_is_not_removed_unasked(ask: Ask, user: Path) -> None:
    prefix = Path(await created(ask))
    _, job = await ask("POST", "jobs", {"verb": "remove environment", "name": "e"})
    document = await with_plan(ask, job["id"])
    assert document["awaits_confirmation"]
    assert prefix.exists()
    await ask("DELETE", f"jobs/{job['id']}")
    assert (await finished(ask, job["id"]))["status"] == "cancelled"
    assert prefix.exists()


async def test_an_environment_is_replaced_only_where_that_is_said_and_the_plan_says_it(
    ask: Ask, user: Path
) -> None:
    prefix = Path(await created(ask, "tool=1.0"))
    (prefix / "notes.txt").write_text("mine")
    wish = {"verb": "create", "name": "e", "specs": ["base-lib"]}
    refused = await done(ask, **wish)
    assert refused["error"]["code"] == "environment-exists"
    replaced = await done(ask, **wish, replace=True)
    assert replaced["status"] == "succeeded", replaced["error"]
    assert (replaced["plan"]["onto"], replaced["plan"]["foreign"]) == ("environment", ["notes.txt"])
    assert await packages(ask, prefix) == {"base-lib": "2.1"}
    assert (prefix / "notes.txt").read_text() == "mine"


async def test_the_active_environment_is_not_replaced(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = await created(ask, "tool")
    monkeypatch.setenv("CONDA_PREFIX", prefix)
    status, error = await ask("POST", "jobs", {"verb": "create", "name": "e", "replace": True})
    assert (status, error["code"]) == (409, "environment-in-use")


async def test_the_active_environment_stays(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = await created(ask, "tool")
    monkeypatch.setenv("CONDA_PREFIX", prefix)
    for wish in ({"verb": "remove environment", "name": "e"},
                 {"verb": "rename", "source": "e", "name": "f"}):  # fmt: skip
        status, error = await ask("POST", "jobs", wish)
        assert (status, error["code"]) == (409, "environment-in-use")
    assert Path(prefix).exists()


async def test_the_environment_that_the_server_runs_in_stays(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = await created(ask, "tool")
    monkeypatch.setattr(sys, "prefix", prefix)
    status, error = await ask("POST", "jobs", {"verb": "remove environment", "name": "e"})
    assert (status, error["code"]) == (409, "environment-in-use")


async def test_what_is_cloned_must_be_known(ask: Ask, user: Path) -> None:
    status, error = await ask("POST", "jobs", {"verb": "clone", "source": "/etc", "name": "twin"})
    assert (status, error["code"]) == (403, "prefix-not-allowed")
