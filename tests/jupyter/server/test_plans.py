"""What a plan tells of each package: sizes, terms, movement, and why it is there."""

from pathlib import Path

import pytest

from tests.jupyter.server.conftest import Ask, finished
from tests.jupyter.server.test_jobs import created
from xconda_jupyter.server.job_documents import Plan
from xconda_jupyter.server.plan_sizes import PlanSizes


async def planned(ask: Ask, **wish: object) -> dict[str, dict[str, object]]:
    _, job = await ask("POST", "jobs", {"dry_run": True, **wish})
    document = await finished(ask, job["id"])
    assert document["status"] == "succeeded", document["error"]
    return {step["name"]: step for step in document["plan"]["operations"]}


async def test_a_package_says_who_asked_for_it_or_who_needs_it(ask: Ask) -> None:
    steps = await planned(ask, verb="create", name="e", specs=["tool"])
    assert steps["tool"]["requested_spec"] == "tool"
    assert steps["base-lib"]["requested_spec"] == ""
    assert steps["base-lib"]["needed_by"] == ["tool"]


async def test_a_package_says_what_it_takes_to_download_and_on_the_disk(ask: Ask) -> None:
    steps = await planned(ask, verb="create", name="e", specs=["tool"])
    size = steps["base-lib"]["download_bytes"]
    assert isinstance(size, int)
    assert size > 0
    assert steps["base-lib"]["new"]["installed_bytes"] is None  # type: ignore[index]

    prefix = await created(ask, "tool=1.0")
    steps = await planned(ask, verb="update", prefix=prefix, specs=["tool"])
    assert steps["tool"]["old"]["installed_bytes"] == 1  # type: ignore[index]
    assert steps["tool"]["movement"] == "upgrade"

    steps = await planned(ask, verb="create", name="f", specs=["base-lib"])
    assert steps["base-lib"]["download_bytes"] == 0, "it lies in the package cache"
    assert steps["base-lib"]["new"]["installed_bytes"] == 3000  # type: ignore[index]


@pytest.mark.parametrize(("old", "new"), [("MIT", "GPL-3.0-only"), (None, "MIT")])
def test_other_terms_are_named(tmp_path: Path, old: str | None, new: str) -> None:
    record = {"name": "a", "version": "1", "build": "0", "channel": "c", "fn": "a-1-0.conda"}
    step = {
        "kind": "change", "movement": "upgrade", "name": "a", "requested_spec": "",
        "old": {**record, "license": old}, "new": {**record, "license": new, "size": 5},
    }  # fmt: skip
    plan = PlanSizes([tmp_path]).with_sizes(
        "job",
        {
            "prefix": str(tmp_path), "operations": [step], "unchanged": [], "creates": False,
            "download_bytes": 5, "disk_bytes": 5, "fetch": ["a"],
        },
    )  # fmt: skip
    assert isinstance(plan, Plan)
    change = plan.operations[0].license_change
    assert change is not None
    assert (change.old, change.new) == (old, new)
    assert plan.operations[0].download_bytes == 5
