"""What a transaction does to a prefix when nothing goes wrong, and when it must not begin."""

import json
import os
import py_compile
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cancel import Cancelled
from xconda_core.events import Noticed, PackageLinked, PackageUnlinked
from xconda_core.files.byte_locks import InUseElsewhere
from xconda_core.files.failures import FileOperationFailed
from xconda_core.files.locks import Locked, locked
from xconda_core.package_cache.package_writer import PLACEHOLDER, PackageFile
from xconda_core.transaction.changes import RecordMisplaced
from xconda_core.transaction.checks import PackagesDamaged
from xconda_core.transaction.contents import BadPackage
from xconda_core.transaction.package_link import PythonMissing
from xconda_core.transaction.plan import plan_operations
from xconda_core.transaction.prefix_rewrite import PrefixTooLong
from xconda_core.transaction.prefix_view import PathInTheWay
from xconda_core.transaction.python_layout import relinked_names
from xconda_core.transaction.result import PlanOutdated

Bench = Any  # the workbench of conftest.py, whose module has no name to import it by


def a_file(path: str, content: bytes = b"content", executable: bool = False) -> PackageFile:
    return PackageFile(path=path, content=content, executable=executable)


def test_plain_files_are_hard_links_and_links_stay_links(bench: Bench) -> None:
    lib = bench.package("lib", "1", a_file("lib/a"), PackageFile(path="lib/b", link_target="a"))

    result = bench.bring(lib)

    assert (bench.prefix / "lib/a").samefile(bench.pkgs / "lib-1-0/lib/a")
    assert os.readlink(bench.prefix / "lib/b") == "a"
    assert list(result.linked) == ["lib"]
    assert result.file_count == 2
    assert (bench.prefix / "conda-meta/history").exists()
    assert not (bench.prefix / "conda-meta/.xconda/transaction").exists()


def test_settings_choose_copies_or_soft_links(new_bench: Callable[[str], Bench]) -> None:
    copied, soft = new_bench("copied"), new_bench("soft")
    lib = copied.package("lib", "1", a_file("lib/a"), PackageFile(path="lib/n", no_link=True))

    copied.bring(lib, always_copy=True)
    soft.bring(lib, always_softlink=True)

    assert not (copied.prefix / "lib/a").samefile(copied.pkgs / "lib-1-0/lib/a")
    assert copied.state().installed["lib"].link_type == 3
    assert os.readlink(soft.prefix / "lib/a") == str(soft.pkgs / "lib-1-0/lib/a")
    assert not (soft.prefix / "lib/n").is_symlink(), "no_link asks for a copy"
    assert soft.state().installed["lib"].link_type == 2


def test_the_prefix_is_written_into_texts_and_programs(bench: Bench) -> None:
    old = PLACEHOLDER.encode()
    lib = bench.package(
        "lib", "1", a_file("bin/run", b"#!" + old + b"/bin/sh\necho " + old + b"\n", True),
        a_file("lib/prog", b"\x7fELF\0" + old + b"/lib\0end"), subdir="linux-64",
    )  # fmt: skip

    bench.bring(lib)

    prefix = str(bench.prefix).encode()
    text = (bench.prefix / "bin/run").read_bytes()
    assert text.endswith(b"echo " + prefix + b"\n")
    assert stat.S_IMODE((bench.prefix / "bin/run").stat().st_mode) == 0o755
    program = (bench.prefix / "lib/prog").read_bytes()
    assert program.startswith(b"\x7fELF\0" + prefix + b"/lib\0")
    assert len(program) == (bench.pkgs / "lib-1-0/lib/prog").stat().st_size
    assert old in (bench.pkgs / "lib-1-0/lib/prog").read_bytes(), "the cache is left alone"


def test_a_prefix_too_long_for_a_program_is_refused_before_anything_is_touched(
    new_bench: Callable[[str], Bench],
) -> None:
    bench = new_bench("long/" * 60 + "env")
    no_string = a_file("lib/q", b"\x7fELF " + PLACEHOLDER.encode())
    bench.bring(bench.package("lib", "1", no_string, subdir="linux-64"))
    before = bench.snapshot()
    bench.events.clear()
    program = a_file("lib/p", b"\x7fELF\0" + PLACEHOLDER.encode() + b"\0")
    lib = bench.package("lib", "2", program, subdir="linux-64")

    with pytest.raises(PrefixTooLong, match="at most 255 bytes") as refusal:
        bench.bring(lib)

    length = len(str(bench.prefix))
    assert f"it has {length} bytes, and lib/p of lib-2-0 has room for 255" in refusal.value.why
    assert bench.events == []
    assert bench.snapshot() == before


