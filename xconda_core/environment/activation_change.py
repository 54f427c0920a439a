"""What activating an environment changes, as data: variables, PATH and scripts. Layer: environment.

Source: conda's documented activation (CONDA_PREFIX, CONDA_SHLVL, the stack of prefixes). Pure: what
lies in a prefix is read once by :func:`read_rim`, and no shell is started here; renderers
(``activation_posix`` and, later, one per shell) turn the change into a program.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.files.failures import failure_of
from xconda_core.values import dataclass, field

_UNSET: Final = "***unset***"  # what conda writes for a variable that the user unset
_WINDOWS_FOLDERS: Final = (
    "", "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rim:
    """What a prefix itself brings to its activation.

    Attributes:
        prefix: Absolute path of the environment.
        variables: The packages' and the user's variables; the user's win.
        activate_scripts: Scripts to source, in order.
        deactivate_scripts: Scripts to source when it is left, in order.
    """

    prefix: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    activate_scripts: tuple[Path, ...] = ()
    deactivate_scripts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationChange:
    """What to do to an environment, in this order.

    Attributes:
        deactivate_scripts: Sourced first, while the old variables still stand.
        unset: Variables that go.
        set: Variables that come or change, ``PATH`` among them.
        activate_scripts: Sourced last.
    """

    deactivate_scripts: tuple[Path, ...] = ()
    unset: tuple[str, ...] = ()
    set: Mapping[str, str] = field(default_factory=dict)
    activate_scripts: tuple[Path, ...] = ()

    @property
    def needs_shell(self) -> bool:
        """Whether scripts take part, so that only a shell knows the outcome."""
        return bool(self.deactivate_scripts or self.activate_scripts)

    def applied_to(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return ``environ`` after the change, scripts left out."""
        kept = {name: value for name, value in environ.items() if name not in self.unset}
        return {**kept, **self.set}


class EnvironmentVariablesDamaged(XcondaError):
    """A file that holds an environment's variables cannot be read."""

    code: ClassVar[str] = "environment-variables-damaged"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = "The environment cannot be activated: its variables cannot be read."
        self.why = f"{path}: {reason}."
        self.fix = "correct or delete that file, or reinstall the package that it belongs to."


def read_rim(prefix: Path, script_suffix: str = ".sh") -> Rim:
    """Return what the environment at ``prefix`` brings to its activation.

    Raises:
        EnvironmentVariablesDamaged: a file of variables is not what it should be.
        FileOperationFailed: a folder of scripts may not be read.
    """
    packages: dict[str, str] = {}
    for path in _files(prefix / "etc/conda/env_vars.d", ".json"):
        packages.update(_variables(path, _document(path)))
    state = prefix / "conda-meta" / "state"
    users = _document(state).get("env_vars", {}) if state.is_file() else {}
    variables = {**packages, **_variables(state, users)}
    scripts = prefix / "etc" / "conda"
    return Rim(
        prefix=prefix,
        variables={name: value for name, value in variables.items() if value != _UNSET},
        activate_scripts=_files(scripts / "activate.d", script_suffix),
        deactivate_scripts=_files(scripts / "deactivate.d", script_suffix)[::-1],
    )


