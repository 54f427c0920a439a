"""The extension as jupyter_server runs it: settings, routes, start and end."""

import asyncio
import re
from contextlib import suppress
from typing import Any, Final

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from traitlets import Bool, Int, List, Unicode

from xconda_core.errors import XcondaError
from xconda_jupyter.server.first_use import KernelsOnFirstUse, PartsOnFirstUse, RoutesOnFirstUse

_SECONDS_TO_ANOTHER_TRY: Final = 10.0


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
        """Say what opens the engine; nothing of it is loaded yet."""
        self._parts = PartsOnFirstUse(self)
        self.settings["xconda"] = self._parts
        manager = getattr(self.serverapp, "kernel_spec_manager", None)
        if self.environment_kernels and manager is not None:
            KernelsOnFirstUse(manager, self._parts)

    def initialize_handlers(self) -> None:
        """Add the routes, behind the server's base_url."""
        server: Any = self.serverapp
        application = server.web_app
        under = url_path_join(re.escape(application.settings["base_url"]), "xconda/.*")
        application.add_handlers(".*$", [(under, RoutesOnFirstUse(application))])

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        del serverapp  # jupyter_server's signature
        self._watching = asyncio.create_task(self._watch())

    async def stop_extension(self) -> None:
        """Cancel the jobs that this server started; their environments stay as they were."""
        task = getattr(self, "_watching", None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._parts.opened is not None:
            await self._parts.opened.workers.stop()
            self._parts.opened.until_stopped.close()

    async def _watch(self) -> None:
        """Load the engine while nobody waits for it, then tell of jobs until cancelled."""
        while True:
            try:
                parts = await asyncio.to_thread(self._parts)
            except (OSError, XcondaError) as error:
                self.log.warning("xconda cannot read its configuration: %s", error)
                await asyncio.sleep(_SECONDS_TO_ANOTHER_TRY)
            else:
                await parts.watch.run()
