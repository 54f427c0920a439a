"""Kernels and notebooks as the types of answers; see :mod:`.documents`."""

from xconda_jupyter.server.documents import Document, Kernel


class EnvironmentKernels(Document, frozen=True, kw_only=True):
    """Which kernels start an environment.

    ``kernels`` are names of kernelspecs; ``own`` is the spec inside it. ``missing`` is what it
    lacks to have one: ``ipykernel`` where it has Python, None where nothing is or none can be.
    """

    name: str
    prefix: str
    kernels: list[str]
    own: Kernel | None
    python: str | None
    ipykernel: str | None
    missing: str | None


class RunningKernel(Document, frozen=True, kw_only=True):
    """A kernel that a session runs; ``path`` is the notebook's, ``prefix`` its environment."""

    id: str
    name: str
    state: str
    path: str
    type: str
    prefix: str | None
    started: float | None


class Kernels(Document, frozen=True, kw_only=True):
    """Every environment with its kernels, and every kernel that runs."""

    environments: list[EnvironmentKernels]
    running: list[RunningKernel]
