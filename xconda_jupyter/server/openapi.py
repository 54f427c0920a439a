"""The contract of the resources as one document: OpenAPI 3.1, made from the types of the answers.

``python -m xconda_jupyter.server.openapi`` writes what is kept as ``docs/server-schema.json``.
"""

import inspect
import json
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from xconda_core.api import __version__
from xconda_jupyter.server.documents import Document, Environments, Failure, Lock
from xconda_jupyter.server.job_documents import Job, Jobs, Log
from xconda_jupyter.server.job_routes import ConfirmHandler, JobHandler, JobLogHandler, JobsHandler
from xconda_jupyter.server.kernel_documents import Kernels, Notebook
from xconda_jupyter.server.kernel_routes import KernelsHandler, NotebookHandler
from xconda_jupyter.server.questions import EnvironmentsHandler, LockHandler, QuestionHandler
from xconda_jupyter.server.routes import ROUTES
from xconda_jupyter.server.wishes import JobWish, LockWish

_REF: Final = "#/components/schemas/{name}"
_ANSWERS: Final[Mapping[tuple[type, str], type[Document]]] = {
    (EnvironmentsHandler, "get"): Environments,
    (LockHandler, "post"): Lock,
    (KernelsHandler, "get"): Kernels,
    (NotebookHandler, "get"): Notebook,
    (JobsHandler, "get"): Jobs,
    (JobsHandler, "post"): Job,
    (JobHandler, "get"): Job,
    (JobHandler, "delete"): Job,
    (ConfirmHandler, "post"): Job,
    (JobLogHandler, "get"): Log,
}
_BODIES: Final[Mapping[tuple[type, str], type[msgspec.Struct]]] = {
    (LockHandler, "post"): LockWish,
    (JobsHandler, "post"): JobWish,
}


def answer_of(handler: type, method: str) -> type[Document] | None:
    """Return what a handler answers with; None where it has no such method."""
    found = _ANSWERS.get((handler, method))
    if found is None and method == "get" and issubclass(handler, QuestionHandler):
        return handler.kind
    return found


def document() -> dict[str, Any]:
    """Return the whole contract."""
    answers = [
        kind
        for _, handler in ROUTES
        for method in ("get", "post", "delete")
        if (kind := answer_of(handler, method)) is not None
    ]
    kinds = list(dict.fromkeys([*answers, *_BODIES.values(), Failure]))
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "xconda's server extension", "version": __version__},
        "paths": {_readable(path): _resource(path, handler) for path, handler in ROUTES},
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def text() -> str:
    """Return the contract as it is kept."""
    return json.dumps(document(), indent=1) + "\n"


def _readable(path: str) -> str:
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)


def _resource(path: str, handler: type) -> dict[str, Any]:
    named = re.findall(r"\(\?P<(\w+)>", path)
    resource: dict[str, Any] = {
        method: _operation(handler, method, kind)
        for method in ("get", "post", "delete")
        if (kind := answer_of(handler, method)) is not None
    }
    if named:
        text = {"type": "string"}
        resource["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": text} for name in named
        ]
    return resource


def _operation(handler: type, method: str, kind: type[Document]) -> dict[str, Any]:
    is_job = kind is Job and method != "get"
    operation: dict[str, Any] = {
        "summary": (inspect.getdoc(getattr(handler, method)) or "").partition("\n")[0],
        "responses": {
            "202" if is_job else "200": _content(kind, "the answer"),
            "default": _content(Failure, "what was asked could not be done"),
        },
    }
    if issubclass(handler, QuestionHandler) and method == "get":
        operation["summary"] = (inspect.getdoc(handler) or "").partition("\n")[0]
    body = _BODIES.get((handler, method))
    if body is not None:
        operation["requestBody"] = {"required": True, **_content(body, "what is asked")}
    return operation


def _content(kind: type, description: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name=kind.__name__)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


if __name__ == "__main__":
    sys.stdout.write(text())
