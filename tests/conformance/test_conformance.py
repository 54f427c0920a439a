"""Our values hold against the facts that conda, rattler and mamba assert."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

CHECKS = Path(__file__).parents[2].parent / "shared" / "checks"
ADAPTER = Path(__file__).parent / "adapter.py"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CHECKS.is_dir(), reason="the conformance rows are not here"),
]

# Group of the runner to the number of rows that no two of the peers contest. Spelling of canonical
# texts is conda's own and not among them.
UNCONTESTED = {"versions": 2198, "version_spec": 1051, "match_spec": 484, "channel": 40}


@pytest.mark.parametrize(("group", "rows"), UNCONTESTED.items())
def test_every_row_on_which_the_peers_agree_holds(group: str, rows: int, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    runner = [sys.executable, str(CHECKS / "run_checks.py"), "--adapter", str(ADAPTER)]

    run = subprocess.run(
        [*runner, "--only", group, "--out", str(report), "--fail-list"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    counted = [
        row["outcome"]
        for row in json.loads(report.read_text())
        if not row["contested"] and row["group"] != "canonical"
    ]
    assert run.returncode == 0, run.stdout
    assert Counter(counted) == {"pass": rows}
