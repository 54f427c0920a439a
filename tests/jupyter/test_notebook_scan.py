"""What the cells of a notebook import, and which of it is missing; and who hides whom."""

import json
import sys
from pathlib import Path

import pytest

from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.notebook_scan import imports_of_cells, imports_of_file, is_found
from xconda_jupyter.kernel.shadowing import find_other_library, find_shadow


@pytest.mark.parametrize(
    ("cell", "missing"),
    [
        ("import nonesuch", ["nonesuch"]),
        ("import os, json", []),
        ("from nonesuch.inner import x", ["nonesuch.inner"]),
        ("import json.nonesuch", []),  # json is a package that may make the name itself
        ("from . import beside", []),
        ("def f():\n    import nonesuch", ["nonesuch"]),
        ("try:\n    import nonesuch\nexcept ImportError:\n    pass", []),
        ("try:\n    import nonesuch\nfinally:\n    pass", ["nonesuch"]),
        ("from google import protobuf9", ["google.protobuf9"]),
        ("if TYPE_CHECKING:\n    import nonesuch", []),
        ("%matplotlib inline\n!ls\nimport nonesuch", ["nonesuch"]),
        ("%%bash\nimport nonesuch", []),
        ("x = 1; import nonesuch as n; y = 2", ["nonesuch"]),
    ],
)
def test_what_a_cell_needs_is_found_missing(cell: str, missing: list[str]) -> None:
    assert imports_of_cells([cell]).missing() == missing


def test_a_module_needed_once_and_optional_once_is_needed() -> None:
    optional = "try:\n    import nonesuch\nexcept ImportError:\n    pass"
    assert imports_of_cells([optional, "import nonesuch"]).missing() == ["nonesuch"]


def test_a_cell_that_is_no_python_is_counted_and_the_others_are_read() -> None:
    found = imports_of_cells(["SELECT * FROM t", "import nonesuch"])
    assert (found.unread, found.missing()) == (1, ["nonesuch"])


def test_a_notebook_file_is_read_and_modules_beside_it_are_found(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "import nothing"},
        {"cell_type": "code", "source": ["import beside\n", "import nonesuch"]},
    ]
    (tmp_path / "beside.py").touch()
    (tmp_path / "work.ipynb").write_text(json.dumps({"cells": cells}))
    imports = imports_of_file(str(tmp_path / "work.ipynb"))
    assert imports.missing(str(tmp_path)) == ["nonesuch"]


@pytest.mark.parametrize("text", ["", "[]", '{"cells": [{}]}', '{"cells": 3}'])
def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.ipynb").write_text(text)
    with pytest.raises(XcondaFailed, match="no notebook"):
        imports_of_file(str(tmp_path / "bad.ipynb"))


def test_a_submodule_of_a_plain_module_is_not_found_without_importing_it() -> None:
    assert is_found("xml.etree.ElementTree")
    assert not is_found("nonesuch.inner")


def test_a_file_beside_the_notebook_that_hides_a_module_is_named(tmp_path: Path) -> None:
    (tmp_path / "json.py").touch()
    shadow = find_shadow("json.decoder", [str(tmp_path), *sys.path])
    assert shadow is not None
    assert shadow.loaded == str(tmp_path / "json.py")
    assert "Rename it" in shadow.words
    assert find_shadow("json", sys.path) is None


def test_a_module_that_pythonpath_brings_is_blamed_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shadow = find_shadow("json", [str(tmp_path), *sys.path])
    assert shadow is not None
    assert "It comes from PYTHONPATH" in shadow.words


def test_a_module_of_the_user_site_is_blamed_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").touch()
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr("site.getusersitepackages", lambda: str(tmp_path))
    shadow = find_shadow("json", [str(tmp_path), *sys.path])
    assert shadow is not None
    assert "It is in your user site" in shadow.words
    assert "`python -m pip uninstall json` there, or set PYTHONNOUSERSITE=1" in shadow.words


def test_a_project_of_the_user_site_is_named_as_pip_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "PyJSON-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: PyJSON\nVersion: 1.0\n")
    (facts / "RECORD").write_text("json/__init__.py,,\n")
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "__init__.py").touch()
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr("site.getusersitepackages", lambda: str(tmp_path))

    shadow = find_shadow("json", [str(tmp_path), *sys.path])

    assert shadow is not None
    assert "`python -m pip uninstall PyJSON` there" in shadow.words


def test_a_library_that_ld_library_path_puts_first_is_blamed_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("env/lib", "foreign"):
        (tmp_path / place).mkdir(parents=True)
        for name in ("libaaa.so.1", "libcrypto.so.3"):
            (tmp_path / place / name).touch()
    monkeypatch.setattr("sys.prefix", str(tmp_path / "env"))
    foreign = str(tmp_path / "foreign" / "libcrypto.so.3")
    failure = ImportError(
        f"{foreign}: version `OPENSSL_3.3' not found", name="_ssl", path="/env/lib/_ssl.so"
    )
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere:{tmp_path}/env/lib:{tmp_path}/foreign")

    shadow = find_other_library(failure)

    assert shadow is not None
    assert (shadow.module, shadow.loaded) == ("_ssl", foreign)
    assert shadow.hidden == str(tmp_path / "env" / "lib" / "libcrypto.so.3")
    assert "LD_LIBRARY_PATH: unset it" in shadow.words
    assert find_other_library(ImportError("no name", name="json", path="/json.py")) is None
    monkeypatch.delenv("LD_LIBRARY_PATH")
    assert find_other_library(failure) is None


def test_a_module_that_pythonhome_leads_away_from_is_blamed_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = "python{}.{}".format(*sys.version_info[:2])
    (tmp_path / "env" / "conda-meta").mkdir(parents=True)
    site = tmp_path / "env" / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (site / "onlyhere.py").touch()
    monkeypatch.setattr("sys.executable", str(tmp_path / "env" / "bin" / "python"))
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")

    shadow = find_shadow("onlyhere", sys.path)

    assert shadow is not None
    assert shadow.hidden == str(site / "onlyhere.py")
    assert "PYTHONHOME leads Python to /elsewhere: unset PYTHONHOME" in shadow.words
    assert find_shadow("nonesuch", sys.path) is None
    monkeypatch.setenv("PYTHONHOME", str(tmp_path / "env"))
    assert find_shadow("onlyhere", sys.path) is None
