"""Translate the ``condarc`` rows to our configuration: files and variables in, values out."""

from pathlib import Path
from typing import Any

from xconda_core.config.definitions import DEFINITIONS
from xconda_core.config.environ import home_folder
from xconda_core.config.merge import settings_of
from xconda_core.config.precedence import merge
from xconda_core.config.problem import InvalidConfiguration
from xconda_core.config.search_path import configuration_files

PATH_LISTS = {"envs_dirs", "pkgs_dirs"}


class Unsupported(Exception):
    """The row asks for a setting that nobody knows."""


def load_config(case: dict[str, Any], root: str) -> dict[str, Any]:
    missing = set(case["keys"]) - {definition.name for definition in DEFINITIONS}
    if missing:
        raise Unsupported(", ".join(sorted(missing)))
    written = _write(case["files"], Path(root))
    environ = {"HOME": f"{root}/home"}
    environ |= {name: value.replace("{T}", root) for name, value in case["env"].items()}
    home = home_folder(environ)
    root_prefix = Path(environ.get("CONDA_ROOT", f"{root}/no-such-root"))
    target = Path(environ["CONDA_PREFIX"]) if "CONDA_PREFIX" in environ else None
    if case["search"] == "default":
        written = configuration_files(environ, home, root_prefix, target, system_folders=())
    try:
        configuration = merge(written, environ)
    except InvalidConfiguration as error:
        problem = {"error": str(error)}
        return {**dict.fromkeys(case["keys"], problem), "__valid__": problem}
    settings = settings_of(configuration, environ, home, root_prefix, "linux-64")
    values: dict[str, Any] = {"__valid__": True, "__sources__": [str(path) for path in written]}
    for key in case["keys"]:
        of_machine = key in PATH_LISTS
        value: Any = getattr(settings, key) if of_machine else configuration.values[key]
        if isinstance(value, tuple):
            value = [str(item).replace(root, "{T}") for item in value]
        elif isinstance(value, str):
            value = value.replace(root, "{T}")
        values[key] = None if key.endswith("_threads") and value == 0 else value
    return values


def _write(files: dict[str, str], root: Path) -> tuple[Path, ...]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{T}", str(root)), encoding="utf-8")
    return tuple(root / name for name in files)
