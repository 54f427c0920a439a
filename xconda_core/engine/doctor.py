"""Examine an environment, and repair what its packages can repair. Layer: engine."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.settings import Settings
from xconda_core.engine.diagnosis import Diagnosis, Healing
from xconda_core.engine.execution import link_rules
from xconda_core.engine.protection import refuse_protected
from xconda_core.engine.unwritable import refuse_unwritable
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.health import Check, Finding
from xconda_core.environment.health_files import FILE_CHECKS
from xconda_core.environment.health_packages import PACKAGE_CHECKS
from xconda_core.environment.health_surroundings import SURROUNDING_CHECKS
from xconda_core.environment.prefix import read_existing_state
from xconda_core.environment.prefix_snapshot import look
from xconda_core.environment.registry import register
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.transaction.relink import BrokenPackage, is_damaged, python_of, relink
from xconda_core.values import replace

CHECKS: Final = (*FILE_CHECKS, *PACKAGE_CHECKS, *SURROUNDING_CHECKS)
REGISTRATION: Final = "environment-txt"


class CheckUnknown(XcondaError):
    """There is no health check of that name."""

    code: ClassVar[str] = "check-unknown"
    exit_code: ClassVar[int] = 2

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(name, names)
        self.name, self.names = name, tuple(names)
        self.what = f"There is no check called {name}."
        self.why = f"there are {', '.join(names)}."
        nearest = get_close_matches(name, names, n=1)
        self.fix = (
            f"did you mean {nearest[0]}?" if nearest else "`xconda doctor --list` tells more."
        )


def chosen_checks(names: Sequence[str], checks: Sequence[Check] = CHECKS) -> tuple[Check, ...]:
    """Return the checks of those names in their own order; all of them where none is named.

    Raises:
        CheckUnknown: there is none of that name.
    """
    known = [check.name for check in checks]
    for name in names:
        if name not in known:
            raise CheckUnknown(name, known)
    return tuple(check for check in checks if not names or check.name in names)


def diagnose(
    prefix: Path,
    names: Sequence[str],
    environ: Mapping[str, str],
    wiring: Wiring,
    cancel: CancelToken,
    checks: Sequence[Check] = CHECKS,
) -> Diagnosis:
    """Return what is not as it should be in the environment at ``prefix``; changes nothing.

    Args:
        prefix: The environment.
        names: Which checks to run; all of them where none is named.
        environ: The process's environment variables.
        wiring: Where facts of the machine come from.
        cancel: Looked at while files are read.
        checks: What checks there are.

    Raises:
        CheckUnknown: there is none of that name.
        NotAnEnvironment, PrefixDamaged: the environment cannot be read.
        Cancelled: somebody asked to stop.
    """
    started = time.monotonic()
    chosen = chosen_checks(names, checks)
    snapshot = look(
        prefix,
        read_existing_state(prefix),
        {need for check in chosen for need in check.needs},
        environ=environ,
        home=home_folder(environ),
        virtual_packages=wiring.virtual_packages(),
        cancel=cancel,
    )
    findings = tuple(
        replace(finding, check=check.name) for check in chosen for finding in check.run(snapshot)
    )
    return Diagnosis(
        prefix=prefix,
        checks=tuple((check.name, check.summary) for check in chosen),
        findings=findings,
        file_count=len(snapshot.files),
        seconds=time.monotonic() - started,
    )


def heal(
    diagnosis: Diagnosis,
    settings: Settings,
    environ: Mapping[str, str],
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
    command: str = "xconda doctor --fix",
) -> Healing:
    """Repair what packages (and one line in ``environments.txt``) can repair.

    Raises:
        EnvironmentFrozen, ManagedElsewhere, NewerFormat: it must not be changed.
        NotWritable: this user cannot change it.
        XcondaError: a package cannot be had, or a file not be made; nothing was changed.
    """
    prefix = diagnosis.prefix
    state = read_existing_state(prefix)
    refuse_protected(prefix, state, protect_frozen=settings.protect_frozen_envs)
    fixed: set[Finding] = set()
    left: dict[str, str] = {}
    by_path = {each.path: each for each in diagnosis.findings if each.is_file}
    if by_path:
        refuse_unwritable(prefix)
        broken = _broken(by_path.values(), state, wiring, report, cancel)
        done = relink(
            prefix,
            broken,
            command=command,
            rules=link_rules(settings, environ),
            read_state=lambda: read_existing_state(prefix),
            report=report,
            cancel=cancel,
        )
        left |= done.left
        fixed = {each for each in diagnosis.findings if each.is_file and each.path in done.paths}
    for finding in diagnosis.findings:
        if finding.check == REGISTRATION and register(prefix, home_folder(environ)):
            fixed.add(finding)
    return Healing(
        fixed=tuple(each for each in diagnosis.findings if each in fixed),
        left=tuple(each for each in diagnosis.findings if each not in fixed),
        reasons=left,
    )


def _broken(
    findings: Iterable[Finding],
    state: EnvironmentState,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> list[BrokenPackage]:
    paths: defaultdict[str, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.package in state.installed:
            paths[finding.package].add(finding.path)
    records = [state.installed[name].record for name in paths]
    items = _items(records, wiring.fetch(records, report, cancel), paths)
    python = python_of(state)
    damaged = [item for item in items if is_damaged(item, python)]
    for item in damaged:
        text = f"{item.folder} is damaged as well, and is unpacked anew"
        report(Noticed("warning", text))
    again = [item.record for item in damaged]
    if not again:
        return items
    fresh = _items(again, wiring.fetch(again, report, cancel, repair=True), paths)
    return [item for item in items if item not in damaged] + fresh


def _items(
    records: Sequence[PackageRecord],
    folders: Mapping[str, Path],
    paths: Mapping[str, set[str]],
) -> list[BrokenPackage]:
    return [
        BrokenPackage(
            record=record, folder=folders[record.name], paths=frozenset(paths[record.name])
        )
        for record in records
    ]
