"""What the resources work with: the user's environments, jobs and workers; opened once."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xconda_core import api
from xconda_jupyter.server.environments import Environments
from xconda_jupyter.server.events import JOB_SCHEMA, JobWatch
from xconda_jupyter.server.recorded_jobs import RecordedJobs
from xconda_jupyter.server.workers import Workers


@dataclass(frozen=True, slots=True)
class Parts:
    """What the resources work with.

    Attributes:
        engine: The engine, with the settings of when it was opened.
        environments: Which environments requests may mean.
        jobs: All jobs of the user, whoever runs them.
        workers: The worker processes of this server.
        watch: What tells clients that a job changed.
        until_stopped: What ends with the extension.
    """

    engine: api.Engine
    environments: Environments
    jobs: RecordedJobs
    workers: Workers
    watch: JobWatch
    until_stopped: ExitStack


def open_parts(app: Any) -> Parts:
    """Read the configuration and return the parts; from now on the engine logs as the server does.

    Args:
        app: The extension, with its traits.

    Raises:
        XcondaError, OSError: the configuration cannot be read.
    """
    with ExitStack() as until_stopped:
        until_stopped.enter_context(api.logging_into(app.log))
        engine = api.open_engine()
        extra = tuple(map(Path, app.extra_prefixes))
        store = api.JobsStore(engine.settings.state_dir / "jobs")
        logger = app.serverapp.event_logger
        if JOB_SCHEMA["$id"] not in logger.schemas:
            logger.register_event_schema(dict(JOB_SCHEMA))
        return Parts(
            engine=engine,
            environments=Environments(engine, allow_any=app.allow_any_prefix, extra=extra),
            jobs=RecordedJobs(store, engine.settings.pkgs_dirs),
            workers=Workers(app.most_jobs, app.most_questions),
            watch=JobWatch(store.folder, logger),
            until_stopped=until_stopped.pop_all(),
        )
