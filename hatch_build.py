"""Puts the JupyterLab panel into the wheel; an editable install goes without (``make panel``)."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUILT = "xconda_jupyter/labextension"
_INSTALLED = "share/jupyter/labextensions/xconda-lab"


class PanelBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the prebuilt panel to the files of a wheel, and builds it when nobody has."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the panel's files to the wheel builder.

        Raises:
            RuntimeError: the panel is not built and cannot be built here.
        """
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        if not (root / _BUILT / "package.json").is_file():
            _build(root / "labextension")
        build_data["shared_data"][str(root / _BUILT)] = _INSTALLED


def _build(source: Path) -> None:
    if not (shutil.which("jlpm") and shutil.which("node")):
        raise RuntimeError(
            "The JupyterLab panel is not built, and building it takes jlpm and Node.js, which are"
            " not on PATH. Run `make panel` first: it gets both from the Python package index."
        )
    for step in (["install", "--immutable"], ["build:prod"]):
        subprocess.run(["jlpm", *step], cwd=source, check=True)
