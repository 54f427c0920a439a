"""A plan as people read it: every line of it is part of the promise."""

from dataclasses import replace
from pathlib import PurePosixPath

from xconda_core.cli.plan_text import done_words, plan_lines
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.plan import HistoryEntry, Operation, Plan

CHANNEL = "https://host/conda-forge"


def a_record(name: str, version: str, build: str = "0", size: int | None = 1_500) -> PackageRecord:
    return PackageRecord(
        name=name, version=version, build=build, size=size, channel=CHANNEL, subdir="noarch"
    )


def a_step(
    name: str, old: tuple[str, str] | None = None, new: tuple[str, str] | None = None
) -> Operation:
    return Operation(
        name=name,
        old=PrefixRecord(record=a_record(name, *old)) if old else None,
        new=a_record(name, *new) if new else None,
    )


def a_plan(*steps: Operation, unchanged: tuple[str, ...] = (), fetch: int = 0) -> Plan:
    return Plan(
        prefix=PurePosixPath("/envs/demo"),
        why_prefix="--name demo",
        operations=steps,
        unchanged=unchanged,
        history=HistoryEntry(command=""),
        fingerprint="",
        fetch=tuple(step.name for step in steps[:fetch]),
        download_bytes=fetch * 11_500_000,
        disk_bytes=12_345_678,
    )


def text(plan: Plan) -> str:
    return "\n".join(line.text for line in plan_lines(plan))


def test_the_table_says_where_what_from_where_to_and_how_much() -> None:
    plan = a_plan(
        a_step("libfoo", ("1.9", "0"), ("1.10", "0")),
        a_step("numpy", None, ("2.1.0", "py312_0")),
        a_step("old-thing", ("0.3", "0"), None),
        a_step("scipy", ("2.0", "0"), ("1.5", "0")),
        a_step("tool", ("1.0", "0"), ("1.0", "1")),
        unchanged=("python", "six"),
        fetch=3,
    )

    assert text(plan) == (
        "Environment: /envs/demo (--name demo)\n"
        "\n"
        "   Package    Now    New      Channel        Size\n"
        "^  libfoo     1.9    1.10     conda-forge  1.5 kB\n"
        "+  numpy             2.1.0    conda-forge  1.5 kB\n"
        "-  old-thing  0.3    removed\n"
        "v  scipy      2.0    1.5      conda-forge  1.5 kB\n"
        "~  tool       1.0 0  1.0 1    conda-forge  1.5 kB\n"
        "\n"
        "Packages: 1 to install, 1 to upgrade, 1 to rebuild, 1 to downgrade, 1 to remove, "
        "2 unchanged\n"
        "Download: 34.5 MB in 3 archives\n"
        "Disk:     at least 12.3 MB"
    )


def test_an_empty_plan_says_which_environment_needs_nothing() -> None:
    assert text(a_plan(unchanged=("python",))) == (
        "Environment: /envs/demo (--name demo)\n"
        "Nothing to do: everything asked for is there already."
    )


def test_a_new_environment_without_packages_says_so() -> None:
    assert text(replace(a_plan(), creates=True)).endswith("A new environment without packages.")


def test_a_request_for_what_is_there_as_a_dependency_is_noted() -> None:
    entry = HistoryEntry(command="", update_specs=("six",))

    assert "noted in the history" in text(replace(a_plan(), history=entry))


def test_a_removal_and_a_downgrade_stand_out() -> None:
    plan = a_plan(a_step("a", ("1", "0"), None), a_step("b", ("2", "0"), ("1", "0")))

    styles = {line.text.split()[1]: line.style for line in plan_lines(plan)[3:5]}

    assert styles == {"a": "danger", "b": "warning"}


def test_cached_archives_are_no_download() -> None:
    assert "Download: nothing, all archives are cached" in text(
        a_plan(a_step("a", None, ("1", "0")))
    )


def test_a_removal_alone_downloads_nothing_and_takes_no_room() -> None:
    assert text(a_plan(a_step("a", ("1", "0"), None))).endswith("Packages: 1 to remove")


def test_an_archive_of_unknown_size_has_no_size() -> None:
    step = Operation(name="a", old=None, new=a_record("a", "1", size=None))

    plan = replace(a_plan(step), disk_bytes=0)

    assert text(plan).splitlines()[3] == "+  a             1    conda-forge"
    assert text(plan).endswith("Disk:     an unknown size")


def test_what_was_done_is_said_in_one_line() -> None:
    plan = a_plan(
        a_step("a", None, ("1", "0")),
        a_step("b", None, ("1", "0")),
        a_step("c", ("1", "0"), None),
    )

    assert done_words(plan) == "2 packages installed, 1 removed"


def test_a_narrow_screen_cuts_no_cell_and_no_word() -> None:
    plan = a_plan(a_step("libfoo", ("1.9", "0"), ("1.10", "0")), unchanged=("python",), fetch=1)

    assert [line.text for line in plan_lines(plan, 30)[2:]] == [
        "   Package  Now  New\n    Channel        Size",
        "^  libfoo   1.9  1.10\n    conda-forge  1.5 kB",
        "",
        "Packages: 1 to upgrade, 1\n  unchanged",
        "Download: 11.5 MB in 1 archive",
        "Disk:     at least 12.3 MB",
    ]
