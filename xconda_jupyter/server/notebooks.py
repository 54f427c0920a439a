"""A saved notebook: which environment it uses, and what has become of that since.

What it says is read without its outputs, which may be long.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from xconda_jupyter.server.failures import refused
from xconda_jupyter.server.job_documents import Transaction
from xconda_jupyter.server.kernel_documents import Drift, Place, Reference, Restart, RunningKernel

_LONGEST: Final = 256 << 20
_JOURNAL_SECONDS: Final = 2.0  # between the last event of a job and the last write of its history
Done = tuple[str, float, Transaction]
"""A job that succeeded: its name, when it ended, what it did."""


class Cell(msgspec.Struct):
    """What is read of a cell."""

    cell_type: str = ""
    source: str | list[str] = ""

    @property
    def text(self) -> str:
        """Its source in one piece."""
        return self.source if isinstance(self.source, str) else "".join(self.source)


class KernelName(msgspec.Struct):
    """The kernelspec that a notebook was saved with."""

    name: str = ""
    language: str = ""


class Recorded(msgspec.Struct):
    """What xconda keeps in a notebook: a reference, no requirements."""

    environment: Reference | None = None


class Metadata(msgspec.Struct):
    """What is read of a notebook's metadata."""

    kernelspec: KernelName = msgspec.field(default_factory=KernelName)
    language_info: dict[str, Any] = {}
    xconda: Recorded = msgspec.field(default_factory=Recorded)


class SavedNotebook(msgspec.Struct):
    """What is read of a notebook file (nbformat 4)."""

    cells: list[Cell] = []
    metadata: Metadata = msgspec.field(default_factory=Metadata)

    @property
    def code(self) -> list[str]:
        """The sources of its code cells."""
        return [cell.text for cell in self.cells if cell.cell_type == "code"]

    @property
    def language(self) -> str:
        """The language of its code, empty where it does not say."""
        named = self.metadata.language_info.get("name") or self.metadata.kernelspec.language
        return str(named).lower()


_read_notebook: Final = msgspec.json.Decoder(SavedNotebook).decode


def read_notebook(path: Path) -> SavedNotebook:
    """Return what a notebook file says.

    Raises:
        Failed: it is not there, or is no notebook.
    """
    try:
        if path.stat().st_size > _LONGEST:
            raise _unreadable(path, f"it is longer than {_LONGEST} bytes")
        return _read_notebook(path.read_bytes())
    except FileNotFoundError:
        raise refused(
            "notebook-not-found",
            f"{path.name} was not read.",
            "there is no such notebook.",
            "save it first, or check its path.",
        ) from None
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None
    except msgspec.DecodeError as error:
        raise _unreadable(path, f"it is no notebook ({error})") from None


def place_of(
    found: SavedNotebook,
    kernel: RunningKernel | None,
    environments: Sequence[Mapping[str, Any]],
    prefix_of_spec: str | None,
) -> Place | None:
    """Return the environment that a notebook uses; None where it is none of those here.

    Args:
        found: The notebook.
        kernel: The kernel that runs for it.
        environments: Those that conda knows of.
        prefix_of_spec: The environment of the kernelspec that it was saved with.
    """
    recorded = referred(found.metadata.xconda.environment, environments)
    named: Iterable[tuple[str | None, Literal["kernel", "recorded", "kernelspec"]]] = (
        (kernel.prefix if kernel else None, "kernel"),
        (recorded, "recorded"),
        (prefix_of_spec, "kernelspec"),
    )
    for prefix, because in named:
        name = next((each["name"] for each in environments if each["prefix"] == prefix), None)
        if prefix is not None and name is not None:
            return Place(name=name, prefix=prefix, because=because)
    return None


def referred(reference: Reference | None, environments: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the prefix that a reference means: its name counts before its path."""
    if reference is None:
        return None
    by_name = (each for each in environments if reference.name and each["name"] == reference.name)
    by_path = (each for each in environments if each["prefix"] == reference.prefix)
    found = next(by_name, None) or next(by_path, None)
    return str(found["prefix"]) if found else None


def drift_of(
    reference: Reference | None, recorded: str | None, kernel: RunningKernel | None
) -> Drift:
    """Return how what runs differs from what was ``recorded`` (its prefix; None: not here)."""
    words = []
    is_there = reference is None or recorded is not None
    if reference is not None and not is_there:
        named = reference.name or reference.prefix
        words.append(f"The notebook refers to {named}, which is not among your environments.")
    elsewhere = bool(kernel and recorded and kernel.prefix and kernel.prefix != recorded)
    if elsewhere and kernel is not None:
        words.append(f"Its kernel runs in {kernel.prefix}; the notebook refers to {recorded}.")
    return Drift(is_recorded_there=is_there, runs_elsewhere=elsewhere, words=words)


def restart_of(
    kernel: RunningKernel | None, done: Sequence[Done], history_time: float | None
) -> Restart | None:
    """Return what changed since ``kernel`` started; None where nothing did, or nobody knows.

    Args:
        kernel: The notebook's kernel.
        done: Jobs of its environment that succeeded.
        history_time: When the environment's history was last written.
    """
    if kernel is None or kernel.started is None:
        return None
    since = kernel.started
    later = [(job, did) for job, ended, did in done if ended > since]
    known = max((ended for _, ended, _ in done), default=0.0) + _JOURNAL_SECONDS
    by_others = history_time is not None and history_time > max(since, known)
    came = {_name(dist) for _, did in later for dist in did.linked}
    went = {_name(dist) for _, did in later for dist in did.unlinked}
    if not (came or went or by_others):
        return None
    changed, removed, new = sorted(came & went), sorted(went - came), sorted(came - went)
    touched = [*changed, *removed]
    words = f"{', '.join(new)} can be imported at once."
    if touched:
        words = f"{', '.join(touched)} changed after the kernel started: restart it if imported."
    elif by_others:
        words = "Something changed the environment after the kernel started: restart it."
    return Restart(
        kernel=kernel.id,
        since=since,
        is_advised=bool(touched or by_others),
        jobs=[job for job, _ in later],
        changed=changed,
        removed=removed,
        new=new,
        by_others=by_others,
        words=words,
    )


def _name(dist: str) -> str:
    return dist.rsplit("-", 2)[0]


def _unreadable(path: Path, why: str) -> Exception:
    fix = "give the path of an .ipynb file (nbformat 4) below the server's folder."
    return refused("notebook-unreadable", f"{path.name} was not read.", f"{why}.", fix)
