"""The Jupyter server that runs this kernel, and the session of notebook and kernel.

Found through what jupyter_server writes for every program of its user: ``jpserver-PID.json`` in the
runtime folder, where the kernel's connection file is as well. Source: jupyter_server's REST API.
"""

from __future__ import annotations

import glob
import json
import os
import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Mapping, Optional
from urllib.parse import quote

_SECONDS = 5.0
_SECONDS_TO_SWITCH = 120.0


class NoAnswer(Exception):
    """The server did not do what it was asked; says why in one line."""


@dataclass(frozen=True)
class Server:
    """A running Jupyter server.

    Attributes:
        url: Where it is, with its base_url and a slash at the end.
        token: What lets this user in, empty where none is known.
    """

    url: str
    token: str

    def ask(self, method: str, path: str, body: Any = None, seconds: float = _SECONDS) -> Any:
        """Return the answer's document.

        Raises:
            NoAnswer: it could not be reached, or refused.
        """
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "token " + self.token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 (the address is the server's own file's)
            self.url + path, data=data, headers=headers, method=method
        )
        try:
            with _straight().open(request, timeout=seconds) as answer:
                return json.loads(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise NoAnswer(_refusal(error)) from None
        except (OSError, ValueError, ssl.SSLError) as error:
            raise NoAnswer("the server at {} did not answer: {}".format(self.url, error)) from None


@dataclass(frozen=True)
class Session:
    """What the server calls a session: one notebook or console and its kernel.

    Attributes:
        server: The server.
        id: The session's id.
        path: The notebook's path, seen from the server's root folder.
    """

    server: Server
    id: str
    path: str

    def kernel_for(self, environment: Mapping[str, Any]) -> str:
        """Return what the server calls the Python kernel of an environment; empty: it has none.

        Raises:
            NoAnswer: the server does not say.
        """
        known = self.server.ask("GET", "api/kernelspecs")["kernelspecs"]
        wanted = [each["name"] for each in environment["kernels"]]
        for name in wanted:
            if name in known:
                return str(name)
        python = os.path.join(environment["prefix"], "bin", "python")
        for name, entry in known.items():
            if (entry["spec"].get("argv") or [""])[0] == python:
                return str(name)
        return ""

    def switch(self, kernel: str) -> None:
        """Give the notebook a new kernel; the one that it has, this one, is shut down.

        Raises:
            NoAnswer: the server refused; everything is as it was.
        """
        path = "api/sessions/" + quote(self.id)
        self.server.ask("PATCH", path, {"kernel": {"name": kernel}}, _SECONDS_TO_SWITCH)


def session_of(connection_file: str) -> Optional[Session]:
    """Return the session of the kernel with that connection file; None: no server says so."""
    found = re.fullmatch(r"kernel-(.+)\.json", os.path.basename(connection_file))
    if not found:
        return None
    for server in _servers(os.path.dirname(connection_file)):
        try:
            sessions = server.ask("GET", "api/sessions")
            for each in sessions:
                if (each.get("kernel") or {}).get("id") == found.group(1):
                    return Session(server, str(each["id"]), str(each.get("path", "")))
        except (NoAnswer, AttributeError, KeyError, TypeError):
            continue
    return None


def _servers(folder: str) -> Iterator[Server]:
    """Yield the running servers of this user, the one that started this kernel first."""
    documents = [_document(path) for path in glob.glob(os.path.join(folder, "jpserver-*.json"))]
    parent = os.environ.get("JPY_PARENT_PID", "")
    documents.sort(key=lambda each: str(each.get("pid")) != parent)
    for each in documents:
        url, token = str(each.get("url") or ""), str(each.get("token") or "")
        if url.startswith(("http://", "https://")):
            yield Server(url.rstrip("/") + "/", token or os.environ.get("JUPYTERHUB_API_TOKEN", ""))


def _document(path: str) -> Dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _straight() -> urllib.request.OpenerDirector:
    """Return what asks a server on this machine: past any proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        said = str(json.loads(error.read().decode()).get("message") or error.reason)
    except (OSError, ValueError, AttributeError):
        said = str(error.reason)
    return "the server refused: {} ({})".format(said, error.code)
