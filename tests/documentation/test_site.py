"""The site is made of docs/, and no link of it leads nowhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from xconda_core.cli.command_table import COMMANDS

pytest.importorskip("sphinx", reason="the extra `docs` is not installed")
pytest.importorskip("myst_parser", reason="the extra `docs` is not installed")
pytest.importorskip("furo", reason="the extra `docs` is not installed")

DOCS = Path(__file__).parents[2] / "docs"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
BUILD = ("-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html")


def built(docs: Path, site: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, *BUILD, "-d", f"{site}.trees", str(docs), str(site)]
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_has_every_page(tmp_path: Path) -> None:
    done = built(DOCS, tmp_path / "site")

    assert (done.returncode, done.stderr) == (0, "")
    pages = {path.relative_to(DOCS) for path in DOCS.rglob("*.md")}
    pages -= {path for path in pages if path.parts[0] in {"changes", "plugin-template"}}
    for page in pages:
        assert (tmp_path / "site" / page.with_suffix(".html")).is_file(), page


def test_a_link_that_leads_nowhere_fails(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    conf = (DOCS / "conf.py").read_text().replace("NAVIGATION = {", "NAVIGATION = {} and {")
    (docs / "conf.py").write_text(conf)
    (docs / "index.md").write_text("# Page\n\n[there](nowhere.md) [here](#page)\n")

    done = built(docs, tmp_path / "site")

    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
    assert "#page" not in done.stderr


def test_every_kind_of_reader_finds_a_page_from_the_first_one() -> None:
    links = set(LINK.findall((DOCS / "index.md").read_text(encoding="utf-8")))
    assert links >= {
        *("getting-started.md", "concepts.md", "cheat-sheet.md", "glossary.md", "coming-from.md"),
        *(f"guides/{path.name}" for path in (DOCS / "guides").glob("*.md")),
        *("commands.md", "settings.md", "troubleshooting.md", "compatibility.md", "support.md"),
        "standards.md",
        *("api.md", "exports.md", "plugins.md", "testing-kit.md", "deprecations.md"),
    }


def test_every_command_is_told_of_on_the_page_that_explains_them() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    names = [entry.name for entry in COMMANDS if not entry.name.startswith("env config vars ")]
    assert [name for name in names if f"`{name}" not in text] == []


def test_a_page_of_a_release_links_to_pages_that_are_there() -> None:
    fragments = (DOCS / "changes").glob("*.md")
    links = [link for path in fragments for link in LINK.findall(path.read_text(encoding="utf-8"))]
    assert [link for link in links if not (DOCS.parent / link).exists()] == []
