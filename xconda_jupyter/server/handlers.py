"""What all resources share: who may, what they find, how answers and failures are sent.

``GET`` needs *read* of the resource ``xconda``, a change needs *execute* (jupyter_server's
authorizer). All answers are JSON; failures are ``{code, what, why, fix, facts}``.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler

from xconda_core.api import XcondaError
from xconda_jupyter.server.environments import Environments
from xconda_jupyter.server.failures import Failed, refused
from xconda_jupyter.server.parts import Parts
from xconda_jupyter.server.recorded_jobs import RecordedJobs
from xconda_jupyter.server.workers import Workers

T = TypeVar("T")
may_execute: Final = cast("Callable[[T], T]", authorized(action="execute"))


class XcondaHandler(APIHandler):
    """What all resources share: who may, what they find, how failures are said."""

    auth_resource = "xconda"

    @property
    def parts(self) -> Parts:
        """What the resources work with.

        Raises:
            XcondaError, OSError: the configuration cannot be read.
        """
        return self.settings["xconda"]()  # type: ignore[no-any-return]

    @property
    def environments(self) -> Environments:
        """Which environments requests may mean."""
        return self.parts.environments

    @property
    def jobs(self) -> RecordedJobs:
        """All jobs of the user, whoever runs them."""
        return self.parts.jobs

    @property
    def workers(self) -> Workers:
        """The worker processes of this server."""
        return self.parts.workers

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
            raise _not_understood(
                f"{name}={text!r} is not a whole number", "send a number, or leave it out"
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

    def words(self, name: str) -> list[str]:
        """Return every value of an argument that may be given again."""
        return [word for word in self.get_query_arguments(name) if word]

    def flag(self, name: str, default: bool = False) -> bool:
        """Return an argument that is ``true`` or ``false``.

        Raises:
            Failed: it is something else.
        """
        text = self.text(name, str(default)).lower()
        if text not in {"true", "false"}:
            raise _not_understood(f"{name}={text!r} is neither true nor false", "send one of them")
        return text == "true"

    def answer(self, document: object, status: int = 200) -> None:
        """Send ``document`` as JSON."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(msgspec.json.encode(document))

    async def answer_with(self, job: str) -> None:
        """Send how ``job`` stands, which was just begun or told something."""
        self.parts.watch.wake()
        self.answer(await self.in_thread(lambda: self.jobs.job(job)), 202)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send a failure as its document, with the status that goes with it."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, XcondaError):
            error = Failed(error.to_json())
        if isinstance(error, Failed):
            self.set_header("Content-Type", "application/json")
            if error.status == 429:
                self.set_header("Retry-After", "5")
            self.answer(error.document, error.status)
        else:
            super().write_error(status_code, **kwargs)

    def log_exception(self, *about: Any) -> None:
        """Log what nobody expected; an expected failure is the client's to show."""
        if not isinstance(about[1], (Failed, XcondaError)):
            super().log_exception(*about)


def _not_understood(why: str, fix: str) -> Failed:
    what = "Nothing was done: an argument was not understood."
    return refused("request-not-understood", what, f"{why}.", f"{fix}.")
