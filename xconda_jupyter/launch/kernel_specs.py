"""What Jupyter is told of an environment: a kernelspec that starts it through xconda.

Nothing is written unless a user's command asks for it.
"""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

PROVISIONER = "xconda-provisioner"


def kernel_spec(prefix: Path, display_name: str = "") -> dict[str, Any]:
    """Return the kernelspec document (``kernel.json``) of the environment at ``prefix``.

    Its command is a plain ipykernel's, so that a Jupyter that knows no xconda still starts the
    environment's Python, though not activated. What that ipykernel says of itself is kept.
    """
    python = prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"
    return {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": display_name or f"Python ({prefix.name})",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            **own_metadata(prefix),
            "kernel_provisioner": {
                "provisioner_name": PROVISIONER,
                "config": {"prefix": str(prefix)},
            },
        },
    }


def own_metadata(prefix: Path) -> dict[str, Any]:
    """Return what the environment's ipykernel says it can do: debug, encrypt."""
    path = prefix / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    try:
        metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata")
    except (OSError, ValueError, AttributeError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def kernel_name(prefix: Path) -> str:
    """Return the name by which Jupyter knows the environment's kernel: ``xconda-<folder>``."""
    return "xconda-" + re.sub(r"[^a-z0-9._-]+", "-", prefix.name.lower()).strip("-")


def install_kernel_spec(
    prefix: Path, data_dir: Path, *, name: str = "", display_name: str = ""
) -> Path:
    """Write the kernelspec of ``prefix`` below ``data_dir`` and return its folder.

    Args:
        prefix: Absolute path of the environment.
        data_dir: A Jupyter data folder: the user's, or one that ``JUPYTER_PATH`` names.
        name: What Jupyter calls it; :func:`kernel_name` unless given.
        display_name: What people see.
    """
    folder = data_dir / "kernels" / (name or kernel_name(prefix))
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(kernel_spec(prefix, display_name), indent=1)
    partial = folder / ".kernel.json.new"
    partial.write_text(document + "\n", encoding="utf-8")
    partial.replace(folder / "kernel.json")
    return folder


def remove_kernel_spec(prefix: Path, data_dir: Path, *, name: str = "") -> None:
    """Take away what :func:`install_kernel_spec` wrote; nothing where there is nothing."""
    shutil.rmtree(data_dir / "kernels" / (name or kernel_name(prefix)), ignore_errors=True)
