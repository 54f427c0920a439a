"""The environment variables that a user sets for an environment: ``conda-meta/state``.

Layer: environment. The file is conda's: ``{"version": 1, "env_vars": {NAME: TEXT}}``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.environment.activation_rim import (
    OWN_VARIABLES,
    UNSET,
    EnvironmentVariablesDamaged,
)
from xconda_core.errors import Json, XcondaError
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named
from xconda_core.regex import regex

STATE: Final = "conda-meta/state"
_NAME: Final = regex(r"[^=\0\s]+")


class VariableRefused(XcondaError):
    """A variable cannot belong to an environment."""

    code: ClassVar[str] = "variable-refused"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.what = f"{name!r} cannot be set for an environment."
        self.why = reason
        self.fix = "choose another name; what changes PATH belongs into a script in activate.d."


class VariableNotSet(XcondaError):
    """A variable that is to be taken away is not set."""

    code: ClassVar[str] = "variable-not-set"

    def __init__(self, name: str, prefix: Path, there: tuple[str, ...]) -> None:
        super().__init__(name, prefix, there)
        self.name, self.prefix = name, prefix
        self.what = f"{name!r} was not taken away."
        self.why = f"it is not set for {prefix}; {', '.join(there) or 'none'} is."
        self.fix = "`xconda env config vars list` shows what is."


def read_variables(prefix: Path) -> dict[str, str]:
    """Return the variables that are set for the environment at ``prefix``.

    Raises:
        EnvironmentVariablesDamaged: the file is not what it should be.
    """
    found = _document(prefix).get("env_vars", {})
    if not isinstance(found, dict):
        raise EnvironmentVariablesDamaged(prefix / STATE, "its env_vars are no object")
    return {name: str(value) for name, value in found.items() if value not in (UNSET, None)}


def new_variables(
    prefix: Path, wanted: Mapping[str, str], *, begins_anew: bool = False
) -> dict[str, str]:
    """Return those of ``wanted`` that are not set so already; all where it ``begins_anew``.

    Raises:
        VariableRefused: one of them cannot be set.
        EnvironmentVariablesDamaged: the file is not what it should be.
    """
    for name in wanted:
        refuse_variable(name)
    there = read_variables(prefix) if wanted and not begins_anew else {}
    return {name: value for name, value in wanted.items() if there.get(name) != value}


def refuse_variable(name: str) -> None:
    """Return if a variable ``name`` can be set for an environment.

    Raises:
        VariableRefused: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise VariableRefused(name, "a name has at least one letter, and no blank and no `=`.")
    if OWN_VARIABLES.fullmatch(name.upper()):
        raise VariableRefused(name, "activation makes that variable itself, from the environments.")


def write_variables(prefix: Path, variables: Mapping[str, str | None]) -> None:
    """Set ``variables`` for the environment at ``prefix``; None takes one away.

    Raises:
        VariableRefused: one of them cannot be set.
        VariableNotSet: one that is to be taken away is not set.
        EnvironmentVariablesDamaged: the file is not what it should be.
        FileOperationFailed: it cannot be written.
    """
    there = read_variables(prefix)
    for name, value in variables.items():
        refuse_variable(name)
        if value is None and name not in there:
            raise VariableNotSet(name, prefix, tuple(there))
    with refusals_named(f"write the variables of {prefix}", prefix / STATE):
        write_bytes(prefix / STATE, state_document(prefix, variables))


def state_document(prefix: Path, variables: Mapping[str, str | None]) -> bytes:
    """Return the file with ``variables`` set besides what it says; None takes one away.

    Raises:
        EnvironmentVariablesDamaged: the file is not what it should be.
    """
    import json

    kept = {**read_variables(prefix), **variables}
    values: dict[str, Json] = {
        name: value for name, value in sorted(kept.items()) if value is not None
    }
    document = {"version": 1, **_document(prefix), "env_vars": values}
    return (json.dumps(document, indent=2) + "\n").encode()


def _document(prefix: Path) -> dict[str, Json]:
    import json

    path = prefix / STATE
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EnvironmentVariablesDamaged(path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise EnvironmentVariablesDamaged(path, "it is not JSON") from error
    if not isinstance(document, dict):
        raise EnvironmentVariablesDamaged(path, "it is no JSON object")
    return document
