"""Scripts that packages bring: when they run, what they see, and what their failure undoes."""

from typing import Any

import pytest

from xconda_core.events import Noticed
from xconda_core.package_cache.package_writer import PackageFile
from xconda_core.transaction.link_scripts import LinkScriptFailed

Bench = Any  # the workbench of conftest.py, whose module has no name to import it by


def a_file(path: str, content: bytes = b"content", executable: bool = False) -> PackageFile:
    return PackageFile(path=path, content=content, executable=executable)


def script(text: str, path: str) -> PackageFile:
    return a_file(path, f"#!/bin/bash\nset -e\n{text}\n".encode(), executable=True)


def test_scripts_run_with_documented_variables_and_may_leave_a_message(bench: Bench) -> None:
    words = "$PREFIX $PKG_NAME $PKG_VERSION $PKG_BUILDNUM ${CONDA_PREFIX:-no} ${PYTHONPATH:-no}"
    text = f'echo "{words}" > $PREFIX/said\n'
    text += 'echo "$SOURCE_DIR ${PATH%%:*}" >> $PREFIX/said\n'
    text += 'echo "read the manual" >> $PREFIX/.messages.txt'
    one = bench.package("one", "1.5", script(text, "bin/.one-post-link.sh"), build_number=3)

    elsewhere = {"CONDA_PREFIX": "/elsewhere", "PYTHONPATH": "/elsewhere", "HOME": "/root"}
    result = bench.bring(one, environ=elsewhere)

    documented, added = f"{bench.prefix} one 1.5 3 no no", f"{bench.prefix} {bench.prefix}/bin"
    assert bench.read("said") == f"{documented}\n{added}\n"
    assert result.messages == ("read the manual",)
    assert not (bench.prefix / ".messages.txt").exists()


def test_a_script_from_before_linking_is_named_and_not_run(bench: Bench) -> None:
    early = script("touch $PREFIX/early", "bin/.one-pre-link.sh")

    bench.bring(bench.package("one", "1", early))

    assert not (bench.prefix / "early").exists()
    warning = "the pre-link script of one-1-0 is not run: xconda runs none."
    assert Noticed("warning", warning) in bench.events


def test_a_script_runs_before_its_package_leaves(bench: Bench) -> None:
    bye = script("test -f $PREFIX/lib/a && touch $PREFIX/bye", "bin/.one-pre-unlink.sh")
    bench.bring(bench.package("one", "1", bye, a_file("lib/a")))

    bench.bring()

    assert (bench.prefix / "bye").exists()


def test_a_script_finds_what_its_package_needs_when_it_comes_and_when_it_goes(bench: Bench) -> None:
    here = "test -f $PREFIX/lib/needed || exit 1; echo {} >> $PREFIX/order\n"
    comes = script(here.format("came"), "bin/.above-post-link.sh")
    goes = script(here.format("went"), "bin/.above-pre-unlink.sh")
    needed = bench.package("needed", "1", a_file("lib/needed"))
    above = bench.package("above", "1", comes, goes, depends=("needed",))

    bench.bring(above, needed)
    bench.bring()

    assert bench.read("order") == "came\nwent\n"
    assert not (bench.prefix / "lib").exists()


def test_a_failing_script_undoes_everything_and_its_words_are_shown(bench: Bench) -> None:
    bench.bring(bench.package("old", "1", a_file("lib/old")))
    before = bench.snapshot()
    bad = bench.package("bad", "1", script("echo so it goes\nfalse", "bin/.bad-post-link.sh"))

    with pytest.raises(LinkScriptFailed, match="so it goes"):
        bench.bring(bad)

    assert bench.snapshot() == before


def test_a_script_that_does_not_end_is_ended(bench: Bench) -> None:
    slow = bench.package("slow", "1", script("sleep 60", "bin/.slow-post-link.sh"))

    with pytest.raises(LinkScriptFailed, match="more than 0 seconds"):
        bench.bring(slow, script_seconds=0.2)
