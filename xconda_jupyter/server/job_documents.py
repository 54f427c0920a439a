"""Jobs of the store as the documents that clients see."""

from typing import Any, Final

from xconda_core.api import JobFolder, RecordedJob

# What a client repeats to ask the same again, a little differently: as in POST /xconda/jobs.
_ASKED: Final[dict[str, Any]] = {
    "specs": [],
    "update_all": False,
    "revision": None,
    "channels": [],
    "override_channels": False,
}


def summary(job: RecordedJob) -> dict[str, Any]:
    """Return what a list of jobs shows of one."""
    state, request = job.state, job.request
    error = job.result.get("error") if job.result else None
    return {
        "id": job.id,
        "status": job.status,
        "verb": request.get("verb"),
        "prefix": request.get("prefix"),
        "specs": request.get("specs"),
        "command": request.get("command"),
        "dry_run": request.get("dry_run", False),
        "owner": {"kind": job.owner.kind, "pid": job.owner.pid, "host": job.owner.host},
        "started": state.started,
        "updated": state.updated,
        "seconds": round(state.seconds, 3),
        "phase": state.phase,
        "fraction": round(state.fraction, 4),
        "words": error["what"] if isinstance(error, dict) else state.words,
        "awaits_confirmation": _awaits_confirmation(job),
        "is_cancelling": job.status == "running" and JobFolder(job.folder).is_cancel_asked,
    }


def whole(job: RecordedJob) -> dict[str, Any]:
    """Return everything there is to know of a job."""
    state, request, result = job.state, job.request, job.result or {}
    return {
        **summary(job),
        "phases": dict(state.phase_started),
        "amount": {"done": state.phase_amount.done, "total": state.phase_amount.total},
        "downloaded": {"done": state.downloaded.done, "total": state.downloaded.total},
        "package": state.package,
        "notices": [{"level": each.level, "text": each.text} for each in state.notices],
        "asked": {name: request.get(name, usual) for name, usual in _ASKED.items()},
        "plan": job.plan,
        "error": result.get("error"),
        "transaction": result.get("transaction"),
    }


def _awaits_confirmation(job: RecordedJob) -> bool:
    if job.plan is None or job.status != "running" or job.request.get("dry_run"):
        return False
    return job.state.phase in (None, "index", "solve") and not JobFolder(job.folder).is_confirmed
