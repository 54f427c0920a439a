"""What a plan's packages take: to download, and in the environment as far as that can be known.

An archive does not say how long its files are. What is unpacked in a package cache does
(``info/paths.json``, CEP 34), and so does what is installed (``conda-meta``, CEP 32).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from xconda_jupyter.server.job_documents import Plan

_MOST_PLANS: Final = 64
_ENDINGS: Final = (".conda", ".tar.bz2")


class _File(msgspec.Struct):
    size_in_bytes: int | None = None


class _Paths(msgspec.Struct):
    paths: list[_File] = []


class _Installed(msgspec.Struct):
    paths_data: _Paths = msgspec.field(default_factory=_Paths)


_read_paths: Final = msgspec.json.Decoder(_Paths).decode
_read_installed: Final = msgspec.json.Decoder(_Installed).decode


class PlanSizes:
    """Looks at the disk once for each plan, whose document must not change while it runs."""

    def __init__(self, pkgs_dirs: Sequence[Path]) -> None:
        self._pkgs_dirs = pkgs_dirs
        self._known: dict[tuple[str, str], Plan] = {}

    def with_sizes(self, job: str, document: dict[str, Any]) -> Plan:
        """Return the plan ``document`` of a job with the sizes of its packages."""
        key = (job, str(document.get("fingerprint", "")))
        plan = self._known.get(key)
        if plan is None:
            plan = self._read(document)
            while len(self._known) >= _MOST_PLANS:
                self._known.pop(next(iter(self._known)))
            self._known[key] = plan
        return plan

    def _read(self, document: dict[str, Any]) -> Plan:
        fetched, meta = set(document.get("fetch", ())), Path(document["prefix"]) / "conda-meta"
        steps = [
            {**step, **self._details(step, meta, is_fetched=step["name"] in fetched)}
            for step in document["operations"]
        ]
        return msgspec.convert({**document, "operations": steps}, Plan)

    def _details(self, step: dict[str, Any], meta: Path, *, is_fetched: bool) -> dict[str, Any]:
        old, new = step.get("old"), step.get("new")
        details: dict[str, Any] = {"download_bytes": new.get("size") if new and is_fetched else 0}
        if old is not None:
            path = meta / f"{old['name']}-{old['version']}-{old['build']}.json"
            details["old"] = {**old, "installed_bytes": _installed_bytes(path)}
        if new is not None:
            details["new"] = {**new, "installed_bytes": self._unpacked_bytes(str(new.get("fn")))}
        if old and new and old.get("license") != new.get("license"):
            details["license_change"] = {"old": old.get("license"), "new": new.get("license")}
        return details

    def _unpacked_bytes(self, archive: str) -> int | None:
        ending = next((each for each in _ENDINGS if archive.endswith(each)), "")
        name = Path(archive.removesuffix(ending)).name
        for folder in self._pkgs_dirs if ending else ():
            found = _bytes(folder / name / "info" / "paths.json")
            if found is not None:
                return found
        return None


def _installed_bytes(path: Path) -> int | None:
    try:
        return _sum(_read_installed(path.read_bytes()).paths_data)
    except (OSError, msgspec.DecodeError):
        return None


def _bytes(path: Path) -> int | None:
    try:
        return _sum(_read_paths(path.read_bytes()))
    except (OSError, msgspec.DecodeError):
        return None


def _sum(found: _Paths) -> int | None:
    """Return the length of all files; None where a record of old conda does not say."""
    sizes = [each.size_in_bytes for each in found.paths if each.size_in_bytes is not None]
    return sum(sizes) if sizes else None
