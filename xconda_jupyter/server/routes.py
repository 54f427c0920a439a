"""The resources under ``/xconda``: small handlers, each verb with its permission.

``GET`` needs *read* of the resource ``xconda``, a change needs *execute* (jupyter_server's
authorizer). All answers are JSON; failures are ``{code, what, why, fix, facts}``.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from xconda_core.api import JobFolder, JobsStore, XcondaError
from xconda_jupyter.server.environments import Environments
from xconda_jupyter.server.events import JobWatch
from xconda_jupyter.server.failures import Failed, refused
from xconda_jupyter.server.job_documents import summary, whole
from xconda_jupyter.server.wishes import JobWish, read_body
from xconda_jupyter.server.workers import Workers

T = TypeVar("T")
_MOST_JOBS: Final = 50
_may_execute: Final = cast("Callable[[T], T]", authorized(action="execute"))


class XcondaHandler(APIHandler):
    """What all resources share: who may, what they find, how failures are said."""

    auth_resource = "xconda"

    @property
    def environments(self) -> Environments:
        """Which environments requests may mean."""
        return self._part("environments")  # type: ignore[no-any-return]

    @property
    def jobs(self) -> JobsStore:
        """All jobs of the user, whoever runs them."""
        return self._part("jobs")  # type: ignore[no-any-return]

    @property
    def workers(self) -> Workers:
        """The worker processes of this server."""
        return self._part("workers")  # type: ignore[no-any-return]

    @property
    def watch(self) -> JobWatch:
        """What tells clients that a job changed."""
        return self._part("watch")  # type: ignore[no-any-return]

    def _part(self, name: str) -> Any:
        return self.settings["xconda"][name]

    def text(self, name: str, default: str = "") -> str:
        """Return an argument of the query string."""
        return str(self.get_query_argument(name, default, strip=True))

    def number(self, name: str) -> int | None:
        """Return an argument that is a whole number, None where it is not given.

        Raises:
            Failed: it is something else.
        """
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise refused(
                "request-not-understood",
                "Nothing was done: an argument was not understood.",
                f"{name}={text!r} is not a whole number.",
                "send a number, or leave it out.",
            ) from None

    async def prefix(self) -> str:
        """Return the environment that the query string means.

        Raises:
            Failed, XcondaError: there is none, or it may not be used.
        """
        prefix, name = self.text("prefix"), self.text("name")
        return await self.in_thread(lambda: self.environments.existing(prefix, name))

    async def in_thread(self, read: Callable[[], T]) -> T:
        """Return what ``read`` returns; it may look at the disk."""
        return await asyncio.to_thread(read)

    async def ask(self, verb: str, **fields: Any) -> Any:
        """Return a worker's answer about the environment that the query string means."""
        return await self.workers.answer({"verb": verb, "prefix": await self.prefix(), **fields})

    def answer(self, document: object, status: int = 200) -> None:
        """Send ``document`` as JSON."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(document))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send a failure as its document, with the status that goes with it."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, XcondaError):
            error = Failed(error.to_json())
        if isinstance(error, Failed):
            self.set_header("Content-Type", "application/json")
            self.answer(error.document, error.status)
        else:
            super().write_error(status_code, **kwargs)

    def log_exception(self, *about: Any) -> None:
        """Log what nobody expected; an expected failure is the client's to show."""
        if not isinstance(about[1], (Failed, XcondaError)):
            super().log_exception(*about)


class EnvironmentsHandler(XcondaHandler):
    """``GET /xconda/environments``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the environments that conda knows of."""
        self.answer({"environments": await self.in_thread(self.environments.entries)})


class PackagesHandler(XcondaHandler):
    """``GET /xconda/packages?prefix=``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List what is installed in an environment."""
        self.answer(await self.ask("list"))


class SearchHandler(XcondaHandler):
    """``GET /xconda/search?prefix=&query=&channel=``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List what the channels offer by a name, a pattern or a MatchSpec."""
        query = self.text("query")
        if not query:
            raise refused(
                "request-not-understood",
                "Nothing was searched for.",
                "the argument `query` is missing.",
                "add a name, a pattern such as *numpy*, or a MatchSpec.",
            )
        channels = self.get_query_arguments("channel")
        self.answer(await self.ask("search", specs=[query], channels=channels))


class InfoHandler(XcondaHandler):
    """``GET /xconda/info?prefix=``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell of xconda, the machine, the channels and the environment."""
        self.answer(await self.ask("info"))


class HistoryHandler(XcondaHandler):
    """``GET /xconda/history?prefix=``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the revisions of an environment."""
        self.answer(await self.ask("history"))


class DiffHandler(XcondaHandler):
    """``GET /xconda/diff?prefix=&from=&to=``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell two revisions apart; without ``to``, a revision from what is there now."""
        numbers = {"revision": self.number("from"), "to_revision": self.number("to")}
        self.answer(await self.ask("diff", **numbers))


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
    @_may_execute
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
    @_may_execute
    async def delete(self, job: str) -> None:
        """Ask a job to stop; what it did is undone, and ``GET`` tells when."""
        await self.in_thread(lambda: self.jobs.job(job).ask_cancel())
        self.watch.wake()
        self.answer(whole(await self.in_thread(lambda: _read(self.jobs, job))), 202)


class ConfirmHandler(XcondaHandler):
    """``POST /xconda/jobs/{id}/confirm``."""

    @web.authenticated
    @_may_execute
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


_JOB = r"/xconda/jobs/(?P<job>[0-9A-Za-z-]{1,64})"
ROUTES: Final = [
    (r"/xconda/environments", EnvironmentsHandler),
    (r"/xconda/packages", PackagesHandler),
    (r"/xconda/search", SearchHandler),
    (r"/xconda/info", InfoHandler),
    (r"/xconda/history", HistoryHandler),
    (r"/xconda/diff", DiffHandler),
    (r"/xconda/jobs", JobsHandler),
    (_JOB, JobHandler),
    (_JOB + "/confirm", ConfirmHandler),
    (_JOB + "/log", JobLogHandler),
]
