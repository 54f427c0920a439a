"""The solver rows of the conformance checks: what is not as the peers have it is named here."""

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


def test_the_solver_answers_as_its_peers_do(tmp_path: Path) -> None:
    report = tmp_path / "report.json"

    runner: list[str | Path] = [sys.executable, CHECKS / "run_checks.py", "--adapter", ADAPTER]

    run = subprocess.run(
        [*runner, "--only", "solver", "--out", report],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    rows = json.loads(report.read_text())
    uncontested = [row["outcome"] for row in rows if not row["contested"]]
    assert Counter(uncontested) == {"pass": 125}, run.stdout
    assert sum(row["outcome"] == "pass" for row in rows) >= 141
