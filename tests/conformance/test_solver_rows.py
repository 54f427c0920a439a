"""The solver rows of the conformance checks: what is not as the peers have it is named here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKS = Path(__file__).parents[2].parent / "shared" / "checks"
ADAPTER = Path(__file__).parent / "adapter.py"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CHECKS.is_dir(), reason="the conformance rows are not here"),
]

# These need the setting ``aggressive_update_packages``, which xconda does not have yet.
WITHOUT_AGGRESSIVE_UPDATES = {
    "conda-core-aggressive_update_packages-5",
    "conda-core-force_remove_1-2",
    "conda-core-remove_with_constrained_dependencies-2",
}


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
    failed = {row["id"] for row in rows if row["outcome"] == "fail" and not row["contested"]}
    assert failed == WITHOUT_AGGRESSIVE_UPDATES, run.stdout
    assert sum(row["outcome"] == "pass" for row in rows) >= 124
