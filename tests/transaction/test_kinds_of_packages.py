"""Packages of every kind, old ones too, in a real prefix."""

import os
import sys

import pytest

from tests.transaction.conftest import Workbench
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.transaction.plan import plan_operations
from xconda_core.transaction.python_layout import SitePackagesElsewhere, relinked_names
from xconda_core.values import replace


def test_an_extension_for_any_python_is_linked_as_noarch_python_although_it_has_a_platform(
    bench: Workbench,
) -> None:
    """CEP 20: ``noarch: python`` in a package of a platform; its extension is of the stable ABI."""
    files = [
        PackageFile(path="site-packages/ext/__init__.py", content=b"A = 1\n"),
        PackageFile(path="site-packages/ext/core.abi3.so", content=b"\x7fELF"),
        PackageFile(path="lib/libext.so", content=b"\x7fELF"),
    ]
    package = bench.package("ext", "1.0", *files, subdir="linux-64", noarch="python")
    bench.bring(bench.python("3.11.2"), package)
    assert (bench.prefix / "lib/python3.11/site-packages/ext/core.abi3.so").exists()
    newer = bench.python("3.12.1")
    wanted = {"python": newer, "ext": package}
    again = relinked_names(bench.state(), wanted)
    plan = bench.plan(newer, package)
    steps = plan_operations(bench.state(), wanted, {}, reinstall=again)
    bench.run(replace(plan, operations=steps))
    moved = bench.prefix / "lib/python3.12/site-packages/ext"
    assert (moved / "core.abi3.so").exists()
    assert (bench.prefix / "lib/libext.so").exists()
    assert not (bench.prefix / "lib/python3.11/site-packages/ext").exists()


def test_after_a_minor_change_of_python_commands_and_byte_code_are_remade(bench: Workbench) -> None:
    pure = bench.package(
        "pure",
        "1",
        PackageFile(path="site-packages/pure.py", content=b"def main(): pass\n"),
        noarch="python",
        entry_points=("pure = pure:main",),
    )
    minor = sys.version_info[1]
    old, new = bench.python("3.2.1"), bench.python()
    bench.bring(old, pure, byte_code=False)
    before = (bench.prefix / "bin/pure").read_text()
    wanted = {"python": new, "pure": pure}

    steps = plan_operations(bench.state(), wanted, {}, relinked_names(bench.state(), wanted))
    bench.run(replace(bench.plan(new, pure), operations=steps))

    after = (bench.prefix / "bin/pure").read_text()
    assert before.startswith(f"#!{bench.prefix}/bin/python3.2\n")
    assert after.startswith(f"#!{bench.prefix}/bin/python3.{minor}\n")
    site = bench.prefix / f"lib/python3.{minor}/site-packages"
    assert (site / f"__pycache__/pure.cpython-3{minor}.pyc").is_file()
    assert not (bench.prefix / "lib/python3.2").exists()


def test_a_python_may_keep_its_site_packages_where_it_says(bench: Workbench) -> None:
    """CEP 17: ``python_site_packages_path`` of the package ``python`` decides."""
    python = bench.python("3.13.1")
    free = replace(python, python_site_packages_path="lib/python3.13t/site-packages")
    source = PackageFile(path="site-packages/lib.py", content=b"A = 1\n")
    bench.bring(free, bench.package("lib", "1.0", source, noarch="python"))
    assert (bench.prefix / "lib/python3.13t/site-packages/lib.py").exists()
    assert not (bench.prefix / "lib/python3.13").exists()


def test_a_python_that_keeps_its_site_packages_elsewhere_is_not_linked(bench: Workbench) -> None:
    python = replace(bench.python("3.13.1"), python_site_packages_path="../elsewhere")
    with pytest.raises(SitePackagesElsewhere):
        bench.bring(python)
    assert not any(path.startswith("conda-meta/python") for path in bench.snapshot())


def test_a_package_from_before_paths_json_is_linked_and_leaves_wholly(bench: Workbench) -> None:
    """Placeholders by name alone or with their mode, files to be copied, and links."""
    package = bench.package("old", "1.0", PackageFile(path="share/plain", content=b"p"))
    folder = bench.pkgs / "old-1.0-0"
    (folder / "info/paths.json").unlink()
    (folder / "bin").mkdir()
    (folder / "bin/text").write_text("#!/opt/anaconda1anaconda2anaconda3/bin/sh\n")
    (folder / "bin/program").write_bytes(b"/a/very/long/build/prefix" + b"x" * 200 + b"\0rest")
    (folder / "share/copied").write_text("c")
    (folder / "share/link").symlink_to("plain")
    lists = {
        "files": "bin/text\nbin/program\nshare/plain\nshare/copied\nshare/link\n",
        "has_prefix": f"bin/text\n/a/very/long/build/prefix{'x' * 200} binary bin/program\n",
        "no_link": "share/copied\n",
    }
    for name, text in lists.items():
        (folder / "info" / name).write_text(text)
    bench.bring(package)
    assert bench.read("bin/text") == f"#!{bench.prefix}/bin/sh\n"
    program = (bench.prefix / "bin/program").read_bytes()
    assert program.startswith(os.fsencode(bench.prefix) + b"\0")
    assert program.endswith(b"\0rest")
    assert len(program) == 25 + 200 + 5
    assert (bench.prefix / "share/copied").stat().st_nlink == 1
    assert (bench.prefix / "share/plain").stat().st_nlink == 2
    assert os.readlink(bench.prefix / "share/link") == "plain"
    bench.bring()
    assert {path for path in bench.snapshot() if not path.startswith("conda-meta")} == set()


def test_a_package_without_files_is_a_record_and_nothing_else(bench: Workbench) -> None:
    bench.bring(bench.package("meta"))
    assert bench.state().installed["meta"].files == ()
    assert {path for path in bench.snapshot() if not path.startswith("conda-meta")} == set()
