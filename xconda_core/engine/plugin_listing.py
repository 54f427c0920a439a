"""Which plugins are installed, what each does, and which do not count and why. Layer: engine."""

import sys
from importlib.metadata import PathDistribution
from typing import Final, Literal

from xconda_core.engine.plugin_roster import HOOKS, LoadedPlugins
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.errors import Json
from xconda_core.system.entry_points import FoundPlugin, find_plugins
from xconda_core.values import Slotted, dataclass

Status = Literal["enabled", "disabled", "not-loadable"]
_OF_CONDA: Final = (
    "it is a plugin of conda and imports conda itself; docs/plugins.md says line by line what its "
    "author changes"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginState(Slotted):
    """One installed plugin.

    Attributes:
        name: Name of its entry point.
        distribution: The project that it comes with.
        version: Version of that project.
        group: Group of its entry point.
        status: It counts (``enabled``), is switched off, or is not for xconda.
        why: Why it does not count, as a sentence; empty where it does.
        hooks: The hooks that it implements.
    """

    name: str
    distribution: str
    version: str
    group: str
    status: Status
    why: str = ""
    hooks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return it as ``plugins list --json`` has it; the keys of conda's are among them."""
        return {
            "name": self.name,
            "version": self.version,
            "status": self.status,
            "hooks": list(self.hooks),
            "why": self.why,
            "distribution": self.distribution,
            "group": self.group,
        }


def list_plugins(plugins: PluginSet) -> tuple[PluginState, ...]:
    """Return every plugin beside xconda, in name order.

    Each is asked for what it gives, so that one that breaks does so now.
    """
    for kind in HOOKS if isinstance(plugins, LoadedPlugins) else ():
        plugins.offers(kind)
    seen: set[str] = set()
    states = []
    for found in find_plugins(sys.path):
        states.append(_state(found, plugins, is_second=found.name in seen))
        if found.group == "xconda":
            seen.add(found.name)
    return tuple(states)


def _state(found: FoundPlugin, plugins: PluginSet, *, is_second: bool) -> PluginState:
    project = PathDistribution(found.place)
    status: Status = "enabled"
    why = ""
    hooks: tuple[str, ...] = ()
    if found.group == "conda":
        status, why = "not-loadable", _OF_CONDA
    elif not isinstance(plugins, LoadedPlugins):
        status, why = "disabled", "plugins are left alone (no_plugins)"
    elif is_second:
        status, why = "disabled", f"another plugin is called {found.name}"
    else:
        hooks = plugins.roster.hooks_of(found.name)
        why = plugins.roster.faults.get(found.name, "")
        status = "disabled" if why else "enabled"
    return PluginState(
        name=found.name,
        distribution=project.metadata["Name"] or found.place.stem,
        version=project.metadata["Version"] or "",
        group=found.group,
        status=status,
        why=why,
        hooks=hooks,
    )
