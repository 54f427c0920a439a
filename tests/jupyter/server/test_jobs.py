"""Changes over HTTP: begun, previewed, confirmed, cancelled, and read again by anybody."""

from pathlib import Path

import pytest

from tests.jupyter.server.conftest import Ask, finished, with_plan


async def created(ask: Ask, *specs: str) -> str:
    _, job = await ask(
        "POST", "jobs", {"verb": "create", "name": "e", "specs": list(specs), "confirm": "yes"}
    )
    document = await finished(ask, job["id"])
    assert document["status"] == "succeeded", document
    return str(document["prefix"])


async def test_a_creation_answers_at_once_with_the_address_of_its_job(ask: Ask) -> None:
    status, job = await ask("POST", "jobs", {"verb": "create", "name": "e", "specs": ["tool"]})
    assert status == 202
    assert (job["verb"], job["specs"], job["owner"]["kind"]) == ("create", ["tool"], "server")
    await ask("DELETE", f"jobs/{job['id']}")
    assert (await finished(ask, job["id"]))["status"] == "cancelled"


async def test_a_plan_waits_for_its_confirmation_and_is_then_carried_out(
    ask: Ask, user: Path
) -> None:
    _, job = await ask("POST", "jobs", {"verb": "create", "name": "e", "specs": ["tool"]})
    document = await with_plan(ask, job["id"])
    assert [step["name"] for step in document["plan"]["operations"]] == ["base-lib", "tool"]
    assert not (user / "envs" / "e").exists()

    status, _ = await ask("POST", f"jobs/{job['id']}/confirm")

    assert status == 202
    document = await finished(ask, job["id"])
    assert document["status"] == "succeeded"
    assert sorted(document["transaction"]["linked"]) == ["base-lib-2.1-0", "tool-2.0-0"]
    assert (user / "envs" / "e" / "bin" / "tool").read_bytes() == b"2"


async def test_a_finished_job_can_be_read_again_by_every_tab(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    _, jobs = await ask("GET", "jobs", prefix=prefix)
    (summary,) = jobs["jobs"]
    first = await ask("GET", f"jobs/{summary['id']}")
    assert first == await ask("GET", f"jobs/{summary['id']}")
    assert first[1]["fraction"] == 1
    _, log = await ask("GET", f"jobs/{summary['id']}/log")
    assert "Done" in log["words"]


async def test_what_a_package_has_to_say_is_among_the_notices_of_its_job(ask: Ask) -> None:
    prefix = await created(ask, "speaker")
    _, jobs = await ask("GET", "jobs", prefix=prefix)
    _, job = await ask("GET", f"jobs/{jobs['jobs'][0]['id']}")
    assert {"level": "info", "text": "Read me."} in job["notices"]


@pytest.mark.parametrize("level", [1, 2, 3])
async def test_the_log_of_a_job_says_what_its_level_means_in_a_terminal(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    monkeypatch.setenv("CONDA_VERBOSITY", str(level))
    prefix = await created(ask, "tool")
    _, jobs = await ask("GET", "jobs", prefix=prefix)

    _, log = await ask("GET", f"jobs/{jobs['jobs'][0]['id']}/log")

    assert ("INFO xconda_core" in log["log"]) == (level >= 2)
    assert ("DEBUG xconda_core" in log["log"]) == (level >= 3)


async def test_a_preview_changes_nothing(ask: Ask, user: Path) -> None:
    prefix = await created(ask, "tool=1.0")
    _, job = await ask(
        "POST", "jobs", {"verb": "update", "prefix": prefix, "specs": ["tool"], "dry_run": True}
    )
    document = await finished(ask, job["id"])
    (step,) = document["plan"]["operations"]
    assert (step["old"]["version"], step["new"]["version"]) == ("1.0", "2.0")
    assert not document["awaits_confirmation"]
    assert (Path(prefix) / "bin" / "tool").read_bytes() == b"1"


async def test_what_cannot_be_solved_is_a_job_that_failed_with_its_explanation(ask: Ask) -> None:
    _, job = await ask(
        "POST", "jobs", {"verb": "create", "name": "e", "specs": ["needs-gone"], "confirm": "yes"}
    )
    document = await finished(ask, job["id"])
    assert document["status"] == "failed"
    assert document["error"]["code"] in {"unsatisfiable", "packages-not-found"}
    assert "gone" in document["error"]["why"]


async def test_undo_brings_the_environment_back(ask: Ask) -> None:
    prefix = await created(ask, "tool=1.0")
    for body in ({"verb": "update", "specs": ["tool"]}, {"verb": "undo"}):
        _, job = await ask("POST", "jobs", {"prefix": prefix, "confirm": "yes", **body})
        document = await finished(ask, job["id"])
        assert document["status"] == "succeeded", document
    _, packages = await ask("GET", "packages", prefix=prefix)
    versions = {each["name"]: each["version"] for each in packages["packages"]}
    assert versions == {"tool": "1.0", "base-lib": "2.1"}
    _, history = await ask("GET", "history", prefix=prefix)
    assert len(history["revisions"]) == 3


async def test_confirming_before_there_is_a_plan_is_refused(ask: Ask) -> None:
    _, job = await ask(
        "POST", "jobs", {"verb": "create", "name": "e", "specs": ["nobody-has-this"]}
    )
    await finished(ask, job["id"])
    status, error = await ask("POST", f"jobs/{job['id']}/confirm")
    assert (status, error["code"]) == (422, "nothing-to-confirm")


async def test_an_unknown_job_is_not_found(ask: Ask) -> None:
    status, error = await ask("GET", "jobs/20260101T000000000-abcdef")
    assert (status, error["code"]) == (404, "job-unknown")
