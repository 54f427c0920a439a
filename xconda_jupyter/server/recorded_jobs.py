"""Jobs of the store as the documents that clients see."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from xconda_core.api import JobFolder, JobsStore, RecordedJob, XcondaError
from xconda_jupyter.server.job_documents import Awaited, Job, Jobs, JobSummary, Plan, Transaction
from xconda_jupyter.server.plan_sizes import PlanSizes


class RecordedJobs:
    """Reads the store, in whichever thread; jobs that are over are read once.

    Attributes:
        store: All jobs of the user.
    """

    def __init__(self, store: JobsStore, pkgs_dirs: Sequence[Path]) -> None:
        self.store = store
        self._sizes = PlanSizes(pkgs_dirs)
        self._over: dict[str, RecordedJob] = {}
        self._lock = Lock()

    def jobs(self, most: int, prefix: str = "") -> Jobs:
        """Return the newest ``most`` jobs, of one environment where ``prefix`` is not empty."""
        with self._lock:
            each_there = map(self._read_if_there, self._names())
            found = [job for job in each_there if job is not None]
            self._over = {job.id: job for job in found if job.id in self._over}
        meant = [job for job in found if not prefix or job.request.get("prefix") == prefix]
        return Jobs(jobs=[self._summary(job, found) for job in meant[:most]])

    def done(self, prefix: str) -> list[tuple[str, float, Transaction]]:
        """Return the jobs that changed an environment: name, time of the end, what they did."""
        with self._lock:
            found = [job for job in map(self._read_if_there, self._names()) if job is not None]
        did = [
            (job, job.result.get("transaction"))
            for job in found
            if job.result and job.request.get("prefix") == prefix
        ]
        return [
            (job.id, job.state.updated or 0.0, msgspec.convert(each, Transaction))
            for job, each in did
            if each
        ]

    def job(self, name: str) -> Job:
        """Return everything that is known of one job.

        Raises:
            JobUnknown: there is none of that name.
        """
        with self._lock:
            job = self._read(name)
            others = [] if job.state.awaits is None else self._running()
            plan = self._plan(job)
        state, result = job.state, job.result or {}
        told = [{"level": each.level, "text": each.text} for each in state.notices]
        done = result.get("transaction")
        said = msgspec.convert(done, Transaction).messages if done else ()
        return msgspec.convert(
            {
                **msgspec.structs.asdict(self._summary(job, others)),
                "phases": dict(state.phase_started),
                "amount": {"done": state.phase_amount.done, "total": state.phase_amount.total},
                "downloaded": {"done": state.downloaded.done, "total": state.downloaded.total},
                "package": state.package,
                "notices": [*told, *({"level": "info", "text": text} for text in said)],
                "asked": dict(job.request),
                "plan": plan,
                "error": result.get("error"),
                "transaction": done,
            },
            Job,
        )

    def _names(self) -> list[str]:
        try:
            return sorted((path.name for path in self.store.folder.iterdir()), reverse=True)
        except OSError:
            return []

    def _read(self, name: str) -> RecordedJob:
        known = self._over.get(name)
        if known is not None:
            return known
        job = self.store.read(self.store.job(name))
        if job.result is not None and job.state.is_finished:
            self._over[name] = job
        return job

    def _read_if_there(self, name: str) -> RecordedJob | None:
        try:
            return self._read(name)
        except XcondaError:  # of a newer xconda, or gone meanwhile
            return None

    def _running(self) -> list[RecordedJob]:
        unread = (name for name in self._names() if name not in self._over)
        found = [job for name in unread if (job := self._read_if_there(name)) is not None]
        return [job for job in found if job.status == "running"]

    def _plan(self, job: RecordedJob) -> Plan | None:
        if job.plan is None:
            return None
        return self._sizes.with_sizes(job.id, dict(job.plan))

    def _summary(self, job: RecordedJob, others: Sequence[RecordedJob]) -> JobSummary:
        state, request = job.state, job.request
        error = job.result.get("error") if job.result else None
        fields: dict[str, Any] = {
            "id": job.id,
            "status": job.status,
            "verb": str(request.get("verb", "")),
            "prefix": str(request.get("prefix", "")),
            "specs": request.get("specs") or [],
            "command": str(request.get("command") or ""),
            "dry_run": bool(request.get("dry_run")),
            "owner": {"kind": job.owner.kind, "pid": job.owner.pid, "host": job.owner.host},
            "started": state.started,
            "updated": state.updated,
            "seconds": round(state.seconds, 3),
            "phase": state.phase,
            "fraction": round(state.fraction, 4),
            "words": error["what"] if isinstance(error, dict) else state.words,
            "awaits": _awaited(job, others),
            "awaits_confirmation": _awaits_confirmation(job),
            "is_cancelling": job.status == "running" and JobFolder(job.folder).is_cancel_asked,
        }
        return msgspec.convert(fields, JobSummary)


def _awaited(job: RecordedJob, others: Sequence[RecordedJob]) -> Awaited | None:
    """Return who has the environment that ``job`` waits for, and which of ``others`` that is."""
    who = job.state.awaits
    if who is None or job.status != "running":
        return None
    mine = (each.id for each in others if (each.owner.pid, each.owner.host) == (who.pid, who.host))
    return Awaited(
        pid=who.pid,
        host=who.host,
        command=who.command,
        since=who.since,
        job=next(mine, None),
        words=who.text,
    )


def _awaits_confirmation(job: RecordedJob) -> bool:
    if job.plan is None or job.status != "running" or job.request.get("dry_run"):
        return False
    return job.state.phase in (None, "index", "solve") and not JobFolder(job.folder).is_confirmed
