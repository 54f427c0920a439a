"""Which Python projects are found beside conda's packages, whatever told of them."""

from pathlib import Path

import pytest

from xconda_core.environment.python_packages import (
    PythonPackages,
    read_projects,
    read_python_packages,
)
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.python_package import (
    canonical_name,
    conda_name,
    conda_version,
    project_name,
)

SITE = "lib/python3.12/site-packages"


def a_record(name: str, version: str = "1.0", files: tuple[str, ...] = ()) -> PrefixRecord:
    record = PackageRecord(name=name, version=version, build="0", channel="c", subdir="linux-64")
    return PrefixRecord(record=record, files=files)


def found(prefix: Path, *records: PrefixRecord) -> PythonPackages:
    installed = {"python": a_record("python", "3.12.1")} | {each.name: each for each in records}
    return read_python_packages(prefix, installed)


def write(prefix: Path, path: str, text: str) -> None:
    place = prefix / SITE / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\nRequires-Dist: a>=1\n\nName: not this\n"


def test_a_wheel_an_egg_and_a_checkout_are_found(tmp_path: Path) -> None:
    write(tmp_path, "Flask_Thing-1.0.dist-info/METADATA", METADATA.format("Flask_Thing", "1.0"))
    write(tmp_path, "eggy-2.0-py3.12.egg-info/PKG-INFO", METADATA.format("eggy", "2.0"))
    write(tmp_path, "distutils_old-3.0-py3.12.egg-info", METADATA.format("distutils-old", "3.0"))
    source = tmp_path / "checkout"
    (source / "mine.egg-info").mkdir(parents=True)
    (source / "mine.egg-info" / "PKG-INFO").write_text(METADATA.format("mine", "4.0"))
    write(tmp_path, "mine.egg-link", f"{source}\n.")

    packages = found(tmp_path).packages

    assert {name: (each.version, each.kind) for name, each in packages.items()} == {
        "distutils-old": ("3.0", "egg-info"),
        "eggy": ("2.0", "egg-info"),
        "flask-thing": ("1.0", "dist-info"),
        "mine": ("4.0", "egg-link"),
    }
    assert packages["mine"].source == str(source)
    assert packages["mine"].record.channel_name == "<develop>"
    assert packages["eggy"].requires == ("a>=1",)
    assert packages["eggy"].record.dist_name == "eggy-2.0-pypi_0"


def test_projects_of_a_folder_that_is_no_environments_are_told_whatever_their_metadata(
    tmp_path: Path,
) -> None:
    write(tmp_path, "one-1.0.dist-info/METADATA", METADATA.format("one", "1.0"))
    write(tmp_path, "two-2.0.egg-info/PKG-INFO", METADATA.format("two", "2.0"))
    write(tmp_path, "bad-2.0.dist-info/METADATA", "")
    write(tmp_path, "src/three.egg-info/PKG-INFO", METADATA.format("three", "3.0"))
    write(tmp_path, "three.egg-link", str(tmp_path / SITE / "src"))

    told = {each.project: each.version for each in read_projects(str(tmp_path / SITE))}

    assert told == {"one": "1.0", "two": "2.0", "three": "3.0"}
    assert list(read_projects("/nowhere")) == []


def test_what_a_conda_package_owns_is_not_foreign(tmp_path: Path) -> None:
    write(tmp_path, "numpy-2.0.dist-info/METADATA", METADATA.format("numpy", "2.0"))
    write(tmp_path, "old-1.0.egg-info", METADATA.format("old", "1.0"))
    owner = a_record(
        "numpy", files=(f"{SITE}/numpy-2.0.dist-info/METADATA", f"{SITE}/old-1.0.egg-info")
    )

    assert found(tmp_path, owner) == PythonPackages()


@pytest.mark.parametrize("text", ["", "Name: x\n", "Version: 1\n", "\nName: x\nVersion: 1\n"])
def test_broken_metadata_is_said_and_passed_over(tmp_path: Path, text: str) -> None:
    write(tmp_path, "broken-1.dist-info/METADATA", text)
    write(tmp_path, "fine-1.dist-info/METADATA", METADATA.format("fine", "1"))

    read = found(tmp_path)

    assert list(read.packages) == ["fine"]
    assert [problem.partition(" ")[0] for problem in read.problems] == [
        f"{SITE}/broken-1.dist-info"
    ]


def test_what_pip_could_not_remove_is_no_project(tmp_path: Path) -> None:
    write(tmp_path, "~umpy-1.0.dist-info/METADATA", METADATA.format("numpy", "1.0"))

    assert found(tmp_path) == PythonPackages()


def test_a_link_to_nowhere_is_said(tmp_path: Path) -> None:
    write(tmp_path, "gone.egg-link", "/nowhere/at/all\n")
    write(tmp_path, "empty.egg-link", "")

    assert len(found(tmp_path).problems) == 2


def test_without_python_there_are_no_projects(tmp_path: Path) -> None:
    write(tmp_path, "solo-1.dist-info/METADATA", METADATA.format("solo", "1"))

    assert read_python_packages(tmp_path, {}) == PythonPackages()


def test_names_go_both_ways() -> None:
    assert canonical_name("Ruamel.Yaml") == canonical_name("ruamel_yaml") == "ruamel-yaml"
    assert conda_name("torch") == "pytorch"
    assert project_name("pytorch") == "torch"
    assert conda_name("NumPy") == project_name("numpy") == "numpy"
    assert project_name("typing_extensions") == conda_name("typing-extensions")


@pytest.mark.parametrize(
    ("version", "conda"),
    [("1.0", "1.0"), ("v1.0", "1.0"), ("1.0-2", "1.0.post2"), ("1.0+cu-118", "1.0+cu_118")],
)
def test_versions_are_spelt_as_conda_reads_them(version: str, conda: str) -> None:
    assert conda_version(version) == conda
