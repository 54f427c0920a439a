"""The keys of ``conda info --json`` that no person asks for. Layer: engine.

Scripts and editors read them; ``info`` tells a person the rest of ``facts`` and ``system_facts``.
"""

import os
from collections.abc import Mapping

from xconda_core.config.environ import home_folder
from xconda_core.config.settings import Settings
from xconda_core.environment.activation_names import level_of
from xconda_core.errors import Json
from xconda_core.net.user_agent import user_agent
from xconda_core.system.virtual_packages import CONDA_VERSION

_OWN_SOLVER = "xconda"


def conda_facts(settings: Settings, environ: Mapping[str, str]) -> dict[str, Json]:
    """Return what conda tells of its parts, and of files whether they are there or not."""
    requests_version = _version("requests")
    condarc = str(home_folder(environ) / ".condarc")
    facts: dict[str, Json] = {
        "conda_env_version": CONDA_VERSION,
        "conda_build_version": _version("conda-build"),
        "conda_shlvl": level_of(environ),
        "user_rc_path": condarc,
        "rc_path": condarc,
        "sys_rc_path": str(settings.root_prefix / ".condarc"),
        "requests_version": requests_version,
        "user_agent": user_agent(requests_version),
        "netrc_file": _netrc(environ),
        "solver": {
            "name": settings.solver,
            "user_agent": f"solver/{settings.solver}",
            "default": settings.solver == _OWN_SOLVER,
        },
        "notices_cache_dir": str(settings.state_dir),
    }
    if os.name == "posix":
        facts |= {"UID": os.geteuid(), "GID": os.getegid()}
    return facts


def _version(distribution: str) -> str:
    """Return the version of a distribution beside this one."""
    from importlib.metadata import PackageNotFoundError, version  # 20 ms: only for documents

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def _netrc(environ: Mapping[str, str]) -> str | None:
    """Return the file of logins: the one that is named, or the usual one where it is there."""
    usual = home_folder(environ) / ".netrc"
    return environ.get("NETRC") or (str(usual) if usual.is_file() else None)
