"""What clients may send, as types: a body that does not fit is refused with the place marked."""

from typing import Literal, TypeVar

import msgspec

from xconda_jupyter.server.failures import refused

ChangeVerb = Literal["create", "install", "update", "remove", "undo", "redo"]
T = TypeVar("T", bound=msgspec.Struct)


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
