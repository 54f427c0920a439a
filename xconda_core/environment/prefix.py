"""Read what an environment holds. Layer: environment. Source: CEP 32 and conda's ``PrefixData``."""

from pathlib import Path
from typing import ClassVar, Final

from xconda_core.environment.history import Revision, parse_history, requested_specs
from xconda_core.environment.places import NotAnEnvironment
from xconda_core.environment.python_packages import read_python_packages
from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import InvalidRecord
from xconda_core.models.prefix_record import PrefixRecord

HISTORY: Final = "conda-meta/history"
_NOT_RECORDS: Final = frozenset({"state", "frozen"})


class PrefixDamaged(XcondaError):
    """A file in ``conda-meta`` cannot be read."""

    code: ClassVar[str] = "prefix-damaged"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem
        self.what = f"The environment {path.parent.parent} cannot be read."
        self.why = f"{path} {problem}"
        self.fix = (
            "put that file back from a backup, or move it away and install its package again; "
            "nothing was changed."
        )


def read_state(prefix: Path) -> EnvironmentState:
    """Return the packages, requests and pins of the environment at ``prefix``.

    A prefix that does not exist is an empty state: what ``create`` starts from.

    Raises:
        PrefixDamaged: a file of ``conda-meta`` is not what it should be.
    """
    meta = prefix / "conda-meta"
    installed = _read_records(meta)
    revisions = read_history(prefix)
    python = read_python_packages(prefix, installed)
    return EnvironmentState(
        prefix=prefix,
        installed=installed,
        requested=requested_specs(revisions, installed),
        pinned=_read_pins(meta / "pinned"),
        revision=len(revisions) - 1,
        is_frozen=(meta / "frozen").exists(),
        exists=(prefix / HISTORY).is_file(),
        python_packages=python.packages,
        python_problems=python.problems,
    )


def read_history(prefix: Path) -> tuple[Revision, ...]:
    """Return the revisions that an environment has had; none where it has no history.

    Raises:
        PrefixDamaged: the file cannot be read.
    """
    return parse_history(_read_text(prefix / HISTORY))


def read_existing_state(prefix: Path) -> EnvironmentState:
    """Return the state of an environment that must be there.

    Raises:
        NotAnEnvironment: it is not.
        PrefixDamaged: a file of ``conda-meta`` is not what it should be.
    """
    state = read_state(prefix)
    # A conda-meta with records but no history is an environment to conda too.
    if not state.exists and not state.installed:
        raise NotAnEnvironment(prefix)
    return state


def _read_records(meta: Path) -> dict[str, PrefixRecord]:
    records: dict[str, PrefixRecord] = {}
    origins: dict[str, Path] = {}
    for path in sorted(meta.glob("*.json")) if meta.is_dir() else ():
        if path.stem in _NOT_RECORDS:
            continue
        record = _read_record(path)
        if record.name in records:
            raise PrefixDamaged(
                path, f"and {origins[record.name].name} both say that {record.name} is installed."
            )
        records[record.name] = record
        origins[record.name] = path
    return dict(sorted(records.items()))


def _read_record(path: Path) -> PrefixRecord:
    try:
        return PrefixRecord.read(path.read_bytes())
    except OSError as error:
        raise PrefixDamaged(path, f"cannot be read: {error.strerror}.") from error
    except InvalidRecord as error:
        raise PrefixDamaged(path, f"is not a package record: {error}.") from error


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise PrefixDamaged(path, f"cannot be read: {error.strerror}.") from error


def _read_pins(path: Path) -> tuple[str, ...]:
    lines = (line.split("#", 1)[0].strip() for line in _read_text(path).splitlines())
    return tuple(line for line in lines if line)
