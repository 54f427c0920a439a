"""Which configuration file ``xconda config`` means, and which environment. Layer: cli."""

import os
from collections.abc import Mapping
from pathlib import Path

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import overrides
from xconda_core.config.environ import home_folder
from xconda_core.engine import opening
from xconda_core.engine.configured import configuration
from xconda_core.environment.places import NotAnEnvironment, find_root, is_environment

CONDARC = ".condarc"


def meant_file(invocation: Invocation) -> Path:
    """Return the one file that is read and written.

    No file of settings is needed to find it, except to know where ``-n`` looks: a damaged one can
    be mended.

    Raises:
        NotAnEnvironment: ``-p`` leads to something else.
        XcondaError: there is no environment of the name after ``-n``.
    """
    arguments, environ = invocation.arguments, invocation.environ
    if arguments.file is not None:
        return Path(os.path.abspath(_from_home(arguments.file, environ)))  # noqa: PTH100
    if arguments.system:
        return find_root(environ).prefix / CONDARC
    if arguments.name is not None or arguments.prefix is not None:
        return meant_environment(invocation) / CONDARC
    active = environ.get("CONDA_PREFIX", "")
    if arguments.env and active:
        return Path(active) / CONDARC
    named = environ.get("CONDARC", "")
    if named:
        path = Path(os.path.abspath(_from_home(named, environ)))  # noqa: PTH100
        return path / CONDARC if path.is_dir() else path
    return home_folder(environ) / CONDARC


def meant_environment(invocation: Invocation) -> Path:
    """Return the environment whose configuration is meant: ``-p``, ``-n``, the active one, base.

    Raises:
        NotAnEnvironment: ``-p`` leads to something else.
        XcondaError: there is no environment of the name after ``-n``.
    """
    arguments, environ = invocation.arguments, invocation.environ
    _, settings = configuration(overrides=overrides(arguments), environ=environ)
    prefix = opening.target(arguments.name, arguments.prefix, environ, settings).prefix
    if arguments.prefix is not None and not is_environment(prefix):
        raise NotAnEnvironment(prefix)
    return prefix


def _from_home(text: str, environ: Mapping[str, str]) -> str:
    return f"{home_folder(environ)}{text[1:]}" if text == "~" or text.startswith("~/") else text
