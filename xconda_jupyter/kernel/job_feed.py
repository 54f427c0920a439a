"""Follow one job through its folder, and leave marks there. Source: the core's ``jobs_store``."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Optional

from xconda_jupyter.kernel.growing_file import file_at


class JobFeed:
    """What a job has written since it was last looked at.

    Attributes:
        folder: The job's folder.
        log: What its worker logs.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.log = file_at(os.path.join(folder, "worker.log"))
        self._events = file_at(os.path.join(folder, "events.jsonl"))

    def lines(self) -> List[Dict[str, Any]]:
        """Return the whole lines that were appended since the last call."""
        return [document for document in map(_object, self._events.lines()) if document]

    def plan(self) -> Optional[Dict[str, Any]]:
        """Return the plan once it is decided."""
        return self._document("plan.json")

    def result(self) -> Optional[Dict[str, Any]]:
        """Return the result once the job is over."""
        return self._document("result.json")

    def confirm(self) -> None:
        """Let the plan be carried out."""
        self._mark("confirmed")

    def cancel(self) -> None:
        """Ask the job to stop and to undo what it began."""
        self._mark("cancel")

    def _document(self, name: str) -> Optional[Dict[str, Any]]:
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return _object(file.read())
        except FileNotFoundError:
            return None

    def _mark(self, name: str) -> None:
        with open(os.path.join(self.folder, name), "ab"):
            pass


def _object(text: bytes) -> Optional[Dict[str, Any]]:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
