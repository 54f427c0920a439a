"""What a notebook's client may ask of the worker: the request, read and checked. Layer: cli.

The protocol is told of in ``xconda_core.worker``.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from xconda_core import __version__
from xconda_core.cli import notebook_options
from xconda_core.cli.notebook_answers import QUESTIONS
from xconda_core.engine.requests import Verb
from xconda_core.errors import Json, XcondaError
from xconda_core.values import Slotted, dataclass, fields

PROTOCOL: Final = 1
"""Version of what client and worker say to each other; raised when one would misread the other."""

CHANGES: Final[Mapping[str, Verb]] = {
    "create": "create",
    "install": "install",
    "update": "update",
    "remove": "remove",
    "undo": "undo",
    "redo": "redo",
    "clone": "create",
    "rename": "create",
    "remove environment": "remove",
    "env create": "create",
    "env update": "install",
}
DOCUMENTS: Final = frozenset(
    {"export", "lock", "config", "channels", "clean", "offers", "notebook"}
)
QUICK: Final = frozenset({"complete", "providers"})
KERNELS: Final = frozenset({"env", "kernel list", "kernel add", "kernel remove"})
COMMAND: Final = "command"
"""A whole command line, whose answer is what it says (``cli.as_told``)."""
QUERIES: Final = (
    QUESTIONS | DOCUMENTS | QUICK | KERNELS | {"list", "info", "history", "diff", "doctor", COMMAND}
)
_OPTIONS: Final = (
    notebook_options.SETTINGS
    | notebook_options.REQUESTS
    | notebook_options.QUESTIONS
    | notebook_options.DOCUMENTS
)


class RequestNotUnderstood(XcondaError):
    """What came on standard input is not a request of this protocol."""

    code: ClassVar[str] = "request-not-understood"
    exit_code: ClassVar[int] = 2

    def __init__(self, detail: str, client_version: str = "") -> None:
        super().__init__()
        self.detail, self.client_version, self.version = detail, client_version, __version__
        client = f"client {client_version}" if client_version else "the client"
        self.what = (
            f"Nothing was done: xconda {__version__} does not understand its notebook client."
        )
        self.why = f"{client} sent {detail}."
        self.fix = "restart the kernel, so that client and engine come from the same xconda."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(Slotted):
    """One request, as the client wrote it.

    Attributes:
        protocol: The client's :data:`PROTOCOL`.
        client_version: Version of xconda that the client belongs to.
        verb: ``create install update remove undo redo clone rename``, ``remove environment``,
            ``env create|update`` (of the files that ``options`` name),
            ``list search info history diff doctor why``,
            ``tree``, ``repoquery depends``, ``repoquery whoneeds``, ``repoquery search``,
            ``env`` (of the notebook that ``specs`` names), ``kernel list|add|remove``,
            ``complete``, ``providers`` (of the modules that ``specs`` name),
            ``export lock config channels clean offers notebook``,
            ``command`` (the words of a command line are ``specs``).
        prefix: Absolute path of the environment; empty: see ``name``.
        name: Name of the environment; empty with an empty prefix: the default one.
        specs: MatchSpec texts; for ``list`` and ``search`` what to look for,
            for ``doctor`` which checks to run.
        update_all: ``update --all``.
        revision: For ``undo``: which revision to go back to; None: the one before the current.
            For ``diff``: the earlier one; None: the last.
        to_revision: For ``diff``: the later one; None: what is there now.
        channels: Channels that go before the configured ones.
        override_channels: Use ``channels`` alone.
        dry_run: Stop after the plan.
        prove: Find out whether what is named could be newer.
        options: Further options, by the names of ``cli.notebook_options``.
        is_prefix_named: The user said which environment is meant.
        verbosity: 0 to 4, as ``-v`` counts; None: as configured. Log messages go to standard error,
            for a change to the log file in the job's folder.
        confirm: ``ask``: wait for the mark; ``yes``: carry the plan out at once.
        command: What the user typed, for the history.
        tells_news: Somebody reads what channels have to say, and of a newer xconda.
        owner: What the client is, for whoever looks at the job: ``kernel`` or ``server``.
    """

    protocol: int
    client_version: str = ""
    verb: str
    prefix: str = ""
    name: str = ""
    specs: tuple[str, ...] = ()
    update_all: bool = False
    revision: int | None = None
    to_revision: int | None = None
    channels: tuple[str, ...] = ()
    override_channels: bool = False
    dry_run: bool = False
    prove: bool = False
    options: Mapping[str, Json] = MappingProxyType({})
    is_prefix_named: bool = True
    verbosity: int | None = None
    confirm: str = "ask"
    command: str = ""
    tells_news: bool = False
    owner: str = "kernel"


def wish_from_json(line: bytes) -> Wish:
    """Return the request that ``line`` holds.

    Raises:
        RequestNotUnderstood: it is not one, or of another protocol.
    """
    try:
        document = json.loads(line)
    except ValueError:
        raise RequestNotUnderstood("what is not JSON") from None
    if not isinstance(document, dict):
        raise RequestNotUnderstood("JSON that is not an object")
    version = str(document.get("client_version", ""))
    if document.get("protocol") != PROTOCOL:
        detail = f"protocol {document.get('protocol')!r}; this engine speaks {PROTOCOL}"
        raise RequestNotUnderstood(detail, version)
    unknown = sorted(document.keys() - {field.name for field in fields(Wish)})
    if unknown:
        raise RequestNotUnderstood(f"unknown fields {', '.join(unknown)}", version)
    verb, confirm = document.get("verb"), document.get("confirm", "ask")
    if verb not in CHANGES and verb not in QUERIES:
        raise RequestNotUnderstood(f"the unknown verb {verb!r}", version)
    if confirm not in {"ask", "yes"}:
        raise RequestNotUnderstood(f"confirm={confirm!r}", version)
    if type(document.get("verbosity")) not in {int, type(None)}:
        raise RequestNotUnderstood(f"verbosity={document['verbosity']!r}", version)
    options = document.get("options", {})
    if not isinstance(options, dict) or options.keys() - _OPTIONS:
        raise RequestNotUnderstood(f"options={options!r}", version)
    for name in ("specs", "channels"):
        document[name] = _texts(document.get(name, []), name, version)
    return Wish(**document)


def _texts(value: Json, name: str, version: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RequestNotUnderstood(f"{name} that are not a list of texts", version)
    return tuple(str(item) for item in value)
