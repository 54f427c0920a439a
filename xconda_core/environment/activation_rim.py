"""What a prefix itself brings to its activation: its variables and its scripts. Layer: environment.

Source: conda's ``etc/conda/{env_vars.d,activate.d,deactivate.d}`` and ``conda-meta/state``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.files.failures import failure_of
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass, field

UNSET: Final = "***unset***"  # what conda writes for a variable that the user took away
OWN_VARIABLES: Final = regex(r"PATH|CONDA_(PREFIX(_\d+)?|SHLVL|DEFAULT_ENV|EXE|PROMPT_MODIFIER)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rim(Slotted):
    """What a prefix itself brings to its activation.

    Attributes:
        prefix: Absolute path of the environment.
        variables: The packages' and the user's variables; the user's win.
        hidden: Names that both set, so that the packages' value does not count.
        refused: Names that are in its files although activation makes them itself.
        activate_scripts: Scripts to source, in order.
        deactivate_scripts: Scripts to source when it is left, in order.
    """

    prefix: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    activate_scripts: tuple[Path, ...] = ()
    deactivate_scripts: tuple[Path, ...] = ()


class EnvironmentVariablesDamaged(XcondaError):
    """A file that holds an environment's variables cannot be read."""

    code: ClassVar[str] = "environment-variables-damaged"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.what = "The environment cannot be activated: its variables cannot be read."
        self.why = f"{path}: {reason}."
        self.fix = "correct or delete that file, or reinstall the package that it belongs to."


def read_rim(prefix: Path, script_suffix: str = ".sh", *, uppercase: bool = True) -> Rim:
    """Return what the environment at ``prefix`` brings to its activation.

    Args:
        prefix: The environment.
        script_suffix: How the names of the shell's scripts end.
        uppercase: Names of variables become upper-case, as conda has them.

    Raises:
        EnvironmentVariablesDamaged: a file of variables is not what it should be.
        FileOperationFailed: a folder of scripts may not be read.
    """
    packages: dict[str, str] = {}
    for path in _files(prefix / "etc/conda/env_vars.d", ".json"):
        packages.update(_variables(path, _document(path), uppercase=uppercase))
    state = prefix / "conda-meta" / "state"
    written = _document(state).get("env_vars", {}) if state.is_file() else {}
    users = _variables(state, written, uppercase=uppercase)
    variables = {**packages, **users}
    refused = tuple(name for name in variables if OWN_VARIABLES.fullmatch(name))
    scripts = prefix / "etc" / "conda"
    return Rim(
        prefix=prefix,
        variables={
            name: value
            for name, value in variables.items()
            if value != UNSET and name not in refused
        },
        hidden=tuple(name for name in packages if name in users and name not in refused),
        refused=refused,
        activate_scripts=_files(scripts / "activate.d", script_suffix),
        deactivate_scripts=_files(scripts / "deactivate.d", script_suffix)[::-1],
    )


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


def _variables(path: Path, document: object, *, uppercase: bool) -> dict[str, str]:
    if not isinstance(document, dict):
        raise EnvironmentVariablesDamaged(path, "env_vars must be a map of names to values")
    result = {}
    for name, value in document.items():
        text = UNSET if value is None else str(value)
        if not name or "=" in name or "\0" in name or "\0" in text:
            raise EnvironmentVariablesDamaged(path, f"{name!r} cannot be a variable")
        result[str(name).upper() if uppercase else str(name)] = text
    return result
