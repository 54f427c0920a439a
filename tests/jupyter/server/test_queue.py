"""One queue for each environment: who comes second waits, and says for whom."""

import asyncio
import os
import threading
from pathlib import Path

from tests.jupyter.server.conftest import Ask, finished
from tests.jupyter.server.test_jobs import created
from xconda_core.cancel import CancelToken
from xconda_core.files.locks import locked
from xconda_core.transaction.journal import LOCK_FILE


async def test_a_job_that_waits_names_whom_it_waits_for(ask: Ask) -> None:
    prefix = Path(await created(ask, "tool=1.0"))
    begun, over = threading.Event(), threading.Event()

    def other() -> None:
        command = "xconda install Other"
        with locked(prefix / LOCK_FILE, target=prefix, command=command, cancel=CancelToken()):
            begun.set()
            over.wait(30)

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait()
    wish = {"verb": "update", "prefix": str(prefix), "specs": ["tool"], "confirm": "yes"}
    _, job = await ask("POST", "jobs", wish)
    for _ in range(200):
        _, document = await ask("GET", f"jobs/{job['id']}")
        if document["awaits"] is not None:
            break
        await asyncio.sleep(0.05)
    over.set()
    thread.join()

    assert document["awaits"]["command"] == "xconda install Other"
    assert document["awaits"]["pid"] == os.getpid()
    assert document["awaits"]["job"] is None, "no job of the store: another program"
    assert document["words"].startswith("Waiting for `xconda install Other` (process ")
    document = await finished(ask, job["id"])
    assert document["status"] == "succeeded", document["error"]
    assert document["awaits"] is None


async def test_the_one_that_is_waited_for_is_named_as_a_job_where_it_is_one(ask: Ask) -> None:
    prefix = await created(ask, "tool=1.0")
    _, first = await ask("POST", "jobs", {"verb": "remove", "prefix": prefix, "specs": ["tool"]})
    owner = first["owner"]["pid"]
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:  # as that job will, once it is confirmed
        path, text = Path(prefix) / LOCK_FILE, first["command"]
        with locked(path, target=Path(prefix), command=text, cancel=CancelToken()) as lock:
            content = os.pread(lock.descriptor, 4096, 0).decode()
            content = content.replace(str(os.getpid()), str(owner))
            os.ftruncate(lock.descriptor, os.pwrite(lock.descriptor, content.encode(), 0))
            begun.set()
            over.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait()
    wish = {"verb": "update", "prefix": prefix, "specs": ["tool"], "confirm": "yes"}
    _, second = await ask("POST", "jobs", wish)
    for _ in range(200):
        _, document = await ask("GET", f"jobs/{second['id']}")
        if document["awaits"] is not None:
            break
        await asyncio.sleep(0.05)
    assert document["awaits"]["job"] == first["id"]
    over.set()
    thread.join()
    await finished(ask, second["id"])
    await ask("DELETE", f"jobs/{first['id']}")
    await finished(ask, first["id"])
