"""What the NVIDIA driver can do. Layer: system. Source: CEP 30 (``__cuda``), 46 (``__cuda_arch``).

The driver's library runs in a child process, because it may crash, hang, or leave threads behind;
where no such library is installed, no child is started.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from xconda_core.values import Slotted, dataclass

TIME_LIMIT: Final = 30.0  # seconds; a machine with many devices takes several to start its driver
_LINUX_FOLDERS: Final = (
    "/usr/lib64", "/usr/lib", "/lib64", "/lib", "/usr/lib64/nvidia", "/usr/lib/nvidia",
    "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/wsl/lib",
    "/run/opengl-driver/lib", "/usr/local/nvidia/lib64", "/usr/local/nvidia/lib",
)  # fmt: skip
_LOADER_CACHE: Final = Path("/etc/ld.so.cache")
_LINUX_NAMES: Final = ("libcuda.so.1", "libcuda.so")

# Runs by itself in the child. 75 and 76 are the two numbers of the compute capability.
_CHILD: Final = """
import ctypes, json, os, sys
os.environ.pop("CUDA_VISIBLE_DEVICES", None)  # hiding devices does not take the driver away
driver = ctypes.CDLL(sys.argv[1])
number, devices = ctypes.c_int(), ctypes.c_int()
if driver.cuInit(0) or driver.cuDriverGetVersion(ctypes.byref(number)):
    sys.exit(1)
found = []
if driver.cuDeviceGetCount(ctypes.byref(devices)) == 0:
    for index in range(devices.value):
        device, major, minor = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
        if (driver.cuDeviceGet(ctypes.byref(device), index) == 0
                and driver.cuDeviceGetAttribute(ctypes.byref(major), 75, device) == 0
                and driver.cuDeviceGetAttribute(ctypes.byref(minor), 76, device) == 0):
            found.append((major.value, minor.value))
print(json.dumps([number.value, min(found, default=None)]))
"""


@dataclass(frozen=True, slots=True)
class Cuda(Slotted):
    """What the driver offers.

    Attributes:
        version: Latest CUDA version that the driver supports, ``major.minor``.
        arch: Lowest compute capability of all devices, ``major.minor``; empty without a device.
    """

    version: str
    arch: str = ""


def detect_cuda(library_path: Iterable[str] = (), time_limit: float = TIME_LIMIT) -> Cuda | None:
    """Return what the driver offers, or None where none is installed or it does not start.

    Args:
        library_path: Folders of ``LD_LIBRARY_PATH``, looked at before the system's.
        time_limit: Seconds after which a driver that does not answer counts as none.
    """
    library = find_driver(library_path)
    return ask_driver(library, time_limit) if library else None


def find_driver(
    library_path: Iterable[str] = (),
    folders: Iterable[str] = _LINUX_FOLDERS,
    loader_cache: Path = _LOADER_CACHE,
) -> str:
    """Return the path or name of the driver's library, or an empty text; loads nothing."""
    if sys.platform == "win32":
        system = Path("C:/Windows/System32/nvcuda.dll")
        return str(system) if system.is_file() else ""
    if sys.platform != "linux":  # the last driver for macOS is of 2019
        return ""
    for folder in (*library_path, *folders):
        for name in _LINUX_NAMES:
            if folder and os.path.isfile(f"{folder}/{name}"):  # noqa: PTH113 (28 quick looks)
                return f"{folder}/{name}"
    try:
        cached = loader_cache.read_bytes()
    except OSError:
        return ""
    return next((name for name in _LINUX_NAMES if f"{name}\0".encode() in cached), "")


def ask_driver(library: str, time_limit: float = TIME_LIMIT) -> Cuda | None:
    """Return what the driver in ``library`` says of itself; None if it fails in any way."""
    import json  # most machines have no driver to ask
    import subprocess

    command = [sys.executable, "-I", "-S", "-c", _CHILD, library]
    try:
        answer = subprocess.run(
            command, capture_output=True, timeout=time_limit, check=True, stdin=subprocess.DEVNULL
        )
        number, lowest = json.loads(answer.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    arch = f"{lowest[0]}.{lowest[1]}" if lowest else ""
    return Cuda(f"{number // 1000}.{number % 1000 // 10}", arch)
