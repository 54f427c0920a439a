"""A kernel of a language that is not Python: it adds the numbers of a cell, and keeps a diary.

Run as a program. ``ABACUS_DIARY`` names the file that gets a line for every cell it is asked to run
and for every expression besides, as JSON.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

LANGUAGE: Final[dict[str, object]] = {
    "name": "abacus",
    "mimetype": "text/plain",
    "file_extension": ".sum",
}


class Abacus(Kernel):
    """Sums."""

    implementation = "abacus"
    implementation_version = "1.0"
    banner = "An abacus"
    language_info = LANGUAGE

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Any = None,
        allow_stdin: bool = False,
        **more: Any,
    ) -> dict[str, Any]:
        """Say the sum of the numbers in ``code``."""
        with Path(os.environ["ABACUS_DIARY"]).open("a", encoding="utf-8") as diary:
            diary.write(json.dumps({"code": code, "expressions": user_expressions or {}}) + "\n")
        if not silent:
            said = {"name": "stdout", "text": f"= {sum(map(int, code.split()))}\n"}
            self.send_response(self.iopub_socket, "stream", said)  # type: ignore[no-untyped-call]
        count = {"execution_count": self.execution_count}
        return {"status": "ok", "payload": [], "user_expressions": {}, **count}


def add_to(prefix: Path, diary: Path) -> None:
    """Register the kernel in the environment at ``prefix``, which is made where it is not there."""
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    (prefix / "conda-meta" / "history").touch()
    folder = prefix / "share" / "jupyter" / "kernels" / "abacus"
    folder.mkdir(parents=True)
    document = {
        "argv": [sys.executable, __file__, "-f", "{connection_file}"],
        "display_name": "Abacus",
        "language": "abacus",
        "env": {"ABACUS_DIARY": str(diary)},
    }
    (folder / "kernel.json").write_text(json.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=Abacus)
