"""Puts the JupyterLab panel into the wheel; an editable install goes without (``make panel``)."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = "labextension"
_PARTS = ("src", "style", "schema", "package.json")
_BUILT = "xconda_jupyter/labextension"
_INSTALLED = "share/jupyter/labextensions/xconda-lab"


class PanelBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the prebuilt panel to the files of a wheel, and builds it where it is not up to date."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the panel's files to the wheel builder.

        Raises:
            RuntimeError: the panel is not built and cannot be built here.
        """
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        if not is_current(root):
            _build(root / _SOURCE)
        build_data["shared_data"][str(root / _BUILT)] = _INSTALLED
        who_installed = root / _SOURCE / "install.json"  # `jupyter labextension list` says it
        build_data["shared_data"][str(who_installed)] = f"{_INSTALLED}/install.json"


def is_current(root: Path) -> bool:
    """Whether the panel is built, and no source of it is newer."""
    built = root / _BUILT / "package.json"
    if not built.is_file():
        return False
    parts = [root / _SOURCE / part for part in _PARTS]
    files = [file for part in parts for file in (part, *part.rglob("*")) if file.is_file()]
    return all(file.stat().st_mtime <= built.stat().st_mtime for file in files)


def _build(source: Path) -> None:
    if not (shutil.which("jlpm") and shutil.which("node")):
        raise RuntimeError(
            "The JupyterLab panel is not built, or older than its sources, and building it takes"
            " jlpm and Node.js, which are not on PATH. Run `make panel` first: it gets both from"
            " the Python package index."
        )
    for step in (["install", "--immutable"], ["build:prod"]):
        subprocess.run(["jlpm", *step], cwd=source, check=True)
