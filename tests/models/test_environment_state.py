"""The fingerprint of an environment: the same for the same state, and for no other."""

from dataclasses import replace
from pathlib import PurePath

import pytest

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord

RECORD = PackageRecord(name="a", version="1", build="0", channel="https://c/x", subdir="noarch")
STATE = EnvironmentState(
    prefix=PurePath("/e"),
    installed={"a": PrefixRecord(record=RECORD)},
    requested={"a": "a >=1"},
    pinned=("a 1.*",),
    revision=3,
)


def with_record(record: PackageRecord) -> EnvironmentState:
    return replace(STATE, installed={"a": PrefixRecord(record=record)})


@pytest.mark.parametrize(
    "changed",
    [
        replace(STATE, installed={}), replace(STATE, requested={}), replace(STATE, pinned=()),
        replace(STATE, revision=4), with_record(replace(RECORD, version="2")),
        with_record(replace(RECORD, build="1")),
        with_record(replace(RECORD, channel="https://c/y")),
        with_record(replace(RECORD, subdir="linux-64")),
    ],
)  # fmt: skip
def test_everything_that_a_plan_depends_on_changes_the_fingerprint(
    changed: EnvironmentState,
) -> None:
    assert changed.fingerprint != STATE.fingerprint


def test_the_fingerprint_is_of_what_is_there_and_not_of_where() -> None:
    assert replace(STATE, prefix=PurePath("/f")).fingerprint == STATE.fingerprint
