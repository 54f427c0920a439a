"""The module ``xconda``: ``%load_ext xconda`` and ``xconda.panel()``, by the name of the project.

The wheel has it beside its packages; :mod:`xconda_jupyter.kernel.launcher` shows it to kernels.
Python 3.8 and later.
"""

from xconda_jupyter import (
    __version__,
    load_ipython_extension,
    panel,
    unload_ipython_extension,
)

__all__ = ["__version__", "load_ipython_extension", "panel", "unload_ipython_extension"]
