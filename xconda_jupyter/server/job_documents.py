"""Jobs and their plans as the types of answers; see :mod:`.documents`."""

from typing import Any, Literal

from xconda_jupyter.server.documents import Document, Failure


class Owner(Document, frozen=True, kw_only=True):
    """The process that runs a job; ``kind`` is ``cli``, ``kernel`` or ``server``."""

    kind: str
    pid: int
    host: str


class Awaited(Document, frozen=True, kw_only=True):
    """Who has the environment that a job waits for.

    ``job`` is the name of that job where it is one of this user's, and ``words`` says it in a line.
    """

    pid: int
    host: str
    command: str
    since: str
    job: str | None
    words: str


class Amount(Document, frozen=True, kw_only=True):
    """How much is done; ``total`` 0 means that nobody knows it."""

    done: int
    total: int


class Notice(Document, frozen=True, kw_only=True):
    """Something the user should know."""

    level: str
    text: str


class PlannedRecord(Document, frozen=True, kw_only=True):
    """A package of a plan.

    ``size`` is that of its archive; ``installed_bytes`` what it takes in the environment, None
    where nobody can know before it is unpacked.
    """

    name: str
    version: str
    build: str
    build_number: int = 0
    channel: str
    channel_url: str | None = None
    subdir: str = ""
    fn: str = ""
    size: int | None = None
    license: str | None = None
    installed_bytes: int | None = None
    depends: tuple[str, ...] = ()


class LicenseChange(Document, frozen=True, kw_only=True):
    """A package comes under other terms."""

    old: str | None
    new: str | None


class Operation(Document, frozen=True, kw_only=True):
    """One step of a plan.

    ``requested_spec`` is how the user asked for the package, empty for a dependency; ``needed_by``
    are the packages that need it. ``download_bytes`` is 0 for an archive that is there already,
    None where its size is not known. ``license_change`` is None where the terms stay.
    """

    kind: Literal["install", "change", "reinstall", "remove"]
    movement: Literal["install", "upgrade", "downgrade", "rebuild", "reinstall", "remove"]
    name: str
    old: PlannedRecord | None
    new: PlannedRecord | None
    requested_spec: str
    needed_by: tuple[str, ...] = ()
    download_bytes: int | None = 0
    license_change: LicenseChange | None = None


class PythonProject(Document, frozen=True, kw_only=True):
    """A project that pip installed."""

    name: str
    version: str


class Plan(Document, frozen=True, kw_only=True):
    """What a job would change.

    ``disk_bytes`` is a lower bound; ``pip`` the lines that pip is to install; ``removes`` an
    environment that goes as a whole, ``foreign`` what of it no package owns. ``onto`` is
    ``environment`` where one is replaced and ``folder`` where other files are: ``foreign`` then
    stays, ``dropped`` goes. ``trust`` is what is known of signatures, where that is wanted.
    """

    prefix: str
    why_prefix: str = ""
    operations: list[Operation]
    python_removed: tuple[PythonProject, ...] = ()
    python_restored: tuple[PythonProject, ...] = ()
    unchanged: list[str]
    creates: bool
    command: str = ""
    update_specs: tuple[str, ...] = ()
    remove_specs: tuple[str, ...] = ()
    fetch: tuple[str, ...] = ()
    download_bytes: int
    download_count: int = 0
    disk_bytes: int
    newness: tuple[dict[str, Any], ...] = ()
    trust: dict[str, Any] | None = None
    variables: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    clone_of: str | None = None
    onto: str = ""
    dropped: tuple[str, ...] = ()
    removes: str | None = None
    foreign: tuple[str, ...] = ()


class Transaction(Document, frozen=True, kw_only=True):
    """What a job did: distributions that came and went, and the revision that it made."""

    linked: list[str]
    unlinked: list[str]
    clobbered: dict[str, str]
    messages: tuple[str, ...] = ()
    file_count: int = 0
    revision: int | None = None


class Asked(Document, frozen=True, kw_only=True):
    """What a client repeats to ask the same again, a little differently: as in a change."""

    specs: tuple[str, ...] = ()
    update_all: bool = False
    revision: int | None = None
    channels: tuple[str, ...] = ()
    override_channels: bool = False


class JobSummary(Document, frozen=True, kw_only=True):
    """What a list shows of a job.

    ``fraction`` is 0 to 1. ``awaits`` says whose turn it is before this job's: there is one queue
    for each environment.
    """

    id: str
    status: Literal["running", "succeeded", "failed", "cancelled", "interrupted"]
    verb: str
    prefix: str
    specs: list[str]
    command: str
    dry_run: bool
    owner: Owner
    started: float | None
    updated: float | None
    seconds: float
    phase: str | None
    fraction: float
    words: str
    awaits: Awaited | None
    awaits_confirmation: bool
    is_cancelling: bool


class Job(JobSummary, frozen=True, kw_only=True):
    """Everything there is to know of a job, as often as asked.

    ``phases`` has when each began; ``amount`` is of the present phase: bytes or packages.
    """

    phases: dict[str, float]
    amount: Amount
    downloaded: Amount
    package: str
    notices: list[Notice]
    asked: Asked
    plan: Plan | None
    error: Failure | None
    transaction: Transaction | None


class Jobs(Document, frozen=True, kw_only=True):
    """Jobs, newest first."""

    jobs: list[JobSummary]


class Log(Document, frozen=True, kw_only=True):
    """What a job logged, and the words of its events in order."""

    log: str
    words: list[str]
