"""The kernel of an environment whose own could not be started: it says why, in the notebook.

Run as a script by the Python of whoever starts kernels. Every cell fails with the same three
sentences, so that a notebook that is executed unattended stops as well. It runs nobody's code.
A restart of the kernel tries the environment again.
"""

import json
import os
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

REASON = "XCONDA_KERNEL_NOT_STARTED"
"""Variable that holds ``{code, what, why, fix, facts}``."""


class ReasonKernel(Kernel):
    """Answers every cell with the reason."""

    implementation = "xconda"
    implementation_version = "1"
    banner = "xconda: the environment's kernel was not started"
    language_info = {  # noqa: RUF012 (ipykernel's way to say it)
        "name": "python",
        "mimetype": "text/x-python",
        "file_extension": ".py",
    }

    async def do_execute(self, code: str, silent: bool, *_: Any, **__: Any) -> dict[str, Any]:
        """Fail with the reason; what a front end asks silently is answered with nothing."""
        if silent or not code.strip():
            return {
                "status": "ok",
                "execution_count": self.execution_count,
                "payload": [],
                "user_expressions": {},
            }
        reason = json.loads(os.environ[REASON])
        lines = [f"xconda: {reason['what']}", f"  why: {reason['why']}", f"  try: {reason['fix']}"]
        lines.append("  then restart the kernel.")
        error = {"ename": "KernelNotStarted", "evalue": reason["what"], "traceback": lines}
        send: Any = self.send_response
        send(self.iopub_socket, "error", error)
        return {"status": "error", "execution_count": self.execution_count, **error}


if __name__ == "__main__":
    app: Any = IPKernelApp
    app.launch_instance(kernel_class=ReasonKernel)
