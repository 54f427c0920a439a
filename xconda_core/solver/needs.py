"""Who needs whom, by name, whatever the versions. Layer: solver. Pure."""

from collections.abc import Iterable, Mapping

from xconda_core.models.package_record import PackageRecord

Needs = Mapping[str, Iterable[str]]  # a name to the names that it needs


def dependency_names(record: PackageRecord) -> frozenset[str]:
    """Return the names that a record depends on."""
    return frozenset(text.split(None, 1)[0].split("[", 1)[0] for text in record.depends)


def needs_of(records: Mapping[str, PackageRecord]) -> dict[str, frozenset[str]]:
    """Return what each of ``records`` needs."""
    return {name: dependency_names(record) for name, record in records.items()}


def turned(needs: Needs) -> dict[str, set[str]]:
    """Return who needs a name, given what each name needs."""
    needed_by: dict[str, set[str]] = {}
    for name, others in needs.items():
        for other in others:
            needed_by.setdefault(other, set()).add(name)
    return needed_by


def reached(start: Iterable[str], steps: Needs) -> set[str]:
    """Return every name that steps lead to from ``start``."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        for name in steps.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found
