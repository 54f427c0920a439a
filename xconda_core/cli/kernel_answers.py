"""What a notebook asks about environments as kernels, and lets do with kernelspecs. Layer: cli."""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.cli.commands.kernel_remove import KernelNotAdded
from xconda_core.cli.notebook_answers import Question
from xconda_core.engine.environment_entry import environments
from xconda_core.engine.kernel_specs import (
    NoKernel,
    add_kernel,
    add_notebook_kernel,
    added_kernels,
    environments_with_kernels,
    remove_kernels,
    user_kernels_folder,
)
from xconda_core.engine.meeting import code_cells, requirements_of
from xconda_core.errors import Json, XcondaError


def kernel_answer(asked: Question, environ: Mapping[str, str]) -> Json:
    """Return the answer's document, after what was asked for is done.

    Raises:
        XcondaError: it cannot be done.
    """
    folder = _folder(asked, environ)
    if asked.verb == "kernel add":
        return _add(asked, folder)
    if asked.verb == "kernel remove":
        return _remove(asked, folder)
    added = added_kernels(folder)
    found = environments_with_kernels(environments(asked.engine), added)
    document: dict[str, Json] = {
        "prefix": str(asked.prefix),
        "folder": str(folder),
        "environments": [each.to_json() for each in found],
        "added": [each.to_json() for each in added],
    }
    if asked.verb == "env":
        document["requirements"] = _requirements(asked)
    return document


def _folder(asked: Question, environ: Mapping[str, str]) -> Path:
    given = asked.options.get("data_dir")
    return Path(str(given)).expanduser() / "kernels" if given else user_kernels_folder(environ)


def _requirements(asked: Question) -> Json:
    """Return what the notebook that ``specs`` names asks for; not said where nothing is known."""
    cells = [text for path in asked.specs for text in code_cells(Path(path))]
    try:
        state = asked.engine.state(asked.prefix)
    except XcondaError:  # a kernel outside any conda environment
        return []
    installed = {name: each.record for name, each in state.installed.items()}
    return [each.to_json() for each in requirements_of(cells, asked.prefix, installed)]


def _add(asked: Question, folder: Path) -> Json:
    if asked.is_set("notebook_kernel"):
        return {"folder": str(folder), "added": [add_notebook_kernel(folder).to_json()]}
    entries = environments(asked.engine)
    if not asked.is_set("every"):
        entries = tuple(each for each in entries if each.prefix == asked.prefix)
    found = environments_with_kernels(entries)
    if not asked.is_set("every") and not any(each.kernels for each in found):
        raise NoKernel(asked.prefix)
    added = [add_kernel(kernel, folder) for each in found for kernel in each.kernels]
    return {"folder": str(folder), "added": [each.to_json() for each in added]}


def _remove(asked: Question, folder: Path) -> Json:
    added = added_kernels(folder)
    known = {each.name: each for each in added}
    for name in asked.specs:
        if name not in known:
            raise KernelNotAdded(name, list(known))
    if asked.specs:
        meant = [known[name] for name in dict.fromkeys(asked.specs)]
    elif asked.is_set("every") or asked.is_set("gone"):
        meant = [each for each in added if asked.is_set("every") or each.is_gone]
    else:
        meant = [each for each in added if each.prefix == asked.prefix]
    remove_kernels(meant)
    return {"folder": str(folder), "removed": [each.to_json() for each in meant]}
