"""Versions of the kernel, the C library and the operating system. Layer: system. Source: CEP 30."""

import os
import re
from pathlib import Path
from typing import Final

from xconda_core.regex import regex
from xconda_core.system.machine import kernel_release

_KERNEL: Final = regex(r"\d+\.\d+(?:\.\d+){0,2}")
_MAC_FILES: Final = (  # the first is there since macOS 11 and is never the compatible answer 10.16
    Path("/System/Library/CoreServices/.SystemVersionPlatform.plist"),
    Path("/System/Library/CoreServices/SystemVersion.plist"),
)


def kernel_version() -> str:
    """Return the upstream part of the kernel's version, or an empty text."""
    return upstream_version(kernel_release())


def upstream_version(release: str) -> str:
    """Return ``release`` without what a distribution added; empty where it is no version."""
    found = _KERNEL.match(release)
    return found[0] if found else ""


def glibc_version() -> str:
    """Return ``major.minor`` of the GNU C library, or an empty text where there is none."""
    try:
        words = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (AttributeError, ValueError, OSError):
        return ""
    return _first(2, words[1]) if len(words) == 2 and words[0] == "glibc" else ""


def musl_version(folder: Path = Path("/lib")) -> str:
    """Return the version of the musl C library, or an empty text where there is none.

    Its loader says it when it is run without a program: there is no other way to know.
    """
    loader = next(iter(sorted(folder.glob("ld-musl-*.so.1"))), None)
    if loader is None:
        return ""
    import subprocess

    try:
        answer = subprocess.run([loader], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(rb"Version (\d+(?:\.\d+)+)", answer.stderr)
    return found[1].decode() if found else ""


def macos_version(files: tuple[Path, ...] = _MAC_FILES) -> str:
    """Return ``major.minor`` of macOS, or an empty text."""
    import plistlib  # brings an XML parser, which no other system needs

    for path in files:
        try:
            with path.open("rb") as stream:
                return _first(2, str(plistlib.load(stream)["ProductVersion"]))
        except (OSError, KeyError, ValueError):
            continue
    return ""


def windows_version() -> str:
    """Return ``major.minor.build`` of Windows, or an empty text."""
    import platform

    return _first(3, platform.win32_ver()[1])


def _first(count: int, version: str) -> str:
    return ".".join(version.split(".")[:count])
