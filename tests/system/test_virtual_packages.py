"""The virtual packages of CEP 30 and 46: one sentence of the standard, one test."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from xconda_core.models.version import Version
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.system import operating_system
from xconda_core.system.cuda import Cuda, ask_driver, find_driver
from xconda_core.system.machine import current_subdir
from xconda_core.system.virtual_packages import CONDA_VERSION, InvalidOverride, detect

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a fact of Linux")


def no_driver(library_path: Iterable[str]) -> Cuda | None:
    return None


def a_driver(library_path: Iterable[str]) -> Cuda | None:
    return Cuda("12.4", "9.0")


def never(library_path: Iterable[str]) -> Cuda | None:
    raise AssertionError("the driver was asked although nobody needs it")


def names(subdir: str, **overrides: str) -> dict[str, VirtualPackage]:
    given = {f"__{name}": value for name, value in overrides.items()}
    return {package.name: package for package in detect(subdir, given, cuda=no_driver)}


@ON_LINUX
def test_this_machine_has_its_kernel_its_libc_and_its_processor() -> None:
    found = names(current_subdir())
    assert found["__unix"] == VirtualPackage("__unix", "0", "0")
    assert platform.release().startswith(found["__linux"].version)
    assert found["__archspec"].version == "1"
    if "__glibc" in found:
        assert (os.confstr("CS_GNU_LIBC_VERSION") or "").endswith(found["__glibc"].version)


def test_the_conda_that_packages_ask_for_is_the_one_that_the_documentation_names() -> None:
    page = Path(__file__).parents[2] / "docs" / "coming-from.md"
    assert f"`__conda` is {names('linux-64')['__conda'].version} here" in page.read_text()
    assert Version.parse(CONDA_VERSION) > Version.parse("23.9")


@pytest.mark.parametrize(
    ("subdir", "expected"),
    [
        ("linux-aarch64", "__archspec=1=aarch64 __conda __glibc=2.17=0 __linux=0=0 __unix=0=0"),
        ("linux-s390x", "__archspec=0=s390x __conda __glibc=2.17=0 __linux=0=0 __unix=0=0"),
        ("osx-arm64", "__archspec=1=aarch64 __conda __osx=0=0 __unix=0=0"),
        ("win-64", "__archspec=1=x86_64 __conda __win=0=0"),
        ("emscripten-wasm32", "__archspec=0=wasm32 __conda __unix=0=0"),
        ("freebsd-64", "__archspec=1=x86_64 __conda __freebsd=0=0 __unix=0=0"),
        ("noarch", "__archspec=0=noarch __conda"),
    ],
)
def test_a_foreign_platform_has_what_can_be_said_of_it(subdir: str, expected: str) -> None:
    found = detect(subdir, cuda=no_driver, native_subdir="linux-64")
    conda = f"__conda={CONDA_VERSION}=0"
    assert " ".join(map(str, found)) == expected.replace("__conda", conda)


def test_an_override_gives_the_version() -> None:
    found = names("linux-64", glibc="2.28", linux="5.4", cuda="12.2", conda="25.1")
    assert [found[f"__{name}"].version for name in ("glibc", "linux", "cuda", "conda")] == [
        "2.28",
        "5.4",
        "12.2",
        "25.1",
    ]


def test_an_override_of_archspec_gives_the_build_string_with_version_1() -> None:
    found = names("zos-z", archspec="zen4")
    assert found["__archspec"] == VirtualPackage("__archspec", "1", "zen4")


@pytest.mark.parametrize("name", ["glibc", "archspec", "cuda", "conda"])
def test_an_emptied_override_removes_the_package(name: str) -> None:
    assert f"__{name}" not in names("linux-64", **{name: ""})


def test_linux_is_never_without_its_package_and_has_no_version_where_that_is_emptied() -> None:
    assert names("linux-64", linux="")["__linux"] == VirtualPackage("__linux", "0")


def test_a_wrong_override_of_linux_is_not_answered_with_being_without_it() -> None:
    with pytest.raises(InvalidOverride) as refused:
        names("linux-64", linux="generic")
    assert refused.value.fix == "correct it, or unset CONDA_OVERRIDE_LINUX."


def test_an_override_of_linux_keeps_the_kernels_own_version_alone() -> None:
    assert names("linux-64", linux="6.8.0-100-generic")["__linux"].version == "6.8.0"


def test_no_override_touches_unix() -> None:
    assert names("linux-64", unix="3")["__unix"].version == "0"
    assert "__unix" in names("linux-64", unix="")


def test_an_override_of_another_platform_counts_there_and_nowhere_else() -> None:
    assert names("osx-64", osx="11.0")["__osx"].version == "11.0"
    assert "__osx" not in names("linux-64", osx="11.0")
    assert "__glibc" not in names("osx-64", glibc="2.28")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("glibc", "!!"), ("cuda", "new one"), ("archspec", "a b"), ("cuda_arch", "90a")],
        *[("linux", "5"), ("linux", "generic")],
    ],
)
def test_an_override_that_is_no_version_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidOverride, match=f"CONDA_OVERRIDE_{name.upper()}"):
        names("linux-64", **{"cuda": "12.0", name: value})


def test_the_driver_gives_cuda_and_the_lowest_capability_of_its_devices() -> None:
    found = detect("linux-64", cuda=a_driver)
    assert VirtualPackage("__cuda", "12.4") in found
    assert VirtualPackage("__cuda_arch", "9.0") in found


def test_cuda_arch_is_absent_where_cuda_is() -> None:
    assert "__cuda_arch" not in names("linux-64", cuda_arch="9.0")
    hidden = detect("linux-64", {"__cuda": "", "__cuda_arch": "9.0"}, cuda=never)
    assert not [each for each in hidden if "cuda" in each.name]


def test_cuda_arch_can_be_overridden_and_emptied_by_itself() -> None:
    found = detect("linux-64", {"__cuda_arch": "8.0"}, cuda=a_driver)
    assert VirtualPackage("__cuda_arch", "8.0") in found
    emptied = detect("linux-64", {"__cuda_arch": ""}, cuda=a_driver)
    assert [each.name for each in emptied if "cuda" in each.name] == ["__cuda"]


def test_the_driver_is_not_asked_when_overrides_say_everything() -> None:
    told = detect("linux-64", {"__cuda": "12.0", "__cuda_arch": "9.0"}, cuda=never)
    assert {"__cuda", "__cuda_arch"} <= {package.name for package in told}
    without = detect("linux-64", {"__cuda": ""}, cuda=never)
    assert "__cuda" not in {package.name for package in without}


def test_packages_come_in_name_order_each_once() -> None:
    found = [package.name for package in detect("linux-64", cuda=a_driver)]
    assert found == sorted(set(found))


@ON_LINUX
def test_a_driver_is_found_on_the_loaders_path_without_loading_it(tmp_path: Path) -> None:
    nothing = tmp_path / "no-cache"
    assert find_driver((), (), nothing) == ""
    (tmp_path / "libcuda.so.1").write_bytes(b"never loaded")
    assert find_driver([str(tmp_path)], (), nothing) == f"{tmp_path}/libcuda.so.1"
    cache = tmp_path / "ld.so.cache"
    cache.write_bytes(b"...\0libcuda.so.1\0/opt/driver/libcuda.so.1\0")
    assert find_driver((), (), cache) == "libcuda.so.1"


@ON_LINUX
def test_a_driver_that_is_damaged_or_no_driver_at_all_counts_as_none(tmp_path: Path) -> None:
    damaged = tmp_path / "libcuda.so.1"
    damaged.write_bytes(b"\x7fELF and then nothing")
    assert ask_driver(str(damaged)) is None
    assert ask_driver("libc.so.6") is None  # a library, but without cuInit


DRIVER = """
int cuInit(unsigned flags) { %s }
int cuDriverGetVersion(int *version) { *version = 12040; return 0; }
int cuDeviceGetCount(int *count) { *count = %d; return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    *value = attribute == 75 ? 9 - device : 6 * device;  /* 9.0, then 8.6 */
    return 0;
}
"""


@ON_LINUX
@pytest.mark.skipif(
    not shutil.which("cc"), reason="the stand-in for a driver is made by a C compiler"
)
@pytest.mark.parametrize(
    ("start", "devices", "expected"),
    [
        ("return 0;", 2, Cuda("12.4", "8.6")),
        ("return 0;", 1, Cuda("12.4", "9.0")),
        ("return 0;", 0, Cuda("12.4", "")),
        ("return 100;", 1, None),
        ("__builtin_trap();", 1, None),
        ("for (;;) ;", 1, None),
    ],
    ids=["two devices", "one device", "no device", "does not start", "crashes", "hangs"],
)
def test_a_driver_is_asked_in_a_child_that_may_crash_or_hang(
    tmp_path: Path, start: str, devices: int, expected: Cuda | None
) -> None:
    source, library = tmp_path / "driver.c", tmp_path / "libcuda.so.1"
    source.write_text(DRIVER % (start, devices))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    assert ask_driver(str(library), time_limit=2.0) == expected


def test_macos_tells_its_version_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "SystemVersion.plist"
    path.write_text(
        '<?xml version="1.0"?><plist version="1.0"><dict>'
        "<key>ProductVersion</key><string>14.6.1</string></dict></plist>"
    )
    assert operating_system.macos_version((tmp_path / "absent", path)) == "14.6"
    path.write_text("damaged")
    assert operating_system.macos_version((path,)) == ""


@ON_LINUX
def test_musl_tells_its_version_when_its_loader_is_run(tmp_path: Path) -> None:
    assert operating_system.musl_version(tmp_path) == ""
    loader = tmp_path / "ld-musl-x86_64.so.1"
    loader.write_text("#!/bin/sh\nprintf 'musl libc (x86_64)\\nVersion 1.2.5\\n' >&2; exit 1\n")
    loader.chmod(0o755)
    assert operating_system.musl_version(tmp_path) == "1.2.5"


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("6.8.0-45-generic", "6.8.0"),
        ("5.15.153.1-microsoft-standard-WSL2", "5.15.153.1"),
        ("?", ""),
    ],
)
def test_the_kernels_version_is_its_upstream_part(
    release: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating_system, "kernel_release", lambda: release)
    assert operating_system.kernel_version() == version
