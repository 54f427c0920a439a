"""Kernels and the environments that they run in, as resources."""

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from xconda_jupyter.server.handlers import XcondaHandler
from xconda_jupyter.server.kernel_documents import Kernels, RunningKernel
from xconda_jupyter.server.kernel_listing import environment_kernels, running_kernel


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
