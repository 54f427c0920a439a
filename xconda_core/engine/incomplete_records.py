"""Records that only an address told of, once the archives are unpacked. Layer: engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord
from xconda_core.package_cache.cache import unpacked_record
from xconda_core.transaction.plan import Plan
from xconda_core.values import replace


class WrongPlatform(XcondaError):
    """A package is for another platform than its environment."""

    code: ClassVar[str] = "wrong-platform"

    def __init__(self, record: PackageRecord, subdir: str) -> None:
        super().__init__(record, subdir)
        self.package, self.subdir, self.wanted = record.dist_name, record.subdir, subdir
        self.what = f"Nothing was changed: {record.dist_name} is for {record.subdir}."
        self.why = f"this environment is for {subdir}."
        self.fix = f"take the file for {subdir}, or make an environment with `--platform`."


def refuse_other_platform(record: PackageRecord, subdir: str) -> None:
    """Return if ``record`` can be in an environment for ``subdir``, as far as it tells.

    Raises:
        WrongPlatform: it cannot.
    """
    if record.subdir not in {"", "noarch", subdir}:
        raise WrongPlatform(record, subdir)


def with_complete_records(plan: Plan, packages: Mapping[str, Path], subdir: str) -> Plan:
    """Return ``plan`` with all that its unpacked ``packages`` know of themselves.

    Raises:
        WrongPlatform: one of them is for another platform than ``subdir``.
        PackageDamaged: one of them does not say what it is.
    """
    if all(step.new is None or step.new.is_complete for step in plan.operations):
        return plan
    steps = []
    for step in plan.operations:
        if step.new is not None and not step.new.is_complete:
            record = unpacked_record(packages[step.name], step.new)
            refuse_other_platform(record, subdir)
            steps.append(replace(step, new=record))
        else:
            steps.append(step)
    return replace(plan, operations=tuple(steps))