def test_noarch_python_goes_where_python_looks_with_commands_and_byte_code(bench: Bench) -> None:
    python = bench.python()
    pure = bench.package(
        "pure", "1", a_file("site-packages/pure.py", b"def main():\n    print('here')\n"),
        a_file("site-packages/template.py", b"def {{ name }}():\n"),
        a_file("python-scripts/tool"), noarch="python", entry_points=("pure-run = pure:main",),
    )  # fmt: skip

    bench.bring(pure, python)

    site = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    files = bench.state().installed["pure"].files
    assert {f"{site}/pure.py", "bin/tool", "bin/pure-run"} <= set(files)
    compiled = [path for path in files if path.endswith(".pyc")]
    assert len(compiled) == 1, "a source that is no Python is passed over"
    assert (bench.prefix / compiled[0]).exists()
    environ = {"PYTHONPATH": str(bench.prefix / site)}
    ran = subprocess.run(
        [bench.prefix / "bin/pure-run"], env=environ, capture_output=True, check=True
    )
    assert ran.stdout == b"here\n"


def test_byte_code_is_what_python_itself_would_have_made(bench: Bench, tmp_path: Path) -> None:
    pure = bench.package("pure", "1", a_file("site-packages/pure.py", b"a = 1\n"), noarch="python")

    bench.bring(pure, bench.python())

    (compiled,) = (p for p in bench.state().installed["pure"].files if p.endswith(".pyc"))
    source = next(bench.prefix.rglob("pure.py"))
    py_compile.compile(str(source), str(tmp_path / "own.pyc"), str(source))
    assert (bench.prefix / compiled).read_bytes() == (tmp_path / "own.pyc").read_bytes()


def test_a_noarch_package_without_python_is_refused(bench: Bench) -> None:
    pure = bench.package("pure", "1", a_file("site-packages/pure.py"), noarch="python")

    with pytest.raises(PythonMissing):
        bench.bring(pure)

    assert not bench.prefix.exists()


def test_a_python_that_does_not_run_here_is_linked_without_byte_code(bench: Bench) -> None:
    python = bench.package("python", "3.11.1", a_file("bin/python3.11", b"\x7fELF of another"))
    pure = bench.package("pure", "1", a_file("site-packages/pure.py"), noarch="python")

    bench.bring(python, pure)

    assert any("does not run here" in e.text for e in bench.events if isinstance(e, Noticed))


def test_a_change_of_pythons_minor_version_moves_noarch_packages(bench: Bench) -> None:
    pure = bench.package("pure", "1", a_file("site-packages/pure.py", b"a = 1\n"), noarch="python")
    generic = bench.package("data", "1", a_file("share/data"), noarch="generic")
    new = bench.python("3.99.0")
    bench.bring(bench.python("3.98.1"), pure, generic)
    wanted = {record.name: record for record in (new, pure, generic)}

    names = relinked_names(bench.state(), wanted)
    operations = plan_operations(bench.state(), wanted, {}, names)
    plan = replace(bench.plan(), operations=operations)
    bench.run(plan)

    assert names == {"pure"}
    assert (bench.prefix / "lib/python3.99/site-packages/pure.py").exists()
    assert not (bench.prefix / "lib/python3.98").exists()


def test_removing_leaves_foreign_files_and_takes_python_s_own_byte_code(bench: Bench) -> None:
    lib = bench.package("lib", "1", a_file("share/d/a.py", b"a = 1\n"), a_file("share/e/b"))
    bench.bring(lib)
    (bench.prefix / "share/e/mine").write_text("the user's")
    py_compile.compile(str(bench.prefix / "share/d/a.py"))

    result = bench.bring()

    assert list(result.unlinked) == ["lib"]
    left = {path for path in bench.snapshot() if not path.startswith("conda-meta")}
    assert left == {"share", "share/e", "share/e/mine"}


def test_dependencies_come_first_and_go_last(bench: Bench) -> None:
    a = bench.package("a", "1", a_file("a"), depends=("b", "c >=1"))
    b = bench.package("b", "1", a_file("b"), depends=("c",))
    c = bench.package("c", "1", a_file("c"))

    bench.bring(a, b, c)
    bench.bring()

    linked = [e.package for e in bench.events if isinstance(e, PackageLinked)]
    unlinked = [e.package for e in bench.events if isinstance(e, PackageUnlinked)]
    assert (linked, unlinked) == (["c", "b", "a"], ["a", "b", "c"])


def test_of_two_packages_with_one_path_the_later_has_it_and_alone_owns_it(bench: Bench) -> None:
    one = bench.package("one", "1", a_file("share/same", b"one"), a_file("share/one"))
    two = bench.package("two", "1", a_file("share/same", b"two"), depends=("one",))

    result = bench.bring(two, one)

    assert bench.read("share/same") == "two"
    assert result.clobbered == {"share/same": "two"}
    assert bench.state().installed["one"].files == ("share/one",)
    bench.bring(two)
    assert bench.read("share/same") == "two", "removing the loser leaves the file"


