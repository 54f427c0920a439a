"""The environment that a notebook refers to: ``metadata.xconda.environment`` of the saved file.

``{"name": ..., "prefix": ...}``, nothing else: a reference, no requirements. Only environments of
this user that conda knows of are meant by it: a notebook from elsewhere cannot have a program
started out of any other folder. Nothing is ever installed because of it.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from xconda_core import api
from xconda_jupyter.launch.obstacles import KernelNotStarted

SESSION = "JPY_SESSION_NAME"
"""Variable in which jupyter_server names the notebook."""


def notebook_of(environ: Mapping[str, str], folder: str) -> Path | None:
    """Return the notebook that a kernel is started for, None where nobody said."""
    named = environ.get(SESSION, "")
    path = Path(folder or ".") / named
    return path if named and path.is_file() else None


def reference_in(notebook: Path) -> dict[str, str]:
    """Return name and prefix of the environment that ``notebook`` refers to; empty: to none."""
    try:
        document = json.loads(notebook.read_text(encoding="utf-8"))
        found = document["metadata"]["xconda"]["environment"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: str(found[key]) for key in ("name", "prefix") if found.get(key)}


def referred_prefix(environ: Mapping[str, str], folder: str) -> Path:
    """Return the environment of the notebook that a kernel is started for.

    The name counts before the path, which is another one on another machine.

    Raises:
        KernelNotStarted: it is not known which notebook, it refers to none, or to one that is
            not here.
    """
    notebook = notebook_of(environ, folder)
    if notebook is None:
        raise KernelNotStarted(
            "",
            "this kernel runs in the environment of its notebook, and nobody said which that is.",
            "choose the kernel of one environment; nbconvert and papermill need that too.",
        )
    reference = reference_in(notebook)
    if not reference:
        raise KernelNotStarted(
            "",
            f"{notebook.name} refers to no environment (metadata.xconda.environment).",
            "choose the kernel of one environment, or choose one in the xconda panel.",
        )
    found = _known(reference, environ)
    if found is None:
        raise _not_here(notebook, reference)
    return found


def _known(reference: Mapping[str, str], environ: Mapping[str, str]) -> Path | None:
    entries = api.environments(api.open_engine(environ=environ))
    name, prefix = reference.get("name"), reference.get("prefix")
    by_name = [each.prefix for each in entries if name and each.name == name]
    by_path = [each.prefix for each in entries if prefix and each.prefix == Path(prefix)]
    return next(iter(by_name + by_path), None)


def _not_here(notebook: Path, reference: Mapping[str, str]) -> KernelNotStarted:
    name = reference.get("name", "")
    where = f"-n {name}" if name else f"-p {reference['prefix']}"
    return KernelNotStarted(
        name or reference["prefix"],
        f"{notebook.name} refers to it, and it is not among your environments.",
        f"nothing was installed. If you trust the notebook, make it with "
        f"`xconda create {where} python ipykernel`; or choose the kernel of another environment.",
    )
