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

# What the runner is asked for, to the rows in each group that no two of the peers contest.
UNCONTESTED = {
    "versions": {"chains": 5, "pairs": 2132, "validity": 33, "startswith": 28},
    "version_spec": {"triples": 1015, "validity": 36},
    "match_spec": {"parse": 306, "triples": 169, "merges": 9},
    "channel": {"urls": 36, "priority": 4},
    "activation": {
        "cmd.exe": 26, "csh": 16, "fish": 18, "posix": 22, "posix+json": 19, "powershell": 18,
        "xonsh": 23,
    },
    "history": {
        "parse_history": 10, "history_states": 10, "requested_specs": 3, "history_comment": 3,
        "parse_explicit": 3, "parse_env_file": 30, "export_env": 4,
    },
    "security": {"extract": 9, "repodata": 16, "url_fn": 17, "install": 7, "no_leak": 2},
}  # fmt: skip
NOT_COUNTED = {
    "canonical": "conda's own spelling, which is advice",
    "fetch": "the archive that its rows name is not among them",
}


@pytest.mark.parametrize(("asked", "rows"), UNCONTESTED.items())
def test_every_row_on_which_the_peers_agree_holds(
    asked: str, rows: dict[str, int], tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    runner = [sys.executable, str(CHECKS / "run_checks.py"), "--adapter", str(ADAPTER)]

    run = subprocess.run(
        [*runner, "--only", asked, "--out", str(report), "--fail-list"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    counted = Counter(
        (row["group"], row["outcome"])
        for row in json.loads(report.read_text())
        if not row["contested"] and row["group"] not in NOT_COUNTED
    )
    assert counted == {(group, "pass"): number for group, number in rows.items()}, run.stdout
