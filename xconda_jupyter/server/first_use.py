"""The engine's side of the extension, loaded by whoever needs it first.

A server start waits for none of it: engine, handlers and their documents take longer to import than
the bar allows. Once the server listens, a thread loads them, so that hardly anybody has to wait.
"""

import re
from functools import partial
from importlib import import_module
from threading import Lock
from typing import Any, Final

from jupyter_server.utils import url_path_join
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import RuleRouter

from xconda_core.errors import XcondaError

_QUESTIONS: Final = ("find_kernel_specs", "get_kernel_spec", "get_all_specs")


class PartsOnFirstUse:
    """Opens the extension's parts once, in whichever thread asks first.

    Attributes:
        opened: The parts, None before anybody asked.
    """

    def __init__(self, app: Any) -> None:
        self.opened: Any = None
        self._app = app
        self._lock = Lock()

    def __call__(self) -> Any:
        """Return the parts (:class:`.parts.Parts`).

        Raises:
            XcondaError, OSError: they cannot be opened; the next call tries again.
        """
        with self._lock:
            if self.opened is None:
                import_module("xconda_jupyter.server.routes")
                module = import_module("xconda_jupyter.server.parts")
                self.opened = module.open_parts(self._app)
            return self.opened


class RoutesOnFirstUse(RuleRouter):
    """Everything under ``/xconda``, imported with the first request for it."""

    SUPPORTED_METHODS = ()  # jupyter_server asks of every target which methods need no user

    def __init__(self, application: Any) -> None:
        """Know where the server is, and no route yet."""
        super().__init__()
        self._application = application

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate | None:
        """Return what answers a request, None where there is no such resource."""
        if not self.rules:
            base = re.escape(self._application.settings["base_url"])
            routes = import_module("xconda_jupyter.server.routes").ROUTES
            self.add_rules([(url_path_join(base, path), handler) for path, handler in routes])
        return super().find_handler(request, **kwargs)

    def get_target_delegate(
        self, target: Any, request: HTTPServerRequest, **target_params: Any
    ) -> HTTPMessageDelegate | None:
        """Return the handler as tornado's application would make it."""
        made: HTTPMessageDelegate = self._application.get_handler_delegate(
            request, target, **target_params
        )
        return made


class KernelsOnFirstUse:
    """Lets a kernelspec manager find the kernels of environments from the first question on."""

    def __init__(self, manager: Any, parts: PartsOnFirstUse) -> None:
        """Stand before the manager's questions.

        Args:
            manager: The server's kernelspec manager.
            parts: What opens the engine.
        """
        self._manager, self._parts = manager, parts
        self._own = {question: getattr(manager, question) for question in _QUESTIONS}
        self._lock = Lock()
        self._is_added = False
        for question in _QUESTIONS:
            setattr(manager, question, partial(self._ask, question))

    def _ask(self, question: str, *words: Any) -> Any:
        with self._lock:
            self._is_added = self._is_added or self._add()
        answer = getattr(self._manager, question) if self._is_added else self._own[question]
        return answer(*words)

    def _add(self) -> bool:
        try:
            engine = self._parts().engine
        except (OSError, XcondaError) as error:
            self._manager.log.warning("xconda could not look for environments: %s", error)
            return False
        for question, own in self._own.items():
            setattr(self._manager, question, own)
        module = import_module("xconda_jupyter.server.kernels")
        module.add_environment_kernels(self._manager, engine)
        return True
