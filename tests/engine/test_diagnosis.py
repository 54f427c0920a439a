"""What the doctor found, as a value."""

import time
from pathlib import Path

from xconda_core.engine.diagnosis import Diagnosis
from xconda_core.environment.health import Finding


def test_twenty_thousand_missing_files_are_written_down_at_once() -> None:
    # An environment of which only conda-meta is left; quadratic, this took minutes.
    findings = tuple(
        Finding(check="missing-files", what="It is missing.", path=f"lib/{number}", is_file=True)
        for number in range(20_000)
    )
    found = Diagnosis(
        prefix=Path("/env"),
        checks=(("missing-files", "files that are gone"),),
        findings=(*findings, Finding(check="pinned", what="It cannot be read.")),
        file_count=0,
        seconds=0.1,
    )

    began = time.perf_counter()
    document = found.to_json()

    assert time.perf_counter() - began < 5.0
    assert isinstance(document["findings"], list)
    assert len(found.fixable) == len(findings)
    fixable = [each["fixable"] for each in document["findings"] if isinstance(each, dict)]
    assert fixable == [True] * len(findings) + [False]
