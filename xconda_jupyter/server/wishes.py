"""What clients may send, as types: a body that does not fit is refused with the place marked."""

from typing import Any, Literal, TypeVar

import msgspec

from xconda_jupyter.server.failures import refused

ChangeVerb = Literal["create", "install", "update", "remove", "undo", "redo"]
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


class JobWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of ``POST /xconda/jobs``: one change of one environment.

    Attributes:
        verb: What is to be done.
        prefix: Absolute path of the environment; or
        name: its name. Exactly one of the two is given.
        specs: MatchSpec texts (CEP 29).
        update_all: ``update --all``.
        revision: For ``undo``: the revision to go back to.
        channels: Channels that go before the configured ones.
        override_channels: Use ``channels`` alone.
        dry_run: Stop after the plan: a preview.
        confirm: ``ask``: wait for ``POST .../confirm``; ``yes``: carry the plan out at once.
    """

    verb: ChangeVerb
    prefix: str = ""
    name: str = ""
    specs: list[str] = []
    update_all: bool = False
    revision: int | None = None
    channels: list[str] = []
    override_channels: bool = False
    dry_run: bool = False
    confirm: Literal["ask", "yes"] = "ask"


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
