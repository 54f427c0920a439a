"""A plan is held against the kernel that asks: what it stands on, what it has imported."""

import sys
from pathlib import Path

from xconda_jupyter.kernel.changes import Change
from xconda_jupyter.kernel.running_kernel import afterwards, touched_foundations


def a_change(name: str, old: str = "1", new: str = "2") -> Change:
    movement = "upgrade" if old and new else "install" if new else "remove"
    return Change(name, movement, old, new, "0" if old else "", "0" if new else "", "demo", None)


def test_python_and_ipykernel_are_what_this_kernel_stands_on() -> None:
    changes = [a_change("python"), a_change("ipykernel", new=""), a_change("numpy")]
    lines = touched_foundations(changes, sys.prefix, "/elsewhere")
    assert lines == (
        "python: 1 -> 2 (the Python that this kernel runs)",
        "ipykernel: 1 would be removed (the kernel itself)",
    )


def test_another_environment_stands_on_nothing_of_ours(tmp_path: Path) -> None:
    assert touched_foundations([a_change("python")], str(tmp_path), "/elsewhere") == ()


def test_where_xconda_lives_it_and_its_python_count_too(tmp_path: Path) -> None:
    changes = [a_change("python"), a_change("xconda"), a_change("ipykernel")]
    lines = touched_foundations(changes, str(tmp_path), str(tmp_path))
    assert [line.partition(":")[0] for line in lines] == ["python", "xconda"]


def test_nobody_is_told_to_restart_a_kernel_that_is_gone() -> None:
    assert afterwards([a_change("python")]) == ", then restart the kernel"
    gone = [a_change("ipykernel", new=""), a_change("numpy", new="")]
    assert afterwards(gone) == "; the kernel cannot be started again without ipykernel"
