"""Every environment with a kernel as a kernel of the running server, as environments come and go.

The server's own kernelspec manager, of whatever class, goes on as it is; what it finds counts
before what is added here, and nothing is written. Where kernels run on another machine (a
gateway), nothing is added: its manager answers with coroutines.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel

from xconda_core import api
from xconda_core.errors import XcondaError

Kernels = dict[str, api.EnvironmentKernel]
Find = Callable[[], Kernels]


def add_environment_kernels(manager: Any, engine: api.Engine) -> bool:
    """Let ``manager`` find the kernels of environments as well; whether that could be done.

    Args:
        manager: The server's kernelspec manager.
        engine: What knows the environments.
    """
    asked = (manager.find_kernel_specs, manager.get_kernel_spec, manager.get_all_specs)
    if any(inspect.iscoroutinefunction(each) for each in asked):
        return False
    more = _MoreKernels(manager, engine)
    manager.find_kernel_specs = more.find_kernel_specs
    manager.get_kernel_spec = more.get_kernel_spec
    manager.get_all_specs = more.get_all_specs
    return True


class _MoreKernels:
    """Stands before the three questions that a kernelspec manager answers."""

    def __init__(self, manager: Any, engine: api.Engine) -> None:
        self._manager = manager
        self._engine = engine
        self._find = manager.find_kernel_specs
        self._get = manager.get_kernel_spec
        self._all = manager.get_all_specs
        self._asking = local()

    def find_kernel_specs(self) -> dict[str, str]:
        """Return name to folder of every kernel."""
        found: dict[str, str] = self._find()
        if getattr(self._asking, "manager", False):  # its other answers are made from this one
            return found
        return {**{name: str(each.folder) for name, each in self._kernels().items()}, **found}

    def get_kernel_spec(self, kernel_name: str) -> Any:
        """Return one kernel.

        Raises:
            NoSuchKernel: neither the manager nor an environment has it.
        """
        try:
            with self._manager_alone():
                return self._get(kernel_name)
        except NoSuchKernel:
            kernel = self._kernels().get(kernel_name)
            if kernel is None:
                raise
            return self._spec(kernel)

    def get_all_specs(self) -> dict[str, Any]:
        """Return every kernel with its document; an environment is not listed a second time."""
        with self._manager_alone():
            found: dict[str, Any] = self._all()
        there = {_activates(each["spec"]) for each in found.values()}
        ours = {
            name: {"resource_dir": str(kernel.folder), "spec": self._spec(kernel).to_dict()}
            for name, kernel in self._kernels().items()
            if (str(kernel.prefix), kernel.language) not in there
        }
        return {**ours, **found}

    @contextmanager
    def _manager_alone(self) -> Iterator[None]:
        self._asking.manager = True
        try:
            yield
        finally:
            self._asking.manager = False

    def _kernels(self) -> Kernels:
        allowed = self._manager.allowed_kernelspecs
        try:
            found = api.environments_with_kernels(api.environments(self._engine))
        except (OSError, XcondaError) as error:
            self._manager.log.warning("xconda could not look for environments: %s", error)
            return {}
        return {
            kernel.name: kernel
            for each in found
            for kernel in each.kernels
            if not allowed or kernel.name in allowed
        }

    def _spec(self, kernel: api.EnvironmentKernel) -> Any:
        return self._manager.kernel_spec_class(resource_dir=str(kernel.folder), **kernel.spec())


def _activates(document: Any) -> tuple[str, str]:
    """Return the environment that another kernelspec starts activated, and its language.

    One that merely starts the environment's Python, as ipykernel's own, is no reason to leave the
    activated one out. ``conda_env_path`` is what nb_conda_kernels writes.
    """
    metadata = document.get("metadata") or {}
    prefix = api.prefix_of_spec(document) or metadata.get("conda_env_path") or ""
    return str(prefix), str(document.get("language") or "")
