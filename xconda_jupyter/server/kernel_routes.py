"""Kernels and notebooks, and the environments that they run in, as resources."""

import os
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import ApiPath, ensure_async, to_os_path
from tornado import web

from xconda_jupyter.server.failures import refused
from xconda_jupyter.server.handlers import XcondaHandler
from xconda_jupyter.server.kernel_documents import Kernels, Notebook, NotebookNeeds, RunningKernel
from xconda_jupyter.server.kernel_listing import environment_kernels, prefix_of, running_kernel
from xconda_jupyter.server.notebooks import (
    Done,
    SavedNotebook,
    drift_of,
    place_of,
    read_notebook,
    referred,
    restart_of,
)


class KernelsHandler(XcondaHandler):
    """``GET /xconda/kernels``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List which environment has which kernel, and the kernels that run."""
        running = await running_kernels(self)
        known = await self.in_thread(
            lambda: environment_kernels(
                self.environments.entries(), self.kernel_spec_manager.get_all_specs()
            )
        )
        self.answer(Kernels(environments=known, running=running))


class NotebookHandler(XcondaHandler):
    """``GET /xconda/notebook?path=``."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell of a saved notebook: its environment, what it needs, what changed."""
        file = await self._file(self.text("path"))
        found = await self.in_thread(lambda: read_notebook(file))
        running = await running_kernels(self)
        kernel = next((each for each in running if each.path == self.text("path")), None)
        environments = await self.in_thread(self.environments.entries)
        of_spec = await self.in_thread(lambda: self._prefix_of(found.metadata.kernelspec.name))
        place = place_of(found, kernel, environments, of_spec)
        reference = found.metadata.xconda.environment
        recorded = referred(reference, environments)
        prefix = place.prefix if place else ""
        self.answer(
            Notebook(
                path=self.text("path"),
                language=found.language,
                kernel=found.metadata.kernelspec.name,
                environment=place,
                recorded=reference,
                needs=await self._needs(found, prefix, file.parent),
                drift=drift_of(reference, recorded, kernel),
                restart=await self.in_thread(
                    lambda: restart_of(kernel, self._done(prefix), _written(prefix))
                ),
            )
        )

    async def _file(self, path: str) -> Path:
        """Return where a notebook lies, which must be below the server's folder.

        Raises:
            Failed: it is not, is hidden, or the user may not read files.
        """
        allowed = self.authorizer.is_authorized(self, self.current_user, "read", "contents")
        root = str(getattr(self.contents_manager, "root_dir", ""))
        is_path = bool(root and path) and "\0" not in path
        place = os.path.normpath(to_os_path(ApiPath(path), root)) if is_path else ""
        is_inside = place.startswith(os.path.normpath(root) + os.sep)
        is_hidden = any(part.startswith(".") for part in path.split("/"))
        if not (await ensure_async(allowed) and is_inside and place.endswith(".ipynb")):
            why = "it is no .ipynb file below the server's folder that you may read."
        elif is_hidden and not self.contents_manager.allow_hidden:
            why = "it is hidden."
        else:
            return Path(place)
        fix = "give its path as the file browser has it."
        raise refused("notebook-not-allowed", "No notebook was read.", why, fix)

    def _prefix_of(self, kernel: str) -> str | None:
        try:
            return prefix_of(self.kernel_spec_manager.get_kernel_spec(kernel).to_dict())
        except (NoSuchKernel, ValueError):
            return None

    async def _needs(self, found: SavedNotebook, prefix: str, folder: Path) -> NotebookNeeds | None:
        if not prefix or found.language not in {"", "python"}:
            return None
        options = {"cells": found.code, "folder": str(folder)}
        asked = {"verb": "notebook", "prefix": prefix, "options": options}
        return await self.workers.answer(asked, NotebookNeeds)

    def _done(self, prefix: str) -> list[Done]:
        return self.jobs.done(prefix) if prefix else []


def _written(prefix: str) -> float | None:
    """Return when an environment's history was last written."""
    try:
        return Path(prefix, "conda-meta", "history").stat().st_mtime if prefix else None
    except OSError:
        return None


async def running_kernels(handler: Any) -> list[RunningKernel]:
    """Return the kernels of the server's sessions; ``handler`` is any of jupyter_server's."""
    sessions = await handler.session_manager.list_sessions()
    found = []
    for session in sessions:
        try:
            kernel = handler.kernel_manager.get_kernel(session["kernel"]["id"])
        except (KeyError, TypeError):  # it ended meanwhile
            continue
        spec = kernel.kernel_spec.to_dict() if kernel.kernel_spec else {}
        pid = int(getattr(kernel.provisioner, "pid", None) or 0)
        found.append(running_kernel(session, spec, pid))
    return found
