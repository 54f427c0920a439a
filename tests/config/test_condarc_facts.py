"""The facts about configuration that conda's own tests assert."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
RUNNER = REPOSITORY.parent / "shared" / "checks" / "run_checks.py"
ADAPTER = REPOSITORY / "tests" / "conformance" / "adapter_config.py"


@pytest.mark.shared
@pytest.mark.skipif(not RUNNER.is_file(), reason="the shared facts are absent")
def test_every_fact_holds(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, RUNNER, "--adapter", ADAPTER, "--only", "condarc", "--out", out]
    subprocess.run([*map(str, command), "--fail-list"], check=False, capture_output=True)
    rows = json.loads(out.read_text())
    assert [row["id"] for row in rows if row["outcome"] != "pass"] == []
    assert len(rows) == 63
