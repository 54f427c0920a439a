"""No credential of a channel leaves through any resource."""

import json
from pathlib import Path

import pytest

from tests.jupyter.server.conftest import Ask, finished

TOKEN = "hush-hush-1234"
PASSWORD = "sesame-5678"


async def test_no_resource_tells_a_token_or_a_password(
    ask: Ask, user: Path, monkeypatch: pytest.MonkeyPatch, channel_url: str
) -> None:
    host = channel_url.removeprefix("http://")
    with_token = f"http://{host}/t/{TOKEN}/private"
    with_password = f"http://me:{PASSWORD}@{host}"
    (user / ".condarc").write_text(
        f"channels: [{with_password}]\nproxy_servers: {{ftp: http://p:{PASSWORD}@proxy}}\n"
    )
    monkeypatch.delenv("CONDA_CHANNELS")
    heard = []

    async def listen(method: str, path: str, body: object = None, /, **query: str) -> dict:  # type: ignore[type-arg]
        status, document = await ask(method, path, body, **query)
        heard.append((method, path, status, json.dumps(document)))
        return dict(document)

    wish = {"verb": "create", "name": "e", "specs": ["tool"], "confirm": "yes"}
    job = (await listen("POST", "jobs", wish))["id"]
    prefix = (await finished(ask, job))["prefix"]
    private = {**wish, "name": "f", "channels": [with_token]}
    failed = (await listen("POST", "jobs", private))["id"]
    await finished(ask, failed)
    for name in (job, failed):
        await listen("GET", f"jobs/{name}")
        await listen("GET", f"jobs/{name}/log")
    for path in ("environments", "jobs", "kernels", "clean", "channels", "config", "info"):
        await listen("GET", path)
    for path in ("packages", "history", "diff", "doctor", "tree", "export", "lock", "config"):
        await listen("GET", path, prefix=prefix)
    for kind in ("explicit", "conda-lock", "environment-json"):
        await listen("GET", "export", prefix=prefix, format=kind)
    await listen("GET", "why", prefix=prefix, package="tool", with_version="true")
    await listen("GET", "search", query="tool")
    await listen("GET", "search", query="tool", channel=with_token)
    await listen("GET", "search", query=f"{with_token}::tool")
    await listen("POST", "lock", {"specs": ["tool"], "channels": [with_token]})

    assert [each[:3] for each in heard if TOKEN in each[3] or PASSWORD in each[3]] == []
    assert len(heard) > 25
    assert any(host in text for *_, text in heard)
