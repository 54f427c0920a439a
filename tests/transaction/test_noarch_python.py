"""Paths, byte code and commands of ``noarch: python`` packages."""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.noarch_python import (
    BadEntryPoint,
    EntryPoint,
    entry_point_script,
    noarch_path,
    parse_entry_point,
    pyc_path,
    shebang_for,
)
from xconda_core.transaction.python_layout import (
    SitePackagesElsewhere,
    layout_of,
    refuse_site_packages_elsewhere,
    relinked_names,
)


def a_python(version: str, site_packages: str | None = None) -> PackageRecord:
    return PackageRecord(
        name="python", version=version, build="0", python_site_packages_path=site_packages
    )


def test_the_python_package_may_say_where_its_site_packages_are() -> None:
    layout = layout_of(a_python("3.13.1", "lib/python3.13t/site-packages"), "linux-64")

    assert noarch_path("site-packages/a.py", layout) == "lib/python3.13t/site-packages/a.py"


@pytest.mark.parametrize(
    "path",
    ["../../home", "lib/../../home", "/etc", "..\\home", "C:/home", "C:home", "..", "lib/.."],
)
def test_a_python_whose_site_packages_are_outside_of_the_environment_is_refused(path: str) -> None:
    """CEP 17: the package must not be installed, and the user is told why."""
    with pytest.raises(SitePackagesElsewhere) as refused:
        refuse_site_packages_elsewhere(a_python("3.13.1", path))

    assert repr(path) in str(refused.value)
    installed = layout_of(a_python("3.13.1", path), "linux-64")
    assert installed.site_packages == "lib/python3.13/site-packages"


def test_a_path_to_site_packages_is_taken_without_its_detours() -> None:
    layout = layout_of(a_python("3.13.1", "./lib/python3.13t/x/../site-packages/"), "linux-64")

    assert layout.site_packages == "lib/python3.13t/site-packages"


@pytest.mark.parametrize(("length", "starter"), [(126, "#!/p"), (127, "#!/bin/sh")])
def test_sh_starts_an_interpreter_whose_line_is_as_long_as_conda_has_it_do_so(
    length: int, starter: str
) -> None:
    python = f"/{'p' * (length - 10)}/python"
    assert len(f"#!{python}") == length
    assert shebang_for(python).startswith(starter)


@pytest.mark.parametrize("folder", ['a "b', "a $HOME", "a `b", "a 'b\"''c", "a b"])
def test_a_command_runs_wherever_its_python_is(tmp_path: Path, folder: str) -> None:
    python = tmp_path / folder / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    command = tmp_path / "command"
    command.write_text(f"{shebang_for(str(python))}print('it runs')\n")
    command.chmod(0o755)

    said = subprocess.run([command], check=True, capture_output=True, text=True)

    assert (said.stdout, said.stderr) == ("it runs\n", "")


@pytest.mark.parametrize(
    ("path", "subdir", "wanted"),
    [
        ("site-packages/a/b.py", "linux-64", "lib/python3.12/site-packages/a/b.py"),
        ("python-scripts/run", "osx-arm64", "bin/run"),
        ("site-packages/a.py", "win-64", "Lib/site-packages/a.py"),
        ("python-scripts/run", "win-64", "Scripts/run"),
        ("share/site-packages/a", "linux-64", "share/site-packages/a"),
    ],
)
def test_files_go_where_the_platform_keeps_them(path: str, subdir: str, wanted: str) -> None:
    assert noarch_path(path, layout_of(a_python("3.12.4"), subdir)) == wanted


def test_byte_code_lies_where_python_looks_for_it() -> None:
    assert pyc_path("lib/a.b/c.py", "3.12.1") == "lib/a.b/__pycache__/c.cpython-312.pyc"
    assert pyc_path("top.py", "3.9") == "__pycache__/top.cpython-39.pyc"
    assert pyc_path("lib/a.py", "2.7.18") == "lib/a.pyc"


def test_an_entry_point_may_call_an_attribute() -> None:
    entry = parse_entry_point(" run-it = pkg.mod : App.main ")

    assert entry == EntryPoint("run-it", "pkg.mod", "App.main")
    script = entry_point_script(entry, "/e/bin/python3.12")
    assert script.startswith("#!/e/bin/python3.12\n")
    assert "from pkg.mod import App\n" in script
    assert "sys.exit(App.main())" in script


def test_a_python_that_no_first_line_can_name_is_started_by_sh() -> None:
    entry = EntryPoint("run", "m", "f")

    for python in ("/a b/bin/python3.12", "/" + "p" * 130 + "/bin/python3.12"):
        script = entry_point_script(entry, python)
        assert script.startswith(f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\" #'''\n")
        compile(script, "run", "exec")


@pytest.mark.parametrize(
    "text",
    ["", "a", "a = b", "../a = b:c", "/a = b:c", "a/b = c:d", ".. = b:c", "a = b:c()", "a\n = c"],
)  # fmt: skip
def test_an_entry_point_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadEntryPoint):
        parse_entry_point(text)


def installed(*records: PackageRecord) -> EnvironmentState:
    found = {record.name: PrefixRecord(record=record) for record in records}
    return EnvironmentState(prefix=PurePosixPath("/e"), installed=found)


PURE = PackageRecord(name="pure", version="1", build="0", noarch="python")
OTHER = PackageRecord(name="other", version="1", build="0", noarch="generic")


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        (a_python("3.11.1"), a_python("3.11.9"), set()),
        (a_python("3.11.1"), a_python("3.12.0"), {"pure"}),
        (a_python("3.13.1"), a_python("3.13.1", "lib/python3.13t/site-packages"), {"pure"}),
    ],
)
def test_noarch_packages_are_linked_anew_exactly_when_pythons_place_changes(
    old: PackageRecord, new: PackageRecord, names: set[str]
) -> None:
    wanted = {"python": new, "pure": PURE, "other": OTHER}

    assert relinked_names(installed(old, PURE, OTHER), wanted) == names
