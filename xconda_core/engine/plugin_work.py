"""Where plugins take part in what is carried out; without plugins all of it is nothing.

Layer: engine. One of the places where a first-party import may stand inside a function: what
plugins need is loaded where there is one.
"""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.environment.formats.described import Content
from xconda_core.environment.formats.exports import Export
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.pip_section import InstallerSection
from xconda_core.transaction.companions import Companions
from xconda_core.transaction.plan import Plan


def companions_of(
    plugins: PluginSet, plan: Plan, report: Reporter, cancel: CancelToken
) -> Companions | None:
    """Return what plugins do in the transaction that carries ``plan`` out; None for nothing.

    Raises:
        XcondaError: a plugin does not want it.
    """
    if not plugins:
        return None
    from xconda_core.engine.plugin_actions import companions

    return companions(plugins, plan, report, cancel)


def file_of_plugin(
    plugins: PluginSet, word: str | None, name: str, text: str, origin: str
) -> Content | None:
    """Return what a file says that a plugin reads; None where none does.

    Args:
        plugins: They.
        word: What the file is said to be, None where nobody says.
        name: Last part of its path or address.
        text: What stands in it.
        origin: Names it in errors.

    Raises:
        XcondaError: it is not what it is said to be, or the plugin broke.
    """
    if not plugins:
        return None
    from xconda_core.engine.plugin_files import read_file

    return read_file(plugins, word, name, text, origin)


def specifier_names(plugins: PluginSet) -> tuple[str, ...]:
    """Return the names of the kinds of files that plugins read."""
    if not plugins:
        return ()
    from xconda_core.engine.plugin_files import reader_names

    return reader_names(plugins)


def export_of_plugin(
    plugins: PluginSet, word: str | None, name: str | None
) -> tuple[str, Export] | None:
    """Return the format that ``word``, or else the ``name`` of a file, means, and its writer."""
    if not plugins:
        return None
    from xconda_core.engine.plugin_files import find_exporter

    return find_exporter(plugins, word, name)


def exporter_names(plugins: PluginSet) -> tuple[str, ...]:
    """Return the names of the kinds of files that plugins write."""
    if not plugins:
        return ()
    from xconda_core.engine.plugin_files import writer_names

    return writer_names(plugins)


def section_names(plugins: PluginSet) -> frozenset[str]:
    """Return the names of the sections of environment files that plugins install."""
    if not plugins:
        return frozenset()
    from xconda_core.engine.plugin_files import installer_names

    return installer_names(plugins)


def install_section(
    plugins: PluginSet, section: InstallerSection, prefix: Path, variables: Mapping[str, str]
) -> tuple[str, ...]:
    """Have a plugin install ``section`` into ``prefix``; return what it says it has done.

    Raises:
        XcondaError: it could not, or broke, or is gone.
    """
    from xconda_core.engine.plugin_files import installed_section

    return installed_section(plugins, section, prefix, variables)


def sections_found(plugins: PluginSet, state: EnvironmentState) -> tuple[InstallerSection, ...]:
    """Return what plugins find there, as sections for those of them that install such packages.

    Raises:
        XcondaError: a plugin raised it on purpose.
    """
    if not plugins:
        return ()
    from xconda_core.engine.plugin_loading import found_sections

    return found_sections(plugins, state, section_names(plugins))