def test_a_newcomer_takes_a_path_from_an_installed_package_and_from_strangers(
    bench: Bench,
) -> None:
    one = bench.package("one", "1", a_file("share/same", b"one"))
    two = bench.package("two", "1", a_file("share/same", b"two"), a_file("share/own", b"two"))
    bench.bring(one)
    (bench.prefix / "share/own").write_text("a stranger's")

    result = bench.bring(one, two, path_conflict="warn")

    assert (bench.read("share/same"), bench.read("share/own")) == ("two", "two")
    assert result.clobbered == {"share/own": "two", "share/same": "two"}
    warnings = [e.text for e in bench.events if isinstance(e, Noticed)]
    assert warnings == [
        "share/own belonged to no package; it is now two's",
        "share/same belonged to the package one; it is now two's",
    ]


def test_a_file_is_never_put_through_a_link_that_leads_outside(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    bench.bring(bench.package("one", "1", a_file("lib/a")))
    (bench.prefix / "share").symlink_to(tmp_path / "outside")

    with pytest.raises(PathInTheWay, match="outside the environment"):
        bench.bring(bench.package("two", "1", a_file("share/evil")))

    assert list((tmp_path / "outside").iterdir()) == []


def test_a_link_of_one_package_may_be_the_folder_of_another_inside_the_prefix(
    bench: Bench,
) -> None:
    one = bench.package("one", "1", a_file("lib/a"), PackageFile(path="lib64", link_target="lib"))
    two = bench.package("two", "1", a_file("lib64/b", b"two"), depends=("one",))

    bench.bring(one, two)

    assert bench.read("lib/b") == "two"


def test_a_link_of_one_package_never_takes_files_of_another_outside(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    one = bench.package("one", "1", PackageFile(path="d", link_target="x"))
    two = bench.package("two", "1", a_file("d/evil"), depends=("one",))
    # Another tool may have unpacked what we would have refused.
    (bench.pkgs / "one-1-0/d").unlink()
    (bench.pkgs / "one-1-0/d").symlink_to(tmp_path / "outside")

    with pytest.raises(PathInTheWay, match="outside the environment"):
        bench.bring(one, two)

    assert list((tmp_path / "outside").iterdir()) == []
    assert not bench.prefix.exists()


def test_a_folder_with_foreign_files_does_not_give_way_to_a_file(bench: Bench) -> None:
    bench.bring(bench.package("one", "1", a_file("lib/a")))
    (bench.prefix / "share").mkdir()
    (bench.prefix / "share/mine").write_text("the user's")
    before = bench.snapshot()

    with pytest.raises(PathInTheWay):
        bench.bring(bench.package("two", "1", a_file("share")))

    assert bench.snapshot() == before


def test_cancelling_between_packages_puts_everything_back(bench: Bench) -> None:
    bench.bring(bench.package("old", "1", a_file("lib/old")))
    before = bench.snapshot()
    records = [bench.package(name, "1", a_file(f"lib/{name}")) for name in "abc"]
    seen: list[object] = []

    def report(event: object) -> None:
        seen.append(event)
        if isinstance(event, PackageLinked) and event.done == 2:
            bench.cancel.cancel()

    bench.events = type("Reports", (list,), {"append": staticmethod(report)})()
    with pytest.raises(Cancelled):
        bench.bring(*records)

    assert bench.snapshot() == before


def test_a_plan_for_another_state_is_refused(bench: Bench) -> None:
    one, two = bench.package("one", "1", a_file("a")), bench.package("two", "1", a_file("b"))
    plan = bench.plan(one)
    bench.bring(two)
    before = bench.snapshot()

    with pytest.raises(PlanOutdated):
        bench.run(plan)

    assert bench.snapshot() == before


def test_a_prefix_that_another_process_changes_is_left_alone(bench: Bench) -> None:
    one = bench.package("one", "1", a_file("a"))
    lock = bench.prefix / "conda-meta/.xconda/transaction/lock"

    with (
        locked(lock, target=bench.prefix, command="other work", cancel=bench.cancel),
        pytest.raises(Locked, match="other work"),
    ):
        bench.bring(one)


def test_a_prefix_that_cannot_be_written_to_is_said_and_left_alone(
    bench: Bench, tmp_path: Path
) -> None:
    one = bench.package("one", "1", a_file("a"))
    (tmp_path / "file").write_text("")

    for place in (tmp_path / "file/env", Path("/proc/no-folder-can-be-made-here/env")):
        bench.prefix = place
        with pytest.raises(FileOperationFailed, match="Could not change the environment"):
            bench.bring(one)


def test_py_rattler_reads_every_record(bench: Bench) -> None:
    rattler = pytest.importorskip("rattler")
    old = PLACEHOLDER.encode()
    records = (
        bench.python(),
        bench.package("lib", "1", a_file("bin/run", b"#!" + old + b"/x\n"), subdir="linux-64"),
        bench.package("pure", "1", a_file("site-packages/pure.py"), noarch="python",
                      entry_points=("pure = pure:main",)),
    )  # fmt: skip
    bench.run(bench.plan(*records, requested={"pure": "pure >=1"}))

    for path in (bench.prefix / "conda-meta").glob("*.json"):
        read = rattler.PrefixRecord.from_path(path)
        mine = bench.state().installed[read.name.normalized]
        assert [str(file) for file in read.files] == list(mine.files)
        assert read.sha256.hex() == mine.record.sha256
        assert read.requested_spec in {mine.requested_spec, None}
        assert len(read.paths_data.paths) == len(mine.paths)


@pytest.mark.parametrize("absolute", [True, False])
def test_what_a_link_of_the_user_leads_to_is_not_removed(bench: Bench, absolute: bool) -> None:
    lib = bench.package("lib", "1", a_file("share/lib/a"), a_file("share/lib/b"), a_file("lib/c"))
    bench.bring(lib)
    elsewhere = bench.prefix.parent / "elsewhere"
    (bench.prefix / "share/lib").rename(elsewhere)
    (bench.prefix / "share/lib").symlink_to(elsewhere if absolute else "../../elsewhere")

    bench.bring()

    assert sorted(os.listdir(elsewhere)) == ["a", "b"]
    assert not (bench.prefix / "lib/c").exists()
    warnings = [event.text for event in bench.events if isinstance(event, Noticed)]
    assert "share/lib/a and 1 more of lib lead out of the environment, and stay" in warnings


def test_what_a_link_inside_the_prefix_leads_to_is_removed(bench: Bench) -> None:
    lib = bench.package("lib", "1", a_file("share/lib/a"))
    bench.bring(lib)
    (bench.prefix / "share/lib").rename(bench.prefix / "moved")
    (bench.prefix / "share/lib").symlink_to("../moved")

    bench.bring()

    assert not (bench.prefix / "moved/a").exists()


def test_a_record_that_names_files_elsewhere_removes_nothing_there(bench: Bench) -> None:
    bench.bring(bench.package("lib", "1", a_file("lib/a")))
    outside = bench.prefix.parent / "precious"
    outside.touch()
    record = bench.prefix / "conda-meta/lib-1-0.json"
    document = json.loads(record.read_text())
    document["files"] += ["../precious", "lib/../../precious", str(outside)]
    record.write_text(json.dumps(document))

    bench.bring()

    assert outside.exists()
    assert not (bench.prefix / "lib/a").exists()


def test_a_record_in_a_file_of_another_name_is_not_left_behind(bench: Bench) -> None:
    bench.bring(bench.package("lib", "1", a_file("lib/a")))
    (bench.prefix / "conda-meta/lib-1-0.json").rename(bench.prefix / "conda-meta/odd.json")

    with pytest.raises(RecordMisplaced, match="lib-1-0"):
        bench.bring()

    assert (bench.prefix / "lib/a").exists()


def test_a_package_without_its_only_file_is_named(bench: Bench) -> None:
    lib = bench.package("lib", "1", a_file("lib/a"))
    (bench.pkgs / "lib-1-0/lib/a").unlink()

    with pytest.raises(PackagesDamaged, match="lib/a has nothing, its package lists 7 bytes"):
        bench.bring(lib)
    with pytest.raises(BadPackage, match=r"it has no .*lib/a"):
        bench.bring(lib, safety="disabled")

    assert not bench.prefix.exists()


MAMBA = """
import fcntl, sys, time
file = open(sys.argv[1], "a+")
fcntl.lockf(file, fcntl.LOCK_EX, 1, 21)
print("held", flush=True)
time.sleep(60)
"""


def test_an_environment_that_mamba_is_changing_is_left_alone(bench: Bench) -> None:
    bench.bring(bench.package("one"))
    before = bench.snapshot()
    lock = bench.prefix / "conda-meta/conda-meta.lock"
    words = [sys.executable, "-c", MAMBA, str(lock)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as mamba:
        assert mamba.stdout is not None
        mamba.stdout.readline()
        with pytest.raises(InUseElsewhere, match=f"process {mamba.pid}"):
            bench.bring(bench.package("two"))
        mamba.kill()
    lock.unlink()

    assert bench.snapshot() == before
    bench.bring(bench.package("two"))
    assert not lock.exists()
