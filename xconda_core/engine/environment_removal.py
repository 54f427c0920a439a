"""Take a whole environment away, and what nobody's record owns only if the user says so.

Layer: engine. A whole folder goes by one rename, after which there is no environment, and is then
deleted: whoever is killed in between leaves a folder whose name says what it was. Where foreign
files stay, the packages leave by a transaction like any others.
"""

import os
import re
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.engine.engine import Engine
from xconda_core.engine.in_use import refuse_in_use
from xconda_core.engine.protection import refuse_protected
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.unowned_files import (
    OWN_FILES,
    OWN_FOLDER,
    python_files,
    unowned_files,
)
from xconda_core.engine.unwritable import refuse_unwritable
from xconda_core.environment.registry import unregister
from xconda_core.events import Reporter
from xconda_core.files.failures import refusals_named
from xconda_core.files.locks import locked
from xconda_core.files.removal import remove_empty_folders, remove_tree
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import PythonPackage
from xconda_core.transaction.journal import LOCK_FILE
from xconda_core.transaction.shortcuts import bring_shortcuts
from xconda_core.values import Slotted, dataclass

_GONE: Final = re.compile(r"\..+\.removed-(?P<pid>[1-9]\d{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRemoval(Slotted):
    """What would go with an environment.

    Attributes:
        prefix: Where it is.
        packages: Its packages, in name order.
        python: Its Python projects that pip installed.
        foreign: Files that none of these owns, relative to the prefix, in order. Byte code is
            nobody's.
    """

    prefix: Path
    packages: tuple[PackageRecord, ...]
    python: tuple[PythonPackage, ...]
    foreign: tuple[str, ...]


def plan_removal(
    prefix: Path, engine: Engine, report: Reporter, deed: str = "removed"
) -> EnvironmentRemoval:
    """Return what removing the environment at ``prefix`` would take away.

    Args:
        prefix: Its absolute path.
        engine: Knows the settings.
        report: Told of what is strange in it.
        deed: What becomes of it, for errors.

    Raises:
        NotAnEnvironment, PrefixDamaged: it cannot be read.
        EnvironmentInUse: it is base, the active one, the default, or xconda's own.
        EnvironmentFrozen, ManagedElsewhere, NewerFormat: it must not be changed.
    """
    state = engine.state(prefix, report)
    refuse_in_use(prefix, engine.settings, engine.environ, deed)
    refuse_protected(prefix, state, protect_frozen=engine.settings.protect_frozen_envs)
    of_python = python_files(prefix, state)
    return EnvironmentRemoval(
        prefix=prefix,
        packages=tuple(each.record for each in state.installed.values()),
        python=tuple(state.python_packages.values()),
        foreign=tuple(path for path in unowned_files(prefix, state) if path not in of_python),
    )


def remove_environment(
    removal: EnvironmentRemoval,
    engine: Engine,
    report: Reporter,
    cancel: CancelToken,
    *,
    keep_foreign: bool,
    command: str,
) -> None:
    """Carry ``removal`` out and strike the environment from the registry.

    Args:
        removal: What was planned, and confirmed.
        engine: Knows the settings.
        report: Told of packages that leave one by one.
        cancel: Looked at until the environment is gone.
        keep_foreign: Leave the files that nobody owns where they are.
        command: The command line.

    Raises:
        Locked: another process is changing it.
        XcondaError: it could not be removed.
    """
    prefix = removal.prefix
    refuse_unwritable(prefix)
    with refusals_named(f"remove the environment {prefix}", prefix):
        if keep_foreign and removal.foreign:
            _take_out(removal, engine, report, cancel, command)
        else:
            _take_away(prefix, cancel, command)
    bring_shortcuts(prefix, engine.environ, report)
    unregister(prefix, home_folder(engine.environ))


def _take_away(prefix: Path, cancel: CancelToken, command: str) -> None:
    """Remove the whole folder: it is gone with the rename, the rest is tidying up."""
    gone = prefix.with_name(f".{prefix.name}.removed-{os.getpid()}")
    with locked(prefix / LOCK_FILE, target=prefix, command=command, cancel=cancel):
        cancel.check()
        prefix.rename(gone)
    for each in (gone, *_left_behind(prefix.parent)):
        remove_tree(each)


def _left_behind(folder: Path) -> list[Path]:
    """Return what processes that are dead did not come to delete in ``folder``."""
    found = ((path, _GONE.fullmatch(path.name)) for path in folder.glob(".*.removed-*"))
    return [path for path, name in found if name is not None and not _is_alive(int(name["pid"]))]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _take_out(
    removal: EnvironmentRemoval,
    engine: Engine,
    report: Reporter,
    cancel: CancelToken,
    command: str,
) -> None:
    """Remove the packages and what makes the folder an environment."""
    request = ChangeRequest(verb="remove", prefix=removal.prefix, exact=True, command=command)
    engine.execute(engine.plan(request, report, cancel), report, cancel)
    for name in OWN_FILES:
        (removal.prefix / name).unlink(missing_ok=True)
    remove_tree(removal.prefix / OWN_FOLDER)
    folders = [os.path.relpath(path, removal.prefix) for path, _, _ in os.walk(removal.prefix)]
    for path, _, names in os.walk(removal.prefix):
        if Path(path).name == "__pycache__" and all(name.endswith(".pyc") for name in names):
            remove_tree(path)
    remove_empty_folders(str(removal.prefix), [name for name in folders if name != "."])
