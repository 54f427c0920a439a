"""A job of this process; what may change something is recorded meanwhile. Layer: engine."""

from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.engine.engine import Engine
from xconda_core.engine.job import Confirm, JobResult
from xconda_core.engine.job import run_job as run_recorded_job
from xconda_core.engine.job_folder import JobsFolderUnusable
from xconda_core.engine.requests import ChangeRequest
from xconda_core.events import Noticed, Reporter, silent


def run_job(
    engine: Engine,
    request: ChangeRequest,
    confirm: Confirm,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
    *,
    kind: str = "cli",
) -> JobResult:
    """Plan ``request``, ask ``confirm``, carry it out; recorded in the jobs store meanwhile.

    A dry run of this process leaves no record: it changes nothing, and who asked sees the answer.

    Args:
        engine: What decides and carries out.
        request: What is asked.
        confirm: Is shown a plan that is not empty; False leaves all as it is.
        report: Is told every event.
        cancel: Stops the job.
        kind: Who runs it, for whoever looks at the store.

    Raises:
        XcondaError: it could not be done, or was cancelled; nothing was changed.
    """
    folder = None
    try:
        if not request.dry_run:
            from xconda_core.engine.jobs_store import JobsStore, Owner

            store = JobsStore(engine.settings.state_dir / "jobs")
            folder = store.create(request.to_json(), Owner.this_process(kind))
            store.prune()
    except JobsFolderUnusable as error:  # a record is for watchers; the work does not need it
        report(Noticed("warning", f"no record of this job is kept: {error.why}"))
    try:
        return run_recorded_job(engine, request, folder, report, cancel or CancelToken(), confirm)
    finally:
        if "SUDO_UID" in engine.environ:
            from xconda_core.engine.handing_back import hand_back

            hand_back(engine.environ, Path(request.prefix), *engine.settings.pkgs_dirs)
