"""Who may do what: every resource, every verb."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.utils import url_path_join
from tornado.httpclient import HTTPClientError

from tests.jupyter.server.conftest import Fetch
from xconda_jupyter.server.handlers import XcondaHandler
from xconda_jupyter.server.routes import ROUTES

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JOB = "jobs/20260101T000000000-abcdef"
QUESTIONS = [
    "packages", "why", "tree", "search", "info", "config", "channels", "history", "diff", "doctor",
    "clean", "export", "lock",
]  # fmt: skip
READS = ["environments", "kernels", "notebook", *QUESTIONS, "jobs", JOB, f"{JOB}/log"]
WRITES = [("POST", "jobs"), ("DELETE", JOB), ("POST", f"{JOB}/confirm"), ("POST", "lock")]
ALL = [*(("GET", path) for path in READS), *WRITES]


class NobodyMayExecute(Authorizer):
    """Lets everybody read, and nobody change anything."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return resource != "xconda" or action == "read"


@pytest.fixture
def refusing(jp_server_config: dict[str, Any]) -> None:
    jp_server_config["ServerApp"]["authorizer_class"] = NobodyMayExecute


async def status_of(fetch: Fetch, method: str, path: str, **headers: str) -> int:
    body = "{}" if method == "POST" else None
    try:
        answer = await fetch("xconda", *path.split("/"), method=method, body=body, headers=headers)
    except HTTPClientError as error:
        return error.code
    return int(answer.code)


def test_every_verb_of_every_route_is_in_the_table_of_permissions() -> None:
    answered = {
        (method, route)
        for route, handler in ROUTES
        for method in VERBS
        if any(method.lower() in vars(each) for each in handler.__mro__[: _own(handler)])
    }
    tried = {
        (method, route)
        for method, path in ALL
        for route, _ in ROUTES
        if re.fullmatch(route, f"/xconda/{path}")
    }
    assert answered == tried


def _own(handler: type) -> int:
    return handler.__mro__.index(XcondaHandler)


@pytest.mark.parametrize(("method", "path"), ALL)
async def test_without_a_token_nothing_is_told(
    user: Path, jp_fetch: Fetch, method: str, path: str
) -> None:
    status = await status_of(jp_fetch, method, path, Authorization="token wrong")
    assert status == 403


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_who_may_only_read_changes_nothing(
    user: Path, refusing: None, jp_fetch: Fetch, method: str, path: str
) -> None:
    assert await status_of(jp_fetch, method, path) == 403


async def test_who_may_only_read_reads(user: Path, refusing: None, jp_fetch: Fetch) -> None:
    assert await status_of(jp_fetch, "GET", "environments") == 200


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_a_form_of_another_site_is_refused(
    user: Path, jp_serverapp: Any, http_server_client: Any, jp_base_url: str, method: str, path: str
) -> None:
    # A browser that is logged in by cookie sends it along with a stranger's form: XSRF decides.
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(
            url_path_join(jp_base_url, "xconda", path),
            method=method,
            body=json.dumps({"verb": "create", "name": "e"}) if method == "POST" else None,
            follow_redirects=False,
            headers=await _logged_in(http_server_client, jp_serverapp, jp_base_url),
        )
    assert caught.value.code == 403
    answer: Any = caught.value.response
    assert "_xsrf" in json.loads(answer.body)["message"]


async def _logged_in(client: Any, app: Any, base: str) -> dict[str, str]:
    """Return the cookies of a browser whose user came with the token; nothing of XSRF is sent."""
    page = url_path_join(base, "tree") + f"?token={app.identity_provider.token}"
    try:
        answer = await client.fetch(page, follow_redirects=False)
    except HTTPClientError as error:
        answer = error.response
    cookies = [each.split(";")[0] for each in answer.headers.get_list("Set-Cookie")]
    return {"Cookie": "; ".join(cookies)}


def test_every_change_is_among_those_that_a_strangers_form_is_tried_on() -> None:
    assert {method for method, _ in ALL} - {"GET"} == {method for method, _ in WRITES}
