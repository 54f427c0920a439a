"""A wheel becomes the package that conda-forge would make of it."""

import csv
import hashlib
import sys
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from xconda_core.package_cache.package_writer import PLACEHOLDER
from xconda_core.testing.interpreter import Interpreter, probe
from xconda_core.testing.python_package import StagedPackage
from xconda_core.testing.wheel import WheelNotUnderstood, read_wheel
from xconda_core.testing.wheel_package import wheel_package

METADATA = """\
Metadata-Version: 2.4
Name: Some_Tool
Version: 1.5
Summary: Does things
License-Expression: MIT
Requires-Python: >=3.9
Requires-Dist: numpy<3,>=2
Requires-Dist: colorama; sys_platform == "win32"
Project-URL: Source, https://example.org/source
Project-URL: Homepage, https://example.org

A long description.
"""
ENTRY_POINTS = "[console_scripts]\nsome-tool = some_tool.cli:main [extra]\n[other]\nx = y\n"


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return probe(Path(sys.executable))


def a_wheel(folder: Path, tag: str, files: Mapping[str, bytes], metadata: str = METADATA) -> Path:
    path = folder / f"some_tool-1.5-{tag}.whl"
    info = "some_tool-1.5.dist-info"
    about = f"Wheel-Version: 1.0\nRoot-Is-Purelib: {str('any' in tag).lower()}\nTag: {tag}\n"
    contents = {
        **files,
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": about.encode(),
        f"{info}/entry_points.txt": ENTRY_POINTS.encode(),
        f"{info}/licenses/LICENSE": b"MIT\n",
        f"{info}/RECORD": b"",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 2, 3, 4, 5, 6)), content)
    return path


def converted(wheel: Path, interpreter: Interpreter, stage: Path) -> StagedPackage:
    return wheel_package(read_wheel(wheel), interpreter, stage, "libstdcxx >=6")


def paths(package: StagedPackage) -> dict[str, bytes]:
    return {entry.path: entry.read() for entry in package.files}


FILES = {
    "some_tool/__init__.py": b"x = 1\n",
    "some_tool-1.5.data/scripts/run-it": b"#!python\nimport some_tool\n",
    "some_tool-1.5.data/data/share/some-tool/data.txt": b"data\n",
    "some_tool-1.5.data/headers/some.h": b"int x;\n",
}


def test_a_pure_wheel_is_noarch_python(tmp_path: Path, interpreter: Interpreter) -> None:
    wheel = a_wheel(tmp_path, "py3-none-any", FILES)

    package = converted(wheel, interpreter, tmp_path / "stage")
    metadata = package.metadata

    assert (metadata.name, metadata.version) == ("some-tool", "1.5")
    assert (metadata.noarch, metadata.subdir) == ("python", "noarch")
    assert metadata.depends == ("numpy >=2,<3.0a0", "python >=3.9")
    assert metadata.entry_points == ("some-tool = some_tool.cli:main",)
    assert metadata.license == "MIT"
    assert metadata.about == {
        "summary": "Does things",
        "home": "https://example.org",
        "dev_url": "https://example.org/source",
    }
    assert metadata.licenses == {"LICENSE": b"MIT\n"}
    assert metadata.timestamp == 1_706_933_106_000
    assert {
        "site-packages/some_tool/__init__.py",
        "python-scripts/run-it",
        "share/some-tool/data.txt",
        "include/some-tool/some.h",
        "site-packages/some_tool-1.5.dist-info/METADATA",
    } <= set(paths(package))
    assert not any(path.endswith(".pyc") for path in paths(package))


def test_scripts_name_the_environments_python(tmp_path: Path, interpreter: Interpreter) -> None:
    package = converted(a_wheel(tmp_path, "py3-none-any", FILES), interpreter, tmp_path / "stage")

    script = paths(package)["python-scripts/run-it"]

    assert script == f"#!{PLACEHOLDER}/bin/python\nimport some_tool\n".encode()
    assert [entry.path for entry in package.files if entry.executable] == ["python-scripts/run-it"]


