"""Which state an undo brings back."""

from datetime import datetime
from pathlib import PurePath

from xconda_core.engine.undo import earlier_state
from xconda_core.environment.history import dist_text, entry_text, parse_history
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.plan import HistoryEntry

NOW = datetime(2026, 11, 20, 5, 30, 0)  # noqa: DTZ001 (the history is in local time)


def a_package(name: str, version: str = "1") -> PackageRecord:
    return PackageRecord(name=name, version=version, build="0", channel="c", subdir="noarch")


def a_section(*added: PackageRecord, removed: tuple[PackageRecord, ...] = ()) -> str:
    return entry_text(
        HistoryEntry(command="xconda", update_specs=tuple(record.name for record in added)),
        now=NOW,
        version="0.1",
        conda_version="26.7.0",
        removed=[dist_text(record, "") for record in removed],
        added=[dist_text(record, "") for record in added],
    )


def after_undo(
    sections: tuple[str, ...], installed: tuple[PackageRecord, ...], target: int
) -> dict[str, str]:
    state = EnvironmentState(
        prefix=PurePath("/env"),
        installed={record.name: PrefixRecord(record=record) for record in installed},
        exists=True,
    )
    known = {dist_text(a_package(n, v), ""): a_package(n, v) for n in "abp" for v in "12"}
    revisions = parse_history("".join(sections))
    wanted = earlier_state(state, revisions, target, "xconda undo", known.get)
    return {name: record.version for name, record in wanted.records.items()}


def test_a_revision_is_exactly_what_the_history_says_it_was() -> None:
    python, a, b = a_package("p"), a_package("a"), a_package("b")

    kept = after_undo((a_section(python, a), a_section(b)), (python, a, b), 0)

    assert kept == {"p": "1", "a": "1"}


def test_what_another_tool_made_of_a_package_of_the_history_goes_back() -> None:
    old, new, otherwise = a_package("a", "1"), a_package("a", "2"), a_package("a", "3")

    kept = after_undo((a_section(old), a_section(new, removed=(old,))), (otherwise,), 0)

    assert kept == {"a": "1"}


def test_what_a_later_revision_brought_goes() -> None:
    a, b = a_package("a"), a_package("b")

    assert after_undo((a_section(a), a_section(b)), (a, b), 0) == {"a": "1"}
