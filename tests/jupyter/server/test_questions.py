"""Questions over HTTP, and what requests may not ask."""

from pathlib import Path

import pytest

from tests.jupyter.server.conftest import Ask, finished
from tests.jupyter.server.test_jobs import created


async def test_environments_are_listed_with_name_and_prefix(ask: Ask, user: Path) -> None:
    prefix = await created(ask, "tool")
    _, found = await ask("GET", "environments")
    (mine,) = [each for each in found["environments"] if each["prefix"] == prefix]
    assert mine["name"] == "e"
    assert mine["is_writable"]
    assert mine["kernel"] is None


async def test_an_environment_is_meant_by_name_as_by_prefix(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    assert await ask("GET", "packages", name="e") == await ask("GET", "packages", prefix=prefix)


async def test_search_tells_what_the_channels_offer(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    _, found = await ask("GET", "search", prefix=prefix, query="tool")
    assert {each["version"] for each in found["packages"]} == {"1.0", "2.0"}


async def test_two_revisions_are_told_apart(ask: Ask) -> None:
    prefix = await created(ask, "tool=1.0")
    body = {"verb": "update", "prefix": prefix, "specs": ["tool"], "confirm": "yes"}
    _, job = await ask("POST", "jobs", body)
    await finished(ask, job["id"])
    status, found = await ask("GET", "diff", **{"prefix": prefix, "from": "0", "to": "1"})
    assert status == 200, found
    assert "2.0" in str(found)


@pytest.mark.parametrize("path", ["/etc", "/etc/../etc", "relative", "/tmp/\0x", "//", "~"])
async def test_no_path_outside_the_known_environments_is_looked_at(ask: Ask, path: str) -> None:
    status, error = await ask("GET", "packages", prefix=path)
    assert status in {400, 403}
    assert error["code"] in {"prefix-not-allowed", "request-not-understood"}


async def test_a_new_environment_goes_into_the_folders_for_them_only(ask: Ask, user: Path) -> None:
    body = {"verb": "create", "prefix": str(user / "elsewhere"), "specs": ["tool"]}
    status, error = await ask("POST", "jobs", body)
    assert (status, error["code"]) == (403, "prefix-not-allowed")
    assert not (user / "elsewhere").exists()


async def test_a_name_cannot_leave_the_folders_for_environments(ask: Ask) -> None:
    body = {"verb": "create", "name": "../../x", "specs": ["tool"]}
    status, error = await ask("POST", "jobs", body)
    assert status == 422
    assert error["what"]


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "format-disk", "name": "e"},
        {"verb": "install", "name": "e", "surprise": 1},
        {"verb": "install", "name": "e", "specs": "tool"},
        {"verb": "install", "name": "e", "specs": [1]},
        {"name": "e"},
        [],
    ],
)
async def test_a_body_that_does_not_fit_is_refused_with_the_reason(ask: Ask, body: object) -> None:
    status, error = await ask("POST", "jobs", body or [1])
    assert (status, error["code"]) == (400, "request-not-understood")
    assert error["why"]


async def test_an_argument_that_is_no_number_is_refused(ask: Ask) -> None:
    prefix = await created(ask, "tool")
    status, error = await ask("GET", "diff", **{"prefix": prefix, "from": "one"})
    assert (status, error["code"]) == (400, "request-not-understood")
