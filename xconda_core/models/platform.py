"""Platform subdirs, conda's names for operating system and processor. Layer: models.

Source: CEP 26 (subdir names) and conda's ``KNOWN_SUBDIRS``.
"""

from typing import Final

KNOWN_SUBDIRS: Final = (
    "noarch",
    "emscripten-wasm32",
    "freebsd-64",
    "linux-32",
    "linux-64",
    "linux-aarch64",
    "linux-armv6l",
    "linux-armv7l",
    "linux-ppc64",
    "linux-ppc64le",
    "linux-riscv32",
    "linux-riscv64",
    "linux-s390x",
    "osx-64",
    "osx-arm64",
    "wasi-wasm32",
    "win-32",
    "win-64",
    "win-arm64",
    "zos-z",
)


def subdir_of(system: str, machine: str) -> str:
    """Return the subdir for ``platform.system()`` and ``platform.machine()``.

    Raises:
        ValueError: conda has no name for that pair.
    """
    systems = {"Linux": "linux", "Darwin": "osx", "Windows": "win", "FreeBSD": "freebsd"}
    machines = {
        "x86_64": "64",
        "amd64": "64",
        "i386": "32",
        "i686": "32",
        "arm64": "aarch64" if system == "Linux" else "arm64",
        "aarch64": "aarch64" if system == "Linux" else "arm64",
    }
    word = systems.get(system)
    lowered = machine.lower()
    subdir = f"{word}-{machines.get(lowered, lowered)}"
    if word is None or subdir not in KNOWN_SUBDIRS:
        raise ValueError(f"conda has no platform name for {system} on {machine}")
    return subdir
