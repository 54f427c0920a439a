"""Kernels and notebooks as the types of answers; see :mod:`.documents`."""

from typing import Literal

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


class Place(Document, frozen=True, kw_only=True):
    """The environment that a notebook uses, and what says so.

    ``because``: its ``kernel`` that runs, what is ``recorded`` in it, or its ``kernelspec``.
    """

    name: str
    prefix: str
    because: Literal["kernel", "recorded", "kernelspec"]


class Reference(Document, frozen=True, kw_only=True):
    """The environment that a notebook refers to in its metadata."""

    name: str = ""
    prefix: str = ""


class ImportedModule(Document, frozen=True, kw_only=True):
    """A module that the cells import; ``is_optional``: they can do without it."""

    module: str
    is_optional: bool
    is_found: bool


class Offer(Document, frozen=True, kw_only=True):
    """A package that brings a missing module; ``check`` is what a solve says of installing it."""

    package: str
    source: str
    reason: str
    check: Literal["fits", "refused", "unknown"]
    words: str
    version: str
    channel: str
    download_bytes: int
    changes: int
    removed: list[str]
    downgraded: list[str]


class Provider(Document, frozen=True, kw_only=True):
    """An installed package that brings a module which Python does not find all the same."""

    name: str
    version: str
    build: str
    place: str
    installed: bool
    paths: list[str]


class MissingModule(Document, frozen=True, kw_only=True):
    """A module that is needed and not there, with what brings it, the best first."""

    module: str
    offers: list[Offer]
    installed: Provider | None


class MissingModules(Document, frozen=True, kw_only=True):
    """All that is missing; installing ``packages`` brings it, and does what ``together`` says."""

    modules: list[MissingModule]
    packages: list[str]
    together: Offer | None
    lists: str


class UnmetRequirement(Document, frozen=True, kw_only=True):
    """What the notebook's ``script`` block (PEP 723) asks for, and what is there instead."""

    requirement: str
    installed: str | None


class NotebookNeeds(Document, frozen=True, kw_only=True):
    """What the cells of a notebook need, held against its environment.

    ``unread`` counts the cells that are no Python.
    """

    modules: list[ImportedModule]
    unread: int
    missing: MissingModules
    requirements: list[str]
    unmet: list[UnmetRequirement]


class Drift(Document, frozen=True, kw_only=True):
    """How a notebook's environment differs from what the notebook says of it, in sentences."""

    is_recorded_there: bool
    runs_elsewhere: bool
    words: list[str]


class Restart(Document, frozen=True, kw_only=True):
    """What changed in the environment since the notebook's kernel started.

    ``is_advised`` where packages were changed or removed; those that are only new can be imported
    at once. ``by_others``: something that left no job changed the environment, too.
    """

    kernel: str
    since: float
    is_advised: bool
    jobs: list[str]
    changed: list[str]
    removed: list[str]
    new: list[str]
    by_others: bool
    words: str


class Notebook(Document, frozen=True, kw_only=True):
    """A notebook as it was last saved, and its environment.

    ``needs`` is None where it has no environment here, or is not in Python.
    """

    path: str
    language: str
    kernel: str
    environment: Place | None
    recorded: Reference | None
    needs: NotebookNeeds | None
    drift: Drift
    restart: Restart | None
