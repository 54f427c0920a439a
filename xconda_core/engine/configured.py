"""What is configured for an environment, without an engine to obey it. Layer: engine."""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.config.definition import Definition
from xconda_core.config.environ import home_folder
from xconda_core.config.merge import load_configuration, settings_of
from xconda_core.config.precedence import Configuration
from xconda_core.config.settings import Settings
from xconda_core.environment.places import Root, find_root
from xconda_core.system.machine import current_subdir


def configuration(
    *,
    prefix: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str],
    files: tuple[Path, ...] | None = None,
    root: Root | None = None,
    definitions: tuple[Definition, ...] = (),
) -> tuple[Configuration, Settings]:
    """Return what is configured for ``prefix``: by name with its sources, and as it is obeyed.

    ``files`` are read instead of those of the search path; ``root`` is what ``find_root`` found
    already; ``definitions`` are settings that plugins declare.

    Raises:
        InvalidConfiguration: settings that cannot be read, all faults at once.
    """
    base = (root or find_root(environ)).prefix
    found = load_configuration(
        overrides or {},
        environ,
        root_prefix=base,
        target_prefix=prefix,
        files=files,
        more=definitions,
    )
    settings = settings_of(found, environ, home_folder(environ), base, current_subdir())
    return found, settings
