"""Fragments of `docs/changes` become the changelog as they are written."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_a_release_gathers_every_fragment_under_its_kind_without_the_name_of_its_file() -> None:
    draft = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "1.2.3"]
    answer = subprocess.run(draft, cwd=CHECKOUT, capture_output=True, text=True, check=True)

    page = answer.stdout[answer.stdout.index("## 1.2.3") :]
    said = " ".join(page.split())
    kinds = [line for line in page.splitlines() if line.startswith("### ")]
    assert kinds == ["### New", "### Changed", "### Fixed"]
    for fragment in (CHECKOUT / "docs" / "changes").glob("*.md"):
        text = " ".join(fragment.read_text(encoding="utf-8").split())
        assert text in said, fragment.name
    assert "(issue" not in page
