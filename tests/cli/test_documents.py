"""Documents that readers of conda's JSON understand."""

from pathlib import PurePosixPath

from xconda_core.cli.documents import dist_document, plan_document, search_document
from xconda_core.cli.error_document import error_document
from xconda_core.cli.parser import UsageError
from xconda_core.models.channel import Channel
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.transaction.plan import HistoryEntry, Operation, Plan


def a_record(name: str, version: str = "1.0") -> PackageRecord:
    channel = "https://host/conda-forge"
    return PackageRecord(name=name, version=version, build="0", channel=channel, subdir="noarch")


def a_plan(*operations: Operation, fetch: tuple[str, ...] = ()) -> Plan:
    return Plan(
        prefix=PurePosixPath("/envs/demo"),
        operations=operations,
        unchanged=(),
        history=HistoryEntry(command=""),
        fingerprint="",
        fetch=fetch,
    )


NEW = Operation(name="a", old=None, new=a_record("a"))
CHANGED = Operation(
    name="b", old=PrefixRecord(record=a_record("b", "1.0")), new=a_record("b", "2.0")
)
GONE = Operation(name="c", old=PrefixRecord(record=a_record("c")), new=None)


def test_a_package_is_named_by_the_eight_fields_that_conda_uses() -> None:
    assert dist_document(a_record("a"), {}) == {
        "base_url": "https://host/conda-forge",
        "build_number": 0,
        "build_string": "0",
        "channel": "conda-forge",
        "dist_name": "a-1.0-0",
        "name": "a",
        "platform": "noarch",
        "version": "1.0",
    }


def test_a_package_that_comes_and_one_that_goes_name_their_channel_as_the_configuration_does() -> (
    None
):
    channels = {"https://host/conda-forge": Channel("api/forge", "https://host/forge")}

    actions = plan_document(a_plan(CHANGED), channels, dry_run=False)["actions"]

    assert isinstance(actions, dict)
    for kind in ("LINK", "UNLINK"):
        (found,) = as_list(actions[kind])
        assert (found["channel"], found["base_url"]) == ("api/forge", "https://host/forge")


def test_actions_list_what_is_fetched_linked_and_unlinked() -> None:
    document = plan_document(a_plan(NEW, CHANGED, GONE, fetch=("b",)), {}, dry_run=False)

    actions = document["actions"]
    assert isinstance(actions, dict)
    assert {kind: names(actions[kind]) for kind in ("FETCH", "LINK", "UNLINK")} == {
        "FETCH": ["b-2.0"],
        "LINK": ["a-1.0", "b-2.0"],
        "UNLINK": ["b-1.0", "c-1.0"],
    }
    assert document["success"] is True
    assert document["prefix"] == actions["PREFIX"] == "/envs/demo"
    assert "dry_run" not in document


def as_list(items: object) -> list[dict[str, str]]:
    assert isinstance(items, list)
    return items


def names(items: object) -> list[str]:
    return [f"{item['name']}-{item['version']}" for item in as_list(items)]


def test_a_dry_run_says_that_it_was_one() -> None:
    assert plan_document(a_plan(NEW), {}, dry_run=True)["dry_run"] is True


def test_nothing_to_do_is_a_success_with_a_message() -> None:
    document = plan_document(a_plan(), {}, dry_run=False)

    assert document["success"] is True
    assert document["message"] == "All requested packages already installed."


def test_records_found_are_grouped_by_name_in_their_order() -> None:
    document = search_document([a_record("a", "1"), a_record("a", "2"), a_record("b")])

    assert list(document) == ["a", "b"]
    assert names(document["a"]) == ["a-1", "a-2"]


def test_a_failure_has_the_keys_of_conda_and_the_three_sentences() -> None:
    document = error_document(UsageError("xconda list", "that makes no sense."))

    assert document["success"] is False
    assert document["message"] == document["what"] == "xconda list was not started."
    assert document["exception_name"] == "UsageError"
    assert document["code"] == "usage"
    assert {"error", "exception_type", "caused_by", "why", "fix", "facts"} <= document.keys()