def change_to(
    new: Rim,
    environ: Mapping[str, str],
    *,
    old: Rim | None = None,
    root_prefix: Path | None = None,
    envs_dirs: tuple[Path, ...] = (),
    env_prompt: str = "({default_env}) ",
) -> ActivationChange:
    """Return what activating ``new`` changes in ``environ``.

    Args:
        new: The environment to activate.
        environ: The variables as they are.
        old: The active environment, if there is one: it makes way, as it does in conda.
        root_prefix: The prefix that is called ``base``.
        envs_dirs: Folders whose environments go by their name.
        env_prompt: What ``CONDA_PROMPT_MODIFIER`` is made from.
    """
    level = _level(environ) if old else 0
    name = default_env(new.prefix, root_prefix, envs_dirs)
    again = old is not None and old.prefix == new.prefix
    changed = {
        "PATH": _path(environ.get("PATH", ""), new.prefix, old.prefix if old else None),
        "CONDA_PREFIX": str(new.prefix),
        "CONDA_SHLVL": str(level if again else level + 1),
        "CONDA_DEFAULT_ENV": name,
        "CONDA_PROMPT_MODIFIER": prompt(env_prompt, name, new.prefix),
    }
    if old and not again:
        changed[f"CONDA_PREFIX_{level}"] = str(old.prefix)
    gone = tuple(each for each in (old.variables if old else ()) if each not in new.variables)
    return ActivationChange(
        deactivate_scripts=old.deactivate_scripts if old else (),
        unset=gone,
        set={**new.variables, **changed},
        activate_scripts=new.activate_scripts,
    )


def default_env(prefix: Path, root_prefix: Path | None, envs_dirs: tuple[Path, ...]) -> str:
    """Return what an environment is called: ``base``, its name, or its path."""
    if prefix == root_prefix:
        return "base"
    named = prefix.parent in envs_dirs or prefix.parent.name == "envs"
    return prefix.name if named else str(prefix)


def prompt(template: str, name: str, prefix: Path) -> str:
    """Return the prompt's addition; a template that does not fit is shown as it stands."""
    try:
        return template.format(default_env=name, stacked_env=name, prefix=prefix, name=prefix.name)
    except (KeyError, IndexError, ValueError):
        return template


def path_folders(prefix: Path, windows: bool = os.name == "nt") -> tuple[str, ...]:
    """Return the folders of ``prefix`` that belong on PATH, first to last."""
    if not windows:
        return (str(prefix / "bin"),)
    return tuple(str(prefix / folder) for folder in _WINDOWS_FOLDERS)


def active_prefix(environ: Mapping[str, str]) -> Path | None:
    """Return the prefix that is active, if one really is (``CONDA_SHLVL`` counts from 1)."""
    prefix = environ.get("CONDA_PREFIX", "")
    return Path(prefix) if prefix and _level(environ) > 0 else None


def _path(current: str, new: Path, old: Path | None) -> str:
    """Return PATH with the folders of ``new`` in the place of those of ``old``, or in front."""
    ours = path_folders(new)
    theirs = path_folders(old) if old else ()
    entries = current.split(os.pathsep) if current else []
    place = next((i for i, entry in enumerate(entries) if entry in theirs), 0)
    before = [entry for entry in entries[:place] if entry not in ours]
    after = [entry for entry in entries[place:] if entry not in theirs and entry not in ours]
    return os.pathsep.join([*before, *ours, *after])


def _level(environ: Mapping[str, str]) -> int:
    text = environ.get("CONDA_SHLVL", "").strip()
    return int(text) if text.isdecimal() else 0


def _files(folder: Path, suffix: str) -> tuple[Path, ...]:
    try:
        return tuple(sorted(item for item in folder.iterdir() if item.suffix == suffix))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise failure_of(error, "activate the environment", str(folder)) from error


def _document(path: Path) -> dict[str, object]:
    import json

    try:
        document = json.loads(path.read_bytes() or b"{}")
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise EnvironmentVariablesDamaged(path, str(reason)) from error
    if not isinstance(document, dict):
        raise EnvironmentVariablesDamaged(path, "it must be a map of names to values")
    return document


def _variables(path: Path, document: object) -> dict[str, str]:
    if not isinstance(document, dict):
        raise EnvironmentVariablesDamaged(path, "env_vars must be a map of names to values")
    result = {}
    for name, value in document.items():
        text = str(value)
        if not name or "=" in name or "\0" in name or "\0" in text:
            raise EnvironmentVariablesDamaged(path, f"{name!r} cannot be a variable")
        result[str(name)] = text
    return result
