"""Changes as resources: begun, listed, read, confirmed, cancelled."""

import json
from typing import Any, Final

from jupyter_server.auth.decorator import authorized
from tornado import web

from xconda_core.api import JobFolder
from xconda_jupyter.server.environments import Environments
from xconda_jupyter.server.failures import refused
from xconda_jupyter.server.handlers import XcondaHandler, may_execute
from xconda_jupyter.server.job_documents import Log
from xconda_jupyter.server.kernel_documents import RunningKernel
from xconda_jupyter.server.kernel_routes import running_kernels
from xconda_jupyter.server.wishes import NEW, JobWish, read_body

_MOST_JOBS: Final = 50
_GOES: Final = frozenset({"rename", "remove environment"})


class JobsHandler(XcondaHandler):
    """``/xconda/jobs``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the jobs of the user, newest first; of one environment where ``prefix`` is given."""
        prefix = self.text("prefix")
        self.answer(await self.in_thread(lambda: self.jobs.jobs(_MOST_JOBS, prefix)))

    @web.authenticated
    @may_execute
    async def post(self) -> None:
        """Begin a change; answers 202 with the job's address."""
        wish = read_body(self.request.body, JobWish)
        running = await running_kernels(self) if wish.verb in _GOES or wish.replaces else []
        asked = await self.in_thread(lambda: _asked(wish, self.environments, running))
        job = await self.workers.start_job(asked)
        self.set_header("Location", self.request.path.rstrip("/") + f"/{job}")
        await self.answer_with(job)


class JobHandler(XcondaHandler):
    """``/xconda/jobs/{id}``."""

    @web.authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Tell how a job stands, as often as asked."""
        self.answer(await self.in_thread(lambda: self.jobs.job(job)))

    @web.authenticated
    @may_execute
    async def delete(self, job: str) -> None:
        """Ask a job to stop; what it did is undone, and ``GET`` tells when."""
        await self.in_thread(lambda: self.jobs.store.job(job).ask_cancel())
        await self.answer_with(job)


class ConfirmHandler(XcondaHandler):
    """``POST /xconda/jobs/{id}/confirm``."""

    @web.authenticated
    @may_execute
    async def post(self, job: str) -> None:
        """Let a job carry out the plan that it waits with."""
        await self.in_thread(lambda: _confirm(self.jobs.store.job(job)))
        await self.answer_with(job)


class JobLogHandler(XcondaHandler):
    """``GET /xconda/jobs/{id}/log``."""

    @web.authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Return what the job's worker logged, and the words of its events."""
        self.answer(await self.in_thread(lambda: _log(self.jobs.store.job(job))))


def _asked(
    wish: JobWish, environments: Environments, running: list[RunningKernel]
) -> dict[str, Any]:
    """Return what a worker is asked to do.

    Raises:
        Failed, XcondaError: an environment is not there, or may not be used or taken away.
    """
    place = environments.new if wish.verb in NEW else environments.existing
    prefix = place(wish.prefix, wish.name)
    options = wish.options.given()
    if wish.prune:
        options["prune"] = True
    if wish.file is not None:
        options |= wish.file.options()
    if wish.verb in {"clone", "rename"}:
        is_path = "/" in wish.source
        options["source"] = environments.existing(
            wish.source if is_path else "", "" if is_path else wish.source
        )
    if wish.replaces:
        options["may_replace"] = True
    if wish.verb in _GOES or wish.replaces:
        gone = str(options.get("source", prefix))
        environments.refuse_in_use(gone, [each.path for each in running if each.prefix == gone])
    return {
        "verb": wish.verb,
        "prefix": prefix,
        "specs": wish.specs,
        "update_all": wish.update_all,
        "revision": wish.revision,
        "channels": wish.channels,
        "override_channels": wish.override_channels,
        "options": options,
        "dry_run": wish.dry_run,
        "confirm": wish.confirm,
        "command": wish.command(),
    }


def _confirm(folder: JobFolder) -> None:
    if folder.document("plan.json") is None:
        raise refused(
            "nothing-to-confirm",
            "Nothing was confirmed: the job has no plan yet.",
            "it is still being worked out, or failed.",
            "look at the job again.",
        )
    folder.confirm()


def _log(folder: JobFolder) -> Log:
    try:
        text = folder.log_path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        text = ""
    lines = folder.events_path.read_text(encoding="utf-8", errors="replace").splitlines()
    words = [json.loads(line)["shows"]["words"] for line in lines if line.endswith("}")]
    return Log(log=text, words=list(dict.fromkeys(words)))
