"""What the kernel calls itself and this machine. Layer: system.

``platform`` says it too, and looks for a dozen kinds of Python when it is loaded (1 ms).
"""

import os


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
