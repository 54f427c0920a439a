"""The event bus says *look again*, and nothing that is not everybody's business."""

import asyncio
from pathlib import Path
from typing import Any

from tests.jupyter.server.conftest import Ask
from tests.jupyter.server.test_jobs import created
from xconda_jupyter.server.events import JOB_SCHEMA_ID, JobWatch


async def test_a_job_is_announced_and_so_is_its_end(ask: Ask, jp_serverapp: Any) -> None:
    heard: list[dict[str, Any]] = []

    async def listen(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        heard.append(data)

    await jp_serverapp.extension_manager.start_all_extensions()  # as a server does that is run
    jp_serverapp.event_logger.add_listener(schema_id=JOB_SCHEMA_ID, listener=listen)
    await created(ask, "tool")
    for _ in range(100):
        if heard and heard[-1]["is_finished"]:
            break
        await asyncio.sleep(0.1)
    assert {each["job"] for each in heard} == {heard[0]["job"]}
    assert heard[-1]["is_finished"]
    assert {key for each in heard for key in each} == {"job", "is_finished"}


class Heard:
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []

    def emit(self, *, schema_id: str, data: dict[str, Any]) -> None:
        self.data.append(data)


async def test_a_job_that_another_process_runs_is_announced_too(tmp_path: Path) -> None:
    heard = Heard()
    watch = JobWatch(tmp_path, heard)
    running = asyncio.create_task(watch.run())
    await asyncio.sleep(0.2)
    (tmp_path / "job-of-a-terminal").mkdir()
    (tmp_path / "job-of-a-terminal" / "events.jsonl").write_text("{}\n")
    watch.wake()
    for _ in range(50):
        if heard.data:
            break
        await asyncio.sleep(0.1)
    running.cancel()
    assert heard.data == [{"job": "job-of-a-terminal", "is_finished": False}]


async def test_many_changes_of_one_job_are_at_most_four_events_a_second(tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    log = tmp_path / "job" / "events.jsonl"
    log.write_text("")
    heard = Heard()
    watch = JobWatch(tmp_path, heard)
    running = asyncio.create_task(watch.run())
    for _ in range(100):
        with log.open("a") as file:
            file.write("{}\n")
        watch.wake()
        await asyncio.sleep(0.01)
    running.cancel()
    assert 1 <= len(heard.data) <= 6
