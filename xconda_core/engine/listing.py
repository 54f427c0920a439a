"""Which packages an environment is said to have: of one name, the used one. Layer: engine."""

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import canonical_name


def listed_packages(state: EnvironmentState, *, with_pip: bool = True) -> dict[str, PackageRecord]:
    """Return the packages of an environment by name, in name order.

    A Python project that conda did not install stands for conda's package of that name, whose files
    it has overwritten: it is what Python loads.

    Args:
        state: The environment.
        with_pip: Such projects count.
    """
    listed = {name: package.record for name, package in state.installed.items()}
    if not with_pip:
        return listed
    spelt = {canonical_name(name): name for name in listed}
    for name, package in state.python_packages.items():
        listed[spelt.get(name, name)] = package.record
    return dict(sorted(listed.items()))
