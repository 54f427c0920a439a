"""What this machine offers, as packages that others can depend on. Layer: system.

Source: CEP 30 (the packages and their overrides), CEP 46 (``__cuda_arch``). For a platform that
this machine is not, what cannot be known has the value that the CEP proposes.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Final

from xconda_core.errors import XcondaError
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.regex import regex
from xconda_core.system import operating_system
from xconda_core.system.cuda import Cuda, detect_cuda
from xconda_core.system.machine import current_subdir
from xconda_core.system.processor import host_microarchitecture, microarchitecture_of

# Packages say `__conda >=23.9` and mean "a tool that reads what conda of that time reads". This is
# the conda release whose formats and settings xconda follows, not a version of xconda.
CONDA_VERSION: Final = "26.7.0"
_OLDEST_GLIBC: Final = "2.17"
_UNIX: Final = ("linux-", "osx-", "freebsd-", "emscripten-", "wasi-", "zos-")
_BUILD: Final = regex(r"[A-Za-z0-9_.+]+")
_CAPABILITY: Final = regex(r"\d+\.\d+")


class InvalidOverride(XcondaError):
    """An override of a virtual package is not a version."""

    code: ClassVar[str] = "invalid-override"

    def __init__(self, name: str, value: str) -> None:
        super().__init__(name, value)
        self.name, self.value = name, value
        variable = f"CONDA_OVERRIDE_{name.lstrip('_').upper()}"
        self.what = f"The virtual package {name} cannot be overridden."
        self.why = f"`{value}`, from {variable} or the setting, is not a value that it can have."
        self.fix = f"correct it, unset {variable}, or set it to nothing to be without {name}."
        if name == "__linux":
            self.fix = f"correct it, or unset {variable}."


def detect(
    subdir: str,
    overrides: Mapping[str, str] | None = None,
    *,
    native_subdir: str = "",
    library_path: Iterable[str] = (),
    cuda: Callable[[Iterable[str]], Cuda | None] = detect_cuda,
) -> tuple[VirtualPackage, ...]:
    """Return the virtual packages of ``subdir`` on this machine, in name order.

    Args:
        subdir: The platform that packages are chosen for.
        overrides: Name (``__cuda``) to version; an empty text removes the package, and takes its
            version from ``__linux``, which Linux is never without.
        native_subdir: The platform of this machine, when it is known already.
        library_path: Folders of ``LD_LIBRARY_PATH``.
        cuda: What asks the driver.

    Raises:
        InvalidOverride: an override is not a version.
    """
    given = overrides or {}
    native = subdir == (native_subdir or current_subdir())
    found = {
        **_libraries(subdir, native),
        "__archspec": _archspec(subdir, native),
        "__conda": VirtualPackage("__conda", CONDA_VERSION),
    }
    if "__cuda" not in given or (given["__cuda"] and "__cuda_arch" not in given):
        found.update(_cuda(cuda(library_path)))
    if subdir.startswith("linux-"):
        found.setdefault("__glibc", None)  # an override may add it where there is only musl
    found.setdefault("__cuda", None)
    found.setdefault("__cuda_arch", None)
    for name, value in given.items():
        if name in found:
            found[name] = _overridden(name, value)
    if found["__cuda"] is None:
        found["__cuda_arch"] = None
    if subdir.startswith(_UNIX):
        found["__unix"] = VirtualPackage("__unix")  # no override touches it
    return tuple(package for _, package in sorted(found.items()) if package)


def _libraries(subdir: str, native: bool) -> dict[str, VirtualPackage | None]:
    """Return the packages of the operating system that ``subdir`` names."""
    system = subdir.partition("-")[0]
    if system == "linux":
        kernel = operating_system.kernel_version() if native else ""
        return {"__linux": VirtualPackage("__linux", kernel or "0"), **_libc(native)}
    if system == "freebsd":  # no CEP names it yet; packages may, so that it is a fact to depend on
        version = operating_system.kernel_version() if native else ""
        return {"__freebsd": VirtualPackage("__freebsd", version or "0")}
    if system == "osx":
        version = operating_system.macos_version() if native else ""
        return {"__osx": VirtualPackage("__osx", version or "0")}
    if system == "win":
        version = operating_system.windows_version() if native else ""
        return {"__win": VirtualPackage("__win", version or "0")}
    return {}


def _libc(native: bool) -> dict[str, VirtualPackage | None]:
    if not native:
        return {"__glibc": VirtualPackage("__glibc", _OLDEST_GLIBC)}
    version = operating_system.glibc_version()
    if version:
        return {"__glibc": VirtualPackage("__glibc", version)}
    musl = operating_system.musl_version()
    return {"__musl": VirtualPackage("__musl", musl)} if musl else {}


def _archspec(subdir: str, native: bool) -> VirtualPackage:
    family, known = microarchitecture_of(subdir)
    if not native:
        return VirtualPackage("__archspec", "1" if known else "0", family)
    if known:  # archspec's tables cost 8 ms, and few packages ask which processor this is
        return VirtualPackage("__archspec", "1", lambda: host_microarchitecture() or family)
    host = host_microarchitecture()
    return VirtualPackage("__archspec", "1" if host else "0", host or family)


def _cuda(found: Cuda | None) -> dict[str, VirtualPackage | None]:
    if found is None:
        return {}
    arch = VirtualPackage("__cuda_arch", found.arch) if found.arch else None
    return {"__cuda": VirtualPackage("__cuda", found.version), "__cuda_arch": arch}


def _overridden(name: str, value: str) -> VirtualPackage | None:
    """Return the package with the user's value; None where the value is empty."""
    if name == "__linux":
        kernel = operating_system.upstream_version(value) if value else "0"
        if not kernel:
            raise InvalidOverride(name, value)
        return VirtualPackage(name, kernel)
    if not value:
        return None
    if name == "__archspec":
        if not _BUILD.fullmatch(value):
            raise InvalidOverride(name, value)
        return VirtualPackage(name, "1", value)
    if name == "__cuda_arch" and not _CAPABILITY.fullmatch(value):
        raise InvalidOverride(name, value)
    try:
        return VirtualPackage(name, str(Version.parse(value)))
    except InvalidVersion as error:
        raise InvalidOverride(name, value) from error
