"""Which platform this machine is. Layer: system."""

import sys

from xconda_core.models.platform import subdir_of
from xconda_core.system.kernel import kernel_name, machine_name


def current_subdir() -> str:
    """Return the subdir that this Python runs on, for example ``linux-64``.

    Raises:
        ValueError: conda has no name for this machine.
    """
    machine = machine_name()
    if machine in ("x86_64", "AMD64") and sys.maxsize < 1 << 32:
        machine = "i686"  # a 32-bit Python on a 64-bit kernel runs 32-bit packages
    return subdir_of(kernel_name(), machine)
