"""The extension as jupyter_server runs it: settings, routes, start and end."""

import asyncio
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Int, List, Unicode

from xconda_core import api
from xconda_jupyter.server.environments import Environments
from xconda_jupyter.server.events import JOB_SCHEMA, JobWatch
from xconda_jupyter.server.kernels import add_environment_kernels
from xconda_jupyter.server.recorded_jobs import RecordedJobs
from xconda_jupyter.server.routes import ROUTES
from xconda_jupyter.server.workers import Workers


class XcondaApp(ExtensionApp):
    """Environments, packages and jobs under ``/xconda``."""

    name = "xconda"
    load_other_extensions = True

    allow_any_prefix = Bool(
        False,
        config=True,
        help="Whether requests may name any path as an environment. Otherwise only environments "
        "that conda knows of, and new ones in the folders for environments (envs_dirs).",
    )
    extra_prefixes = List(
        Unicode(), config=True, help="Environments that may be used besides those conda knows of."
    )
    environment_kernels = Bool(
        True,
        config=True,
        help="Whether every environment with a kernel is one of the server's kernels, as "
        "environments come and go. Nothing is written for it.",
    )

    most_jobs = Int(
        8, config=True, help="Jobs of this server that may run or wait at the same time."
    )
    most_questions = Int(
        64, config=True, help="Questions that may be asked of this server at the same time."
    )

    def initialize_settings(self) -> None:
        """Open the engine's settings once; nothing is started yet."""
        engine = api.open_engine()
        environments = Environments(
            engine, allow_any=self.allow_any_prefix, extra=tuple(map(Path, self.extra_prefixes))
        )
        if self.environment_kernels:
            add_environment_kernels(getattr(self.serverapp, "kernel_spec_manager", None), engine)
        store = api.JobsStore(engine.settings.state_dir / "jobs")
        self.settings["xconda"] = {
            "environments": environments,
            "jobs": RecordedJobs(store, engine.settings.pkgs_dirs),
            "workers": Workers(self.most_jobs, self.most_questions),
            "watch": self._job_watch(store.folder),
        }

    def initialize_handlers(self) -> None:
        """Add the routes; jupyter_server puts its base_url before them."""
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        del serverapp  # jupyter_server's signature
        self._watching = asyncio.create_task(self.settings["xconda"]["watch"].run())

    async def stop_extension(self) -> None:
        """Cancel the jobs that this server started; their environments stay as they were."""
        task = getattr(self, "_watching", None)
        if task is not None:
            task.cancel()
        parts = self.settings.get("xconda")
        if parts:
            await parts["workers"].stop()

    def _job_watch(self, folder: Path) -> JobWatch:
        logger: Any = getattr(self.serverapp, "event_logger", None)
        logger.register_event_schema(dict(JOB_SCHEMA))
        return JobWatch(folder, logger)
