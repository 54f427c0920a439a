"""Questions about environments and channels: ``GET`` resources that change nothing.

A worker process answers them. What the panel shows first, environments and their packages, is read
in a thread of the server: starting a process takes longer than reading.
"""

from pathlib import Path
from typing import Any, ClassVar

from jupyter_server.auth.decorator import authorized
from tornado import web

from xconda_core import api
from xconda_jupyter.server.documents import (
    Channels,
    Cleanable,
    Config,
    Diagnosis,
    Difference,
    Document,
    Facts,
    File,
    History,
    Lock,
    Offers,
    Packages,
    Reasons,
    Tree,
)
from xconda_jupyter.server.failures import refused
from xconda_jupyter.server.handlers import XcondaHandler, may_execute
from xconda_jupyter.server.wishes import LockWish, read_body


class EnvironmentsHandler(XcondaHandler):
    """``GET /xconda/environments``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List the environments that conda knows of."""
        self.answer({"environments": await self.in_thread(self.environments.entries)})


class QuestionHandler(XcondaHandler):
    """What a worker answers about the environment that the query string means.

    Attributes:
        verb: The worker's word for the question.
        kind: What its answer is.
        needs_environment: Whether one must be named; else the default one is meant.
    """

    verb: ClassVar[str]
    kind: ClassVar[type[Document]]
    needs_environment: ClassVar[bool] = True

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer."""
        fields = self.fields()
        is_named = bool(self.text("prefix") or self.text("name"))
        prefix = await self.prefix() if is_named or self.needs_environment else ""
        wish = {"verb": self.verb, "prefix": prefix, "is_prefix_named": is_named, **fields}
        self.answer(await self.workers.answer(wish, self.kind))

    def fields(self) -> dict[str, Any]:
        """Return what else is asked, from the query string.

        Raises:
            Failed: it was not understood.
        """
        return {}

    def required(self, name: str, example: str) -> str:
        """Return an argument that must be there.

        Raises:
            Failed: it is not.
        """
        text = self.text(name)
        if not text:
            what, why = "Nothing was done.", f"the argument `{name}` is missing."
            raise refused("request-not-understood", what, why, f"add {example}.")
        return text


class PackagesHandler(QuestionHandler):
    """``GET /xconda/packages?prefix=``: what is installed."""

    verb, kind = "list", Packages

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Read the packages; a worker does where a transaction left work or plugins are asked."""
        path, engine = Path(await self.prefix()), self.parts.engine
        if bool(engine.plugins) or await self.in_thread(lambda: api.is_unsettled(path)):
            wish = {"verb": self.verb, "prefix": str(path)}
            self.answer(await self.workers.answer(wish, Packages))
        else:
            self.answer(await self.in_thread(lambda: {"packages": engine.packages(path)}))


class WhyHandler(QuestionHandler):
    """``GET /xconda/why?prefix=&package=&with_version=``: why a package is there."""

    verb, kind = "why", Reasons

    def fields(self) -> dict[str, Any]:
        """Ask about a package; ``with_version`` also finds out what keeps it from a newer one."""
        with_version = self.flag("with_version")
        return {
            "specs": [self.required("package", "the name of an installed package")],
            "options": {"no_version": not with_version},
        }


class TreeHandler(QuestionHandler):
    """``GET /xconda/tree?prefix=&package=&invert=&depth=``: what needs what."""

    verb, kind = "tree", Tree

    def fields(self) -> dict[str, Any]:
        """Ask below which packages, which way, and how deep."""
        return {
            "specs": self.words("package"),
            "options": {
                "invert": self.flag("invert"),
                "depth": self.number("depth"),
                "prune_duplicates": self.flag("once", default=True),
            },
        }


class SearchHandler(QuestionHandler):
    """``GET /xconda/search?query=&channel=&limit=``: what the channels offer."""

    verb, kind, needs_environment = "offers", Offers, False

    def fields(self) -> dict[str, Any]:
        """Ask by a name, a pattern or a MatchSpec."""
        return {
            "specs": [self.required("query", "a name, a pattern such as *numpy*, or a MatchSpec")],
            "channels": self.words("channel"),
            "override_channels": self.flag("override_channels"),
            "options": {"limit": self.number("limit")},
        }


class InfoHandler(QuestionHandler):
    """``GET /xconda/info?prefix=``: xconda, the machine, the places."""

    verb, kind, needs_environment = "info", Facts, False


class ConfigHandler(QuestionHandler):
    """``GET /xconda/config?prefix=``: every setting, and who said so."""

    verb, kind, needs_environment = "config", Config, False


class ChannelsHandler(QuestionHandler):
    """``GET /xconda/channels?prefix=``: where packages come from."""

    verb, kind, needs_environment = "channels", Channels, False


class HistoryHandler(QuestionHandler):
    """``GET /xconda/history?prefix=``: the revisions."""

    verb, kind = "history", History


class DiffHandler(QuestionHandler):
    """``GET /xconda/diff?prefix=&from=&to=``: two revisions told apart."""

    verb, kind = "diff", Difference

    def fields(self) -> dict[str, Any]:
        """Ask from which revision to which; without ``to``, to what is there now."""
        return {"revision": self.number("from"), "to_revision": self.number("to")}


class DoctorHandler(QuestionHandler):
    """``GET /xconda/doctor?prefix=&check=``: what is wrong with an environment."""

    verb, kind = "doctor", Diagnosis

    def fields(self) -> dict[str, Any]:
        """Ask which checks to run; none: all of them."""
        return {"specs": self.words("check")}


class CleanHandler(QuestionHandler):
    """``GET /xconda/clean``: what package caches could do without."""

    verb, kind, needs_environment = "clean", Cleanable, False


class ExportHandler(QuestionHandler):
    """``GET /xconda/export?prefix=&format=``: an environment as the text of a file."""

    verb, kind = "export", File

    def fields(self) -> dict[str, Any]:
        """Ask in which format, and how much."""
        return {
            "options": {
                "format": self.text("format", "environment-yaml"),
                "from_history": self.flag("from_history"),
                "builds": self.flag("builds", default=True),
                "with_channels": self.flag("channels", default=True),
                "platforms": self.words("platform"),
            }
        }


class LockHandler(QuestionHandler):
    """``/xconda/lock``: fixed packages, of an environment or of what a file asks for."""

    verb, kind = "lock", Lock

    def fields(self) -> dict[str, Any]:
        """Ask for which platforms; none: the environment's own."""
        return {"options": {"platforms": self.words("platform")}}

    @web.authenticated
    @may_execute
    async def post(self) -> None:
        """Solve for what a file or specs ask for, on each platform, and install nothing."""
        wish = read_body(self.request.body, LockWish)
        options = {"platforms": wish.platforms}
        if wish.file is not None:
            options |= wish.file.options()
        asked = {"verb": "lock", "specs": wish.specs, "channels": wish.channels, "options": options}
        self.answer(await self.workers.answer(asked, Lock))