def test_pip_sees_a_complete_installation_by_conda(
    tmp_path: Path, interpreter: Interpreter
) -> None:
    found = paths(
        converted(a_wheel(tmp_path, "py3-none-any", FILES), interpreter, tmp_path / "stage")
    )
    info = "site-packages/some_tool-1.5.dist-info"
    record = {row[0]: row for row in csv.reader(found[f"{info}/RECORD"].decode().splitlines())}

    assert found[f"{info}/INSTALLER"] == b"conda\n"
    inside = {path.removeprefix("site-packages/") for path in found if path.startswith("site-p")}
    assert set(record) == inside | {"../../../bin/some-tool"}
    digest = urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).rstrip(b"=").decode()
    assert record["some_tool/__init__.py"][1:] == [f"sha256={digest}", "6"]


def test_a_compiled_wheel_belongs_to_one_python(tmp_path: Path, interpreter: Interpreter) -> None:
    abi, short = interpreter.abi_tag, interpreter.short_version
    wheel = a_wheel(tmp_path, f"{abi}-{abi}-manylinux_2_17_x86_64", FILES)

    package = converted(wheel, interpreter, tmp_path / "stage")
    found = paths(package)

    assert package.metadata.noarch is None
    assert package.metadata.subdir == interpreter.subdir
    assert package.metadata.build.startswith("py" + abi.removeprefix("cp"))
    assert package.metadata.depends == (
        "__glibc >=2.17,<3.0.a0",
        "numpy >=2,<3.0a0",
        f"python >={short},<{interpreter.next_version}.0a0",
        f"python_abi {short}.* *_{abi}",
    )
    site_packages = interpreter.site_packages
    assert f"{site_packages}/some_tool/__init__.py" in found
    tag = abi.replace("cp", "cpython-")
    assert f"{site_packages}/some_tool/__pycache__/__init__.{tag}.pyc" in found
    assert found["bin/some-tool"].startswith(f"#!{PLACEHOLDER}/bin/python\n".encode())
    assert b"from some_tool.cli import main" in found["bin/some-tool"]
    assert package.metadata.entry_points == ()


def test_the_stable_abi_fits_every_later_python(tmp_path: Path, interpreter: Interpreter) -> None:
    wheel = a_wheel(tmp_path, "cp310-abi3-manylinux2014_x86_64", FILES)

    metadata = converted(wheel, interpreter, tmp_path / "stage").metadata

    assert (metadata.noarch, metadata.subdir) == ("python", interpreter.subdir)
    assert "python >=3.9,>=3.10" in metadata.depends
    assert "__glibc >=2.17,<3.0.a0" in metadata.depends
    assert not any(spec.startswith("python_abi") for spec in metadata.depends)


def test_a_wheel_that_links_the_cpp_library_depends_on_it(
    tmp_path: Path, interpreter: Interpreter
) -> None:
    runtime = next((lib for lib in interpreter.gcc_runtime if "stdc++" in lib.name), None)
    if runtime is None:
        pytest.skip("this machine has no C++ library")
    # The C++ library itself needs GCC's runtime, so it will do for a compiled extension.
    files = {**FILES, "some_tool/_fast.abi3.so": runtime.read_bytes()}
    wheel = a_wheel(tmp_path, "cp310-abi3-manylinux_2_28_x86_64", files)

    metadata = converted(wheel, interpreter, tmp_path / "stage").metadata

    assert "libstdcxx >=6" in metadata.depends


def test_markers_are_those_of_the_packaged_python(tmp_path: Path, interpreter: Interpreter) -> None:
    older = replace(interpreter, version="3.11.0")
    text = METADATA.replace('sys_platform == "win32"', 'python_full_version < "3.11.1"')
    wheel = a_wheel(tmp_path, "py3-none-any", FILES, text)

    assert "colorama" in converted(wheel, older, tmp_path / "one").metadata.depends


@pytest.mark.parametrize(
    "damage",
    [lambda path: path.write_bytes(b"PK"), lambda path: zipfile.ZipFile(path, "w").close()],
    ids=["no zip", "empty zip"],
)
def test_what_is_no_wheel_is_refused_by_name(tmp_path: Path, damage: object) -> None:
    path = a_wheel(tmp_path, "py3-none-any", FILES)
    assert callable(damage)
    damage(path)

    with pytest.raises(WheelNotUnderstood, match=r"some_tool-1\.5-py3-none-any"):
        read_wheel(path)
