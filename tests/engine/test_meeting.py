"""What a notebook asks for is held against what is installed, package by package."""

import json
from pathlib import Path

import pytest

from xconda_core.engine.meeting import code_cells, requirements_of
from xconda_core.models.package_record import PackageRecord


def installed(**versions: str) -> dict[str, PackageRecord]:
    return {
        name: PackageRecord(name=name, version=version, build="0")
        for name, version in versions.items()
    }


def script(*lines: str) -> list[str]:
    return ["\n".join(["# /// script", *(f"# {line}" for line in lines), "# ///"])]


def test_python_projects_are_found_whoever_installed_them(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.12" / "site-packages"
    (packages / "Scikit_Learn-1.5.0.dist-info").mkdir(parents=True)
    asked = script("dependencies = ['scikit-learn>=1.4', 'scikit.learn<1', 'gone', 'a>']")
    found = requirements_of(asked, tmp_path, {})
    assert [(each.is_met, each.found) for each in found] == [
        (True, "scikit-learn 1.5.0"),
        (False, "scikit.learn 1.5.0"),
        (False, ""),
        (None, ""),
    ]
    assert found[1].fix == "scikit.learn<1"


def test_a_requirement_for_another_platform_is_not_asked_for(tmp_path: Path) -> None:
    asked = script("dependencies = [\"pywin32; sys_platform == 'win32'\"]")
    assert requirements_of(asked, tmp_path, {}) == ()


def test_conda_packages_and_python_are_compared_by_their_own_rules(tmp_path: Path) -> None:
    asked = script(
        "requires-python = '>=3.13'", "[tool.pixi.dependencies]", "gdal = '3.*'", "zlib = '<1'"
    )
    found = requirements_of(asked, tmp_path, installed(python="3.12.1", gdal="3.9", zlib="1.3"))
    assert [(each.text, each.is_met, each.found) for each in found] == [
        ("gdal[version='3.*']", True, "gdal 3.9"),
        ("zlib[version='<1']", False, "zlib 1.3"),
        ("python >=3.13", False, "python 3.12.1"),
    ]


@pytest.mark.parametrize("text", ["", "{}", "[]", json.dumps({"cells": [{}]})])
def test_a_file_that_is_no_notebook_asks_for_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ipynb").write_text(text)
    assert code_cells(tmp_path / "a.ipynb") == ()


def test_only_code_cells_count(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "source": ["a\n", "b"]},
        {"cell_type": "markdown", "source": "c"},
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    assert code_cells(tmp_path / "a.ipynb") == ("a\nb",)
