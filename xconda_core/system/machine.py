"""Which platform this machine is, and what its kernel says of it. Layer: system.

``platform`` says it too, and looks for a dozen kinds of Python when it is loaded (1 ms).
"""

import os
import sys

from xconda_core.models.platform import subdir_of


def current_subdir() -> str:
    """Return the subdir that this Python runs on, for example ``linux-64``.

    Raises:
        ValueError: conda has no name for this machine.
    """
    machine = machine_name()
    if machine in ("x86_64", "AMD64") and sys.maxsize < 1 << 32:
        machine = "i686"  # a 32-bit Python on a 64-bit kernel runs 32-bit packages
    return subdir_of(kernel_name(), machine)


def kernel_name() -> str:
    """Return the name of the operating system, for example ``Linux`` or ``Windows``."""
    return _said(0)


def kernel_release() -> str:
    """Return the version of the kernel as it says it."""
    return _said(2)


def machine_name() -> str:
    """Return the kind of processor, for example ``x86_64``."""
    return _said(4)


def _said(position: int) -> str:
    if hasattr(os, "uname"):
        return str(os.uname()[position])
    import platform

    return str(platform.uname()[position])
