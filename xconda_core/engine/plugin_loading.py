"""What plugins find in environments that neither conda nor pip installed. Layer: engine.

Imported only where a plugin is installed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import cast

from xconda_core import plugins
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.pip_section import InstallerSection


def found_besides(
    installed: PluginSet, state: EnvironmentState
) -> dict[str, tuple[PackageRecord, ...]]:
    """Return what plugins find in an environment, by the names of their loaders.

    Raises:
        XcondaError: a plugin raised it on purpose.
    """
    found = {}
    for offer in installed.offers(plugins.PluginPrefixDataLoader):
        records = offer.call(_records, offer.value.loader, Path(state.prefix), state.installed)
        if records:
            found[offer.value.name] = records
    return found


def _records(
    load: Callable[..., object], prefix: Path, installed: Mapping[str, object]
) -> tuple[PackageRecord, ...]:
    records = tuple(cast("Iterable[object] | None", load(prefix, dict(installed))) or ())
    wrong = next((each for each in records if not isinstance(each, PackageRecord)), None)
    if wrong is not None:
        raise TypeError(f"it found a {type(wrong).__name__}, which is no PackageRecord")
    return cast("tuple[PackageRecord, ...]", records)


def found_sections(
    installed: PluginSet, state: EnvironmentState, names: Collection[str]
) -> tuple[InstallerSection, ...]:
    """Return what plugins find as sections of an environment file, where they are in ``names``.

    Raises:
        XcondaError: a plugin raised it on purpose.
    """
    return tuple(
        InstallerSection(
            installer=name, lines=tuple(f"{each.name}=={each.version}" for each in records)
        )
        for name, records in found_besides(installed, state).items()
        if name in names
    )
