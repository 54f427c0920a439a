"""What a request means for Python projects that conda did not install. Layer: engine. Pure."""

from collections.abc import Iterable, Sequence

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import PythonPackage, canonical_name, conda_name
from xconda_core.transaction.plan import Operation
from xconda_core.transaction.python_layout import minor_version
from xconda_core.values import replace


def split_removal(
    state: EnvironmentState, specs: Sequence[str]
) -> tuple[tuple[str, ...], tuple[PythonPackage, ...]]:
    """Return the specs of a removal that mean packages of conda, and the projects others mean.

    Raises:
        InvalidMatchSpec: a spec cannot be read.
    """
    rest, meant = [], []
    for text in specs:
        spec = MatchSpec.parse(text)
        package = foreign(state, spec.name)
        if package is None or spec.name in state.installed:
            rest.append(text)
        else:
            meant.append(package)
    return tuple(rest), tuple(meant)


def foreign(state: EnvironmentState, name: str) -> PythonPackage | None:
    """Return the project that ``name``, a conda package's or its own, means; None for none."""
    for key in (canonical_name(name), conda_name(name)):
        if key in state.python_packages:
            return state.python_packages[key]
    return None


def held_records(state: EnvironmentState, specs: Iterable[str]) -> dict[str, PackageRecord]:
    """Return the projects that count as installed, by canonical name.

    Not those of which conda has its own package, nor those that ``specs`` ask channels for. They
    hold Python in its minor series, for they would be lost with it.

    Raises:
        InvalidMatchSpec: a spec cannot be read.
    """
    named = {canonical_name(MatchSpec.parse(text).name) for text in specs}
    taken = named | {canonical_name(name) for name in state.installed}
    python = state.installed.get("python")
    series = f"python {minor_version(python.record.version)}.*" if python else ""
    return {
        name: replace(package.record, depends=(series,) if series else ())
        for name, package in state.python_packages.items()
        if name not in taken
    }


def displaced_by(
    state: EnvironmentState, operations: Iterable[Operation]
) -> tuple[PythonPackage, ...]:
    """Return the projects of which ``operations`` bring, change or remove conda's own package."""
    found: dict[str, PythonPackage] = {}
    for step in operations if state.python_packages else ():
        package = state.python_packages.get(canonical_name(step.name))
        if package is not None:
            found[package.name] = package
    return tuple(found[name] for name in sorted(found))
