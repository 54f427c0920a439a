"""What the doctor found, as a cell shows it."""

from xconda_jupyter.kernel.diagnosis import Diagnosis

A_FINDING = {
    "check": "missing-files",
    "level": "problem",
    "what": "bin/x is missing.",
    "package": "x",
    "path": "bin/x",
    "fix": "`xconda doctor --fix`",
    "fixable": True,
}


def a_document(*findings: object) -> dict[str, object]:
    return {
        "prefix": "/env",
        "healthy": not findings,
        "checks": ["missing-files"],
        "findings": list(findings),
    }


def test_a_healthy_environment_is_said_in_one_line() -> None:
    found = Diagnosis(a_document())

    assert found.is_healthy
    assert repr(found) == "/env is healthy: 1 check passed."


def test_findings_are_a_table_and_a_sequence() -> None:
    found = Diagnosis(a_document(A_FINDING, {**A_FINDING, "level": "warning"}))

    assert not found.is_healthy
    assert repr(found).splitlines()[0] == "1 problem and 1 warning in /env"
    assert "bin/x is missing." in found._repr_html_()
    assert [each["package"] for each in found] == ["x", "x"]
    assert found[0] == A_FINDING


def test_after_a_repair_what_was_mended_is_counted_and_what_is_left_has_its_reason() -> None:
    left = {**A_FINDING, "reason": "the archive is gone"}
    document = {**a_document(A_FINDING, A_FINDING), "fixed": [A_FINDING], "left": [left]}
    found = Diagnosis(document)
    assert repr(found).splitlines()[0] == "1 thing repaired; 1 problem and 0 warnings in /env"
    assert "the archive is gone" in repr(found)
    whole = Diagnosis({**document, "left": [], "healthy": True})
    assert repr(whole) == "1 thing repaired; /env is healthy: 1 check passed."
