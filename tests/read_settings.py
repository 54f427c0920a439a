"""Settings from files, variables and the command line, as an engine gets them. Layer: tests."""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.config.environ import home_folder
from xconda_core.config.merge import load_configuration, settings_of
from xconda_core.config.settings import Settings


def read_settings(
    overrides: Mapping[str, object],
    environ: Mapping[str, str],
    *,
    root_prefix: Path,
    target_prefix: Path | None = None,
    files: tuple[Path, ...] | None = None,
) -> Settings:
    """Return what is configured for a machine of linux-64 that has no administrator's files."""
    found = load_configuration(
        overrides,
        environ,
        root_prefix=root_prefix,
        target_prefix=target_prefix,
        files=files,
        system_folders=(),
    )
    return settings_of(found, environ, home_folder(environ), root_prefix, "linux-64")
