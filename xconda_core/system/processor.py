"""The microarchitecture of the processor. Layer: system.

Source: archspec; CEP 30 and its appendix A for platforms that this machine is not.
"""

import warnings
from typing import Final

_FAMILIES: Final = {
    "32": "x86",
    "64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
    "ppc64": "ppc64",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
}  # the names that archspec knows as well


def host_microarchitecture() -> str:
    """Return archspec's name of this machine's processor, or an empty text when it has none."""
    try:
        import archspec.cpu  # its tables cost 10 ms, and only solving needs them

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(archspec.cpu.host().name)
    except Exception:  # it reads what the kernel writes, which may be anything
        return ""


def microarchitecture_of(subdir: str) -> tuple[str, bool]:
    """Return the family of a platform's processors, and whether archspec knows it by that name."""
    word = subdir.partition("-")[2]
    return (_FAMILIES[word], True) if word in _FAMILIES else (word or subdir, False)
