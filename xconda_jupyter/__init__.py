"""xconda inside Jupyter: kernel client, launchers, panels, server extension.

Python 3.8 and later: a kernel of any environment may import this package.
"""

from typing import Any

__version__ = "0.1.0"
_KERNEL_SIDE = "xconda_jupyter.kernel"


def load_ipython_extension(shell: Any) -> None:
    """Register ``%xconda`` and ``%%xconda``."""
    shell.extension_manager.load_extension(_KERNEL_SIDE)


def unload_ipython_extension(shell: Any) -> None:
    """Take ``%xconda`` away again."""
    shell.extension_manager.unload_extension(_KERNEL_SIDE)


def panel(prefix: str = "", name: str = "") -> Any:
    """Return the panel of an environment, that of this kernel unless a path or a name is given."""
    from importlib import import_module  # a server that imports this package has no IPython

    return import_module("xconda_jupyter.kernel.panel").panel(prefix, name)
