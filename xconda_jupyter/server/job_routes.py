"""Changes as resources: begun, listed, read, confirmed, cancelled."""

import json
from typing import Any, Final

from jupyter_server.auth.decorator import authorized
from tornado import web

from xconda_core.api import JobFolder, JobsStore
from xconda_jupyter.server.failures import refused
from xconda_jupyter.server.handlers import XcondaHandler, may_execute
from xconda_jupyter.server.job_documents import summary, whole
from xconda_jupyter.server.wishes import JobWish, read_body

_MOST_JOBS: Final = 50


class JobsHandler(XcondaHandler):
    """``/xconda/jobs``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the jobs of the user, newest first; of one environment where ``prefix`` is given."""
        prefix = self.text("prefix")
        found = await self.in_thread(self.jobs.jobs)
        meant = [job for job in found if not prefix or job.request.get("prefix") == prefix]
        self.answer({"jobs": [summary(job) for job in meant[:_MOST_JOBS]]})

    @web.authenticated
    @may_execute
    async def post(self) -> None:
        """Begin a change; answers 202 with the job's address."""
        wish = read_body(self.request.body, JobWish)
        place = self.environments.new if wish.verb == "create" else self.environments.existing
        prefix = await self.in_thread(lambda: place(wish.prefix, wish.name))
        job = await self.workers.start_job(
            {
                "verb": wish.verb,
                "prefix": prefix,
                "specs": wish.specs,
                "update_all": wish.update_all,
                "revision": wish.revision,
                "channels": wish.channels,
                "override_channels": wish.override_channels,
                "dry_run": wish.dry_run,
                "confirm": wish.confirm,
                "command": " ".join(["xconda", wish.verb, *wish.specs]),
            }
        )
        self.watch.wake()
        self.set_header("Location", self.request.path.rstrip("/") + f"/{job}")
        document = await self.in_thread(lambda: _read(self.jobs, job))
        self.answer(whole(document), 202)


class JobHandler(XcondaHandler):
    """``/xconda/jobs/{id}``."""

    @web.authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Tell how a job stands, as often as asked."""
        document = await self.in_thread(lambda: _read(self.jobs, job))
        self.answer(whole(document))

    @web.authenticated
    @may_execute
    async def delete(self, job: str) -> None:
        """Ask a job to stop; what it did is undone, and ``GET`` tells when."""
        await self.in_thread(lambda: self.jobs.job(job).ask_cancel())
        self.watch.wake()
        self.answer(whole(await self.in_thread(lambda: _read(self.jobs, job))), 202)


class ConfirmHandler(XcondaHandler):
    """``POST /xconda/jobs/{id}/confirm``."""

    @web.authenticated
    @may_execute
    async def post(self, job: str) -> None:
        """Let a job carry out the plan that it waits with."""
        await self.in_thread(lambda: _confirm(self.jobs.job(job)))
        self.watch.wake()
        self.answer(whole(await self.in_thread(lambda: _read(self.jobs, job))), 202)


class JobLogHandler(XcondaHandler):
    """``GET /xconda/jobs/{id}/log``."""

    @web.authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Return what the job's worker logged, and the words of its events."""
        self.answer(await self.in_thread(lambda: _log(self.jobs.job(job))))


def _read(jobs: JobsStore, job: str) -> Any:
    return jobs.read(jobs.job(job))


def _confirm(folder: JobFolder) -> None:
    if folder.document("plan.json") is None:
        raise refused(
            "nothing-to-confirm",
            "Nothing was confirmed: the job has no plan yet.",
            "it is still being worked out, or failed.",
            "look at the job again.",
        )
    folder.confirm()


def _log(folder: JobFolder) -> dict[str, Any]:
    try:
        text = folder.log_path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        text = ""
    lines = folder.events_path.read_text(encoding="utf-8", errors="replace").splitlines()
    words = [json.loads(line)["shows"]["words"] for line in lines if line.endswith("}")]
    return {"log": text, "words": list(dict.fromkeys(words))}
