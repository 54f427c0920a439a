"""What clients may send, as types: a body that does not fit is refused with the place marked."""

from typing import Any, Final, Literal, TypeVar

import msgspec
from msgspec.structs import asdict

from xconda_jupyter.server.failures import refused

ChangeVerb = Literal[
    "create",
    "install",
    "update",
    "remove",
    "undo",
    "redo",
    "clone",
    "rename",
    "remove environment",
    "env update",
]
NEW: Final = frozenset({"create", "clone", "rename"})
"""What makes an environment at a new place."""
T = TypeVar("T", bound=msgspec.Struct)


class FileText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An environment file as its text.

    Attributes:
        text: What it says.
        name: What it is called, which tells its format: ``environment.yml``, ``conda-lock.yml`` ...
        format: Its format, where the name does not tell.
    """

    text: str
    name: str = "environment.yml"
    format: str | None = None

    def options(self) -> dict[str, Any]:
        """Return it as a worker is told of it."""
        return {"text": self.text, "file_name": self.name, "format": self.format}


class LockWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of ``POST /xconda/lock``: what is to be fixed, and for which platforms."""

    file: FileText | None = None
    specs: list[str] = []
    platforms: list[str] = []
    channels: list[str] = []


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings for one job, by xconda's names; what is None is as configured."""

    always_copy: bool | None = None
    channel_priority: Literal["strict", "flexible", "disabled"] | None = None
    deps_modifier: Literal["no_deps", "only_deps"] | None = None
    exclude_newer: str | None = None
    force_reinstall: bool | None = None
    ignore_pinned: bool | None = None
    offline: bool | None = None
    solver: str | None = None
    update_modifier: Literal["freeze_installed", "update_deps", "specs_satisfied"] | None = None

    def given(self) -> dict[str, Any]:
        """Return those that are given."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class JobWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of ``POST /xconda/jobs``: one change of one environment.

    Attributes:
        verb: What is to be done.
        prefix: Absolute path of the environment, for ``create``, ``clone`` and ``rename`` the new
            one; or
        name: its name. Exactly one of the two is given.
        source: For ``clone`` and ``rename``: name or absolute path of the environment that is.
        specs: MatchSpec texts (CEP 29).
        file: An environment file as text: what it asks for is created, installed or updated;
            ``create`` and ``env update`` take its variables and pip's packages, too.
        update_all: ``update --all``.
        prune: What is neither named nor needed by what is named goes.
        revision: For ``undo``: the revision to go back to.
        channels: Channels that go before the configured ones.
        override_channels: Use ``channels`` alone.
        options: Settings for this job.
        replace: For ``create``: an environment that is there is replaced, and a folder with other
            files gets one; the plan's ``onto`` says so.
        dry_run: Stop after the plan: a preview.
        confirm: ``ask``: wait for ``POST .../confirm``; ``yes``: carry the plan out at once.
    """

    verb: ChangeVerb
    prefix: str = ""
    name: str = ""
    source: str = ""
    specs: list[str] = []
    file: FileText | None = None
    update_all: bool = False
    prune: bool = False
    revision: int | None = None
    channels: list[str] = []
    override_channels: bool = False
    options: Options = Options()
    replace: bool = False
    dry_run: bool = False
    confirm: Literal["ask", "yes"] = "ask"

    @property
    def replaces(self) -> bool:
        """Whether what stands at the place may go."""
        return self.replace and self.verb == "create"

    def command(self) -> str:
        """Return the command line that would do the same, for the history."""
        place = f"-p {self.prefix}" if self.prefix else f"-n {self.name}"
        if self.verb == "clone":
            return f"xconda create --clone {self.source} {place}"
        if self.verb == "rename":
            return f"xconda rename {self.source} to {self.prefix or self.name}"
        if self.verb == "remove environment":
            return f"xconda env remove {place}"
        file = [f"--file {self.file.name}"] if self.file else []
        if self.verb == "env update":
            return " ".join(
                ["xconda env update", place, *file, *(["--prune"] if self.prune else [])]
            )
        every = ["--all"] if self.update_all else []
        return " ".join(["xconda", self.verb, *self.specs, *file, *every])


def read_body(body: bytes, kind: type[T]) -> T:
    """Return ``body`` as a ``kind``.

    Raises:
        Failed: it is not JSON, or does not fit.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise refused(
            "request-not-understood",
            "Nothing was done: the request's body was not understood.",
            f"{error}.",
            "send JSON as docs/server.md describes it.",
        ) from None
