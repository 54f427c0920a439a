"""Execute a notebook in the kernel of an environment, started as xconda starts kernels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from xconda_core import api

CellDone = Callable[[int, str], None]
_read: Callable[..., Any] = nbformat.read
_save: Callable[..., Any] = nbformat.write


def _tell_nobody(number: int, source: str) -> None:
    del number, source


def run_notebook(
    notebook: Path,
    prefix: Path,
    output: Path | None = None,
    *,
    timeout: float | None = 600.0,
    cell_done: CellDone = _tell_nobody,
) -> NotebookNode:
    """Execute ``notebook`` in the environment at ``prefix`` and return it with its outputs.

    Args:
        notebook: The notebook file; it is not changed.
        prefix: Absolute path of the environment.
        output: Where the executed notebook is written, also when a cell fails; not at all if None.
        timeout: Seconds that one cell may take; None for no limit.
        cell_done: Told the position of each code cell and its source when it is over.

    Raises:
        CellExecutionError: a cell failed, or the environment cannot run a kernel.
        NoTemporaryFolder: the kernel's description cannot be written.
    """
    document: NotebookNode = _read(notebook, as_version=4)
    with api.temporary_folder(f"run {notebook.name}", "xconda-kernelspec-") as folder:
        kernel = api.add_kernel(api.python_kernel(prefix), folder / "kernels")
        specs = KernelSpecManager(kernel_dirs=[str(folder / "kernels")])
        manager = AsyncKernelManager(kernel_name=kernel.name, kernel_spec_manager=specs)

        def tell(cell: NotebookNode, cell_index: int, **_: object) -> None:
            cell_done(cell_index, str(cell["source"]))

        client = NotebookClient(
            document,
            km=manager,
            timeout=timeout,
            on_cell_executed=tell,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],  # its advice is for servers
            resources={"metadata": {"path": str(notebook.parent)}},
        )
        try:
            client.execute(cleanup_kc=True)
        except CellExecutionError:
            _write(document, output)
            raise
    _write(document, output)
    return document


def _write(document: NotebookNode, output: Path | None) -> None:
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        _save(document, output)
