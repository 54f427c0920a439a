"""Which environments requests may mean: those conda knows of, and new ones beside them."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xconda_core import api
from xconda_jupyter.server.failures import refused


class Environments:
    """The environments of the user whom the server serves."""

    def __init__(self, engine: api.Engine, *, allow_any: bool, extra: tuple[Path, ...]) -> None:
        self._engine = engine
        self._allow_any = allow_any
        self._extra = extra

    def entries(self) -> list[dict[str, Any]]:
        """Return every environment that conda knows of, base first, then by name."""
        found = sorted(
            api.environments(self._engine), key=lambda each: (not each.is_base, each.name)
        )
        return [
            {
                "name": each.name,
                "prefix": str(each.prefix),
                "is_base": each.is_base,
                "is_active": each.is_active,
                "is_writable": each.is_writable,
                "is_frozen": each.is_frozen,
                "kernel": _kernel(each.prefix),
            }
            for each in found
        ]

    def existing(self, prefix: str, name: str) -> str:
        """Return the path of the environment that a request means.

        Raises:
            Failed: there is none, or requests may not mean it.
        """
        if not prefix:
            return str(self._named(name))
        path = _clean(prefix)
        if not self._is_known(path):
            raise _not_allowed(path, "no environment that conda knows of is there")
        return str(path)

    def new(self, prefix: str, name: str) -> str:
        """Return where an environment may be made.

        Raises:
            Failed: requests may not name that place.
            XcondaError: an environment there would not work.
        """
        if not prefix:
            settings = self._engine.settings
            return str(api.new_target(name, None, api.environment(), settings).prefix)
        path = _clean(prefix)
        folders = self._engine.settings.envs_dirs
        if not (self._allow_any or path.parent in folders or self._is_known(path)):
            places = ", ".join(map(str, folders))
            raise _not_allowed(path, f"new environments go into {places}")
        return str(path)

    def refuse_in_use(self, prefix: str, notebooks: Sequence[str]) -> None:
        """Return if an environment may be taken away.

        Args:
            prefix: Its path.
            notebooks: Paths of what runs a kernel in it.

        Raises:
            Failed: it is the base or active one, the server runs in it, or a kernel does.
        """
        path, reason = Path(prefix), ""
        if path == self._engine.settings.root_prefix:
            reason = "it is the base environment, which the others share programs and settings with"
        elif Path(sys.prefix).is_relative_to(path):
            reason = "this server runs in it"
        elif prefix == api.environment().get("CONDA_PREFIX"):
            reason = "it is the active one where this server was started"
        elif notebooks:
            reason = f"a kernel runs in it: {', '.join(notebooks)}"
        if reason:
            what, fix = f"{prefix} stays.", "shut its kernels down, or choose another environment."
            raise refused("environment-in-use", what, f"{reason}.", fix, prefix=prefix)

    def _named(self, name: str) -> Path:
        if not name:
            raise refused(
                "request-not-understood",
                "Nothing was done: no environment is named.",
                "neither a prefix nor a name is given.",
                "add one of them.",
            )
        return api.target(name, None, api.environment(), self._engine.settings).prefix

    def _is_known(self, path: Path) -> bool:
        if path in self._extra or (self._allow_any and (path / "conda-meta").is_dir()):
            return True
        return any(each.prefix == path for each in api.environments(self._engine))


def _clean(prefix: str) -> Path:
    path = Path(prefix)
    if "\0" in prefix or not path.is_absolute() or os.path.normpath(prefix) != str(path):
        raise refused(
            "request-not-understood",
            "Nothing was done: that is no path of an environment.",
            f"{prefix!r} is not an absolute path without `..`.",
            "send the prefix as GET /xconda/environments lists it.",
            prefix=prefix,
        )
    return path


def _not_allowed(path: Path, why: str) -> Exception:
    return refused(
        "prefix-not-allowed",
        f"Nothing was done: {path} may not be used from here.",
        f"{why}.",
        "use one that GET /xconda/environments lists; XcondaApp.extra_prefixes adds others.",
        prefix=str(path),
    )


def _kernel(prefix: Path) -> dict[str, str] | None:
    """Return what the environment's own kernelspec says, None where it has no kernel."""
    try:
        specs = sorted((prefix / "share" / "jupyter" / "kernels").iterdir())
    except OSError:
        return None
    for spec in specs:
        try:
            document = json.loads((spec / "kernel.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(document, dict):
            return {"name": spec.name, "language": str(document.get("language", ""))}
    return None
