"""The page that the benchmarks write, a section each."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def write_section(heading: str, text: str) -> None:
    """Put ``text`` in the place of the section with that heading, or at the end of the page."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Performance\n"
    pattern = re.compile(rf"^{re.escape(heading)}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(page):
        page = pattern.sub(lambda _: text + "\n", page)
    else:
        page = f"{page.rstrip()}\n\n{text}"
    PAGE.write_text(page.rstrip() + "\n", encoding="utf-8")
