"""Which packages an environment is said to have: of one name, the used one. Layer: engine."""

import os
from collections.abc import Iterable, Sequence

from xconda_core.engine.wiring import Wiring
from xconda_core.errors import Json
from xconda_core.models.channel import Channel, InvalidChannel
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import PYPI, canonical_name
from xconda_core.transaction.python_files import PythonFilesUnknown, owned_paths


def listed_packages(
    state: EnvironmentState,
    *,
    with_pip: bool = True,
    besides: Iterable[PackageRecord] = (),
) -> dict[str, PackageRecord]:
    """Return the packages of an environment by name, in name order.

    A Python project that conda did not install stands for conda's package of that name, whose files
    it has overwritten: it is what Python loads.

    Args:
        state: The environment.
        with_pip: Such projects count.
        besides: What plugins found; of one name, conda's and pip's go first.
    """
    listed = {name: package.record for name, package in state.installed.items()}
    if not with_pip:
        return listed
    found = {record.name: record for record in besides}
    spelt = {canonical_name(name): name for name in listed}
    for name, package in state.python_packages.items():
        listed[spelt.get(name, name)] = package.record
    return dict(sorted({**found, **listed}.items()))


def channels_of(records: Iterable[PackageRecord], wiring: Wiring) -> dict[str, Channel]:
    """Return the channels that ``records`` came from, by address, as the configuration has them.

    What is no channel, as an installer of old may have written it, is left out.
    """
    channels = {}
    for address in dict.fromkeys(record.channel for record in records if record.channel):
        try:
            channels[address] = wiring.channels((address,))[0]
        except InvalidChannel:
            continue
    return channels


def package_documents(
    state: EnvironmentState, texts: Sequence[str] = (), besides: Iterable[PackageRecord] = ()
) -> list[Json]:
    """Return what notebooks show of the packages of an environment, in name order.

    Args:
        state: The environment.
        texts: Only of packages with one of them in their names; none: of all.
        besides: What plugins found.
    """
    return [
        {**record_fields(record), "requested": state.requested.get(record.name, "")}
        for name, record in listed_packages(state, besides=besides).items()
        if not texts or any(text.lower() in name for text in texts)
    ]


def record_fields(record: PackageRecord) -> dict[str, Json]:
    """Return what notebooks show of a package, wherever it is."""
    return {
        "name": record.name,
        "version": record.version,
        "build": record.build,
        "build_number": record.build_number,
        "channel": record.channel_name,
        "subdir": record.subdir,
        "fn": record.fn,
        "url": record.url,
        "size": record.size,
        "license": record.license,
        "depends": list(record.depends),
        "timestamp": record.timestamp,
    }


def sizes_on_disk(state: EnvironmentState, listed: Iterable[PackageRecord]) -> dict[str, int]:
    """Return how many bytes the files of each package take in the environment, by name.

    A file that hard links share with the package cache counts in full.
    """
    root = str(state.prefix)
    return {
        record.name: sum(_size(f"{root}/{path}") for path in _paths(root, state, record))
        for record in listed
    }


def managed_size(state: EnvironmentState) -> int:
    """Return how many bytes the packages of an environment take in it; see ``sizes_on_disk``."""
    return sum(sizes_on_disk(state, listed_packages(state).values()).values())


def _paths(root: str, state: EnvironmentState, record: PackageRecord) -> Iterable[str]:
    if record.subdir != PYPI:
        installed = state.installed.get(record.name)
        return installed.files if installed else ()  # else a plugin found it
    try:
        return owned_paths(root, state.python_packages[canonical_name(record.name)])
    except PythonFilesUnknown:
        return ()


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
