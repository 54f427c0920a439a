"""Every job of a user as one folder of files: whoever reads it sees the same job.

Layer: engine. No daemon, no locks: the process that runs a job writes, all others read, and ask by
leaving an empty file (a mark). A folder holds

==================  ==============================================================================
``request.json``    what was asked, and the format's version; written first
``owner.json``      the process that runs it
``plan.json``       the decision; written before confirmation is waited for
``events.jsonl``    one ``LogLine`` per line, appended
``result.json``     how it ended; written last
``confirmed``       mark: carry out the plan
``cancel``          mark: stop
``worker.log``      what the worker process wrote to its standard error, where there is one
==================  ==============================================================================
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

from xconda_core.config.redaction import redacted
from xconda_core.engine.job_folder import Document, JobFolder, JobsFolderUnusable
from xconda_core.engine.job_state import JobState
from xconda_core.errors import Json, XcondaError
from xconda_core.values import Slotted, dataclass, field

FORMAT: Final = 1
"""Version of what the files hold; raised when an older reader would misread them."""

Status: TypeAlias = Literal["running", "succeeded", "failed", "cancelled", "interrupted"]


class JobUnknown(XcondaError):
    """There is no job of that name."""

    code: ClassVar[str] = "job-unknown"

    def __init__(self, job: str, folder: Path) -> None:
        super().__init__()
        self.job, self.folder = job, folder
        self.what = f"There is no job {job}."
        self.why = f"{folder} has no record of it that this version of xconda can read."
        self.fix = "look at the list of jobs; old ones are removed after a while."


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner(Slotted):
    """The process that runs a job.

    Attributes:
        pid: Its process id.
        started: When it started, in the kernel's own count; tells a reused pid apart. Empty where
            the system does not say.
        host: Machine it runs on.
        kind: What started it: ``cli``, ``kernel`` or ``server``.
    """

    pid: int
    started: str
    host: str
    kind: str

    @classmethod
    def this_process(cls, kind: str) -> "Owner":
        """Return the running process as an owner."""
        pid = os.getpid()
        return cls(pid=pid, started=_process_start(pid), host=_host(), kind=kind)

    @property
    def is_alive(self) -> bool:
        """Whether it still runs; a process of another machine is taken to be."""
        if self.host != _host():
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return not self.started or self.started == _process_start(self.pid)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedJob(Slotted):
    """What the store knows of one job at one moment.

    Attributes:
        id: Name of the job; sorts by time.
        folder: Where it is written down.
        request: What was asked.
        owner: Who runs or ran it.
        state: The fold of its events.
        plan: The decision, once there is one.
        result: How it ended; None while it runs or when its owner died.
    """

    id: str
    folder: Path
    request: Document
    owner: Owner
    state: JobState = field(default_factory=JobState)
    plan: Document | None = None
    result: Document | None = None

    @property
    def status(self) -> Status:
        """``interrupted`` means that its owner died; the prefix is recovered when next opened."""
        if self.result is not None:
            outcome = self.result.get("outcome")
            return outcome if outcome in {"succeeded", "cancelled"} else "failed"  # type: ignore[return-value]
        return "running" if self.owner.is_alive else "interrupted"


@dataclass(frozen=True, slots=True)
class JobsStore(Slotted):
    """All jobs of a user.

    Attributes:
        folder: ``<state_dir>/jobs``.
    """

    folder: Path

    def create(self, request: Document, owner: Owner) -> JobFolder:
        """Make the folder of a new job, which only its user may read.

        Raises:
            JobsFolderUnusable: it cannot be made.
        """
        moment = time.time()
        stamp = datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%S")
        name = f"{stamp}{int(moment * 1000) % 1000:03d}-{os.urandom(3).hex()}"
        folder = JobFolder(self.folder / name)
        try:
            folder.path.mkdir(parents=True, mode=0o700)
            folder.write("owner.json", _owner_to_json(owner))
            folder.events_path.touch()
            kept = {key: _without_credentials(value) for key, value in request.items()}
            folder.write("request.json", {"format": FORMAT, **kept})
        except OSError as error:
            raise JobsFolderUnusable(self.folder, error) from error
        return folder

    def job(self, job: str) -> JobFolder:
        """Return the folder of the job named ``job``.

        Raises:
            JobUnknown: there is none.
        """
        folder = JobFolder(self.folder / job)
        if Path(job).name != job or _readable(folder) is None:
            raise JobUnknown(job, self.folder)
        return folder

    def read(self, folder: JobFolder) -> RecordedJob:
        """Return what is known of one job.

        Raises:
            JobUnknown: the folder is gone, unfinished, or of a newer format.
        """
        known = _readable(folder)
        if known is None:
            raise JobUnknown(folder.id, self.folder)
        request, owner = known
        result = folder.document("result.json")
        state = JobState()
        for at, event in folder.events():
            state = state.after(event, at)
        return RecordedJob(
            id=folder.id,
            folder=folder.path,
            request=request,
            owner=owner,
            state=state,
            plan=folder.document("plan.json"),
            result=result,
        )

    def jobs(self) -> list[RecordedJob]:
        """Return every readable job, newest first."""
        readable = (JobFolder(path) for path in self._paths())
        return [self.read(folder) for folder in readable if _readable(folder) is not None]

    def prune(self, keep: int = 50) -> None:
        """Remove all but the newest ``keep`` jobs; running and newer ones stay."""
        old = [path for path in self._paths()[keep:] if _is_removable(JobFolder(path))]
        if not old:
            return
        import shutil  # brings every compressor

        for path in old:
            shutil.rmtree(path, ignore_errors=True)

    def _paths(self) -> list[Path]:
        try:
            return sorted((path for path in self.folder.iterdir() if path.is_dir()), reverse=True)
        except FileNotFoundError:
            return []


def _is_removable(folder: JobFolder) -> bool:
    """Whether nobody needs a record any more: its job is over, or nothing says that it began.

    What a newer xconda wrote is its own to remove: an older one cannot tell whether it runs.
    """
    owner, request = _owner(folder), folder.document("request.json")
    if request is not None and request.get("format") != FORMAT:
        return False
    return owner is None or not owner.is_alive or folder.document("result.json") is not None


def _readable(folder: JobFolder) -> tuple[Document, Owner] | None:
    request, owner = folder.document("request.json"), _owner(folder)
    if request is None or owner is None or request.get("format") != FORMAT:
        return None
    return request, owner


def _owner(folder: JobFolder) -> Owner | None:
    owner = folder.document("owner.json") or {}
    pid = owner.get("pid")
    if not isinstance(pid, int):
        return None
    texts = {name: str(owner.get(name, "")) for name in ("started", "host", "kind")}
    return Owner(pid=pid, **texts)


def _without_credentials(value: Json) -> Json:
    """Return a document as it may be kept: channels can be given with a token or a password."""
    match value:
        case str():
            return redacted(value)
        case list():
            return [_without_credentials(item) for item in value]
        case dict():
            return {key: _without_credentials(item) for key, item in value.items()}
        case _:
            return value


def _owner_to_json(owner: Owner) -> dict[str, Json]:
    return {"pid": owner.pid, "started": owner.started, "host": owner.host, "kind": owner.kind}


def _host() -> str:
    import platform  # which looks for a dozen kinds of Python when it is loaded

    return platform.node()


def _process_start(pid: int) -> str:
    """Return the start time of a process in clock ticks since boot, empty where unknown.

    Source: proc_pid_stat(5), field 22; the command in field 2 may itself hold spaces and brackets.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""
