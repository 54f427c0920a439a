"""How much one server does at a time, and what it says when that is too much."""

import asyncio
from typing import Any

import pytest

from tests.jupyter.server.conftest import Ask, finished, with_plan
from xconda_core.cli import notebook_wish
from xconda_jupyter.server.workers import PROTOCOL


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"xconda_jupyter.server": True}},
        "XcondaApp": {"most_jobs": 2, "most_questions": 3},
    }


async def test_one_job_too_many_is_refused_until_another_ends(ask: Ask) -> None:
    names = ["a", "b"]
    jobs = [
        (await ask("POST", "jobs", {"verb": "create", "name": name, "specs": ["tool"]}))[1]["id"]
        for name in names
    ]
    wish = {"verb": "create", "name": "c", "specs": ["tool"], "confirm": "yes"}
    status, error = await ask("POST", "jobs", wish)
    assert (status, error["code"]) == (429, "too-many-requests")
    assert error["why"] == "2 jobs of this server run or wait already."

    await with_plan(ask, jobs[0])
    await ask("DELETE", f"jobs/{jobs[0]}")
    await finished(ask, jobs[0])
    for _ in range(50):  # the worker's process ends a moment after its job
        status, document = await ask("POST", "jobs", wish)
        if status == 202:
            break
        await asyncio.sleep(0.1)
    assert (await finished(ask, document["id"]))["status"] == "succeeded"


async def test_a_job_that_cannot_begin_takes_no_place(ask: Ask) -> None:
    for _ in range(3):
        status, _ = await ask("POST", "jobs", {"verb": "create", "name": "a", "specs": ["=="]})
        assert status != 429


async def test_too_many_questions_at_once_are_refused_and_the_others_answered(ask: Ask) -> None:
    answers = await asyncio.gather(*(ask("GET", "info") for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 429, 429, 429]


def test_the_server_speaks_the_workers_protocol() -> None:
    assert PROTOCOL == notebook_wish.PROTOCOL
