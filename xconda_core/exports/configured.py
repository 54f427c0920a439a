"""Values that the configuration of this moment decides, by the names of ``conda.exports``.

Layer: exports.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from xconda_core.config.merge import is_writable
from xconda_core.config.settings import Settings
from xconda_core.engine.engine import Engine
from xconda_core.engine.opening import open_engine
from xconda_core.engine.wiring import Wiring
from xconda_core.models.channel_url import file_url

_32_BITS: Final = ("32", "armv6l", "armv7l")
_MACHINES: Final = {"32": "x86", "64": "x86_64"}


def load_condarc(fn: str | Path) -> Settings:
    """Return the settings when ``fn`` is the only configuration file.

    conda's function changes the settings of the whole process; here nothing does.

    Raises:
        InvalidConfiguration: the file cannot be read.
    """
    engine = open_engine()
    environ = {**engine.environ, "XCONDA_SEARCH_PATH": str(fn)}
    environ.pop("CONDARC", None)
    return open_engine(environ=environ).settings


def _default_prefix(engine: Engine) -> str:
    """Return the active environment, else base, there or not."""
    return engine.environ.get("CONDA_PREFIX") or str(engine.settings.root_prefix)


def _local_urls(engine: Engine) -> list[str]:
    return [file_url(str(folder)) for folder in engine.settings.local_folders]


def _default_urls(engine: Engine) -> list[str]:
    channels = Wiring(engine.settings, engine.environ).channels(engine.settings.default_channels)
    return [channel.base_url for channel in channels]


def _system_and_machine(subdir: str) -> tuple[str, str]:
    system, _, machine = subdir.partition("-")
    return system, _MACHINES.get(machine, machine)


CONFIGURED: Final[Mapping[str, Callable[[Engine], Any]]] = {
    "arch_name": lambda engine: _system_and_machine(engine.settings.subdir)[1],
    "bits": lambda engine: 32 if engine.settings.subdir.endswith(_32_BITS) else 64,
    "context": lambda engine: engine.settings,
    "default_prefix": _default_prefix,
    "envs_dirs": lambda engine: tuple(map(str, engine.settings.envs_dirs)),
    "pkgs_dirs": lambda engine: tuple(map(str, engine.settings.pkgs_dirs)),
    "platform": lambda engine: _system_and_machine(engine.settings.subdir)[0],
    "root_dir": lambda engine: str(engine.settings.root_prefix),
    "root_writable": lambda engine: is_writable(engine.settings.root_prefix),
    "subdir": lambda engine: engine.settings.subdir,
    "sys_rc_path": lambda engine: str(engine.settings.root_prefix / ".condarc"),
}
"""Name to what works it out."""


def get_default_urls() -> list[str]:
    """Return the addresses that ``defaults`` stands for."""
    return _default_urls(open_engine())


def get_rc_urls() -> list[str]:
    """Return the configured channels, by name or address."""
    return list(open_engine().settings.channels)


def get_local_urls() -> list[str]:
    """Return the addresses of the folders of conda-build that are there."""
    return _local_urls(open_engine())
