"""How Sphinx makes the site of this folder (`make docs`): plain Markdown in, HTML out.

The order of pages stands here, and not in them: each page is to be read as it is, too.
"""

from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference, pending_xref
from sphinx.application import Sphinx

from xconda_core import __version__

project = "xconda"
author = "the xconda developers"
copyright = "2026, the xconda developers"  # noqa: A001 (Sphinx's name)
release = version = __version__

extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["changes", "plugin-template"]
myst_heading_anchors = 4  # headings are link targets, by the anchors that code forges give them
nitpicky = True

html_theme = "furo"
html_title = f"xconda {release}"
html_show_sphinx = False
html_copy_source = False

REPOSITORY = "https://github.com/xconda/xconda"
DOCS = Path(__file__).parent
NAVIGATION = {
    "Begin": ["getting-started", "concepts", "cheat-sheet", "coming-from"],
    "Guides": [
        *["guides/environments", "guides/packages", "guides/channels", "guides/python"],
        *["guides/lock-files", "guides/notebooks", "guides/offline", "guides/sharing"],
    ],
    "In notebooks": ["kernels", "panel", "server", "asked-elsewhere"],
    "Look up": [
        *["commands", "cli", "json", "settings", "troubleshooting"],
        *["activation", "network", "trust"],
        *["places", "formats", "standards", "compatibility", "support", "glossary"],
    ],
    "From Python": ["api", "exports", "plugins", "testing-kit", "deprecations"],
    "What was measured": ["performance", "reliability", "solver-quality", "fuzzing", "comparison"],
    "How it is made": ["architecture", "decisions/index"],
}


def add_navigation(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the tables of contents behind the first page, and the decisions behind their page."""
    if page == root_doc:
        for caption, pages in NAVIGATION.items():
            source[0] += _toctree(f":caption: {caption}", *pages)
    if page == "decisions/index":
        source[0] += _toctree(":glob:", "0*")


def _toctree(option: str, *pages: str) -> str:
    return "\n".join(["", "```{toctree}", ":hidden:", option, "", *pages, "```", ""])


def point_into_repository(app: Sphinx, tree: nodes.document) -> None:
    """Let links to folders, and to files that are no pages, lead to the repository."""
    folder = Path(app.env.doc2path(app.env.docname)).parent
    for node in [*tree.findall(download_reference), *tree.findall(pending_xref)]:
        path = (folder / node["reftarget"]).resolve()
        if path.is_dir() or isinstance(node, download_reference):
            kind = "tree" if path.is_dir() else "blob"
            inside = path.relative_to(DOCS.parent).as_posix()
            address = f"{REPOSITORY}/{kind}/main/{inside}"
            node.replace_self(nodes.reference("", "", *node.children, refuri=address))


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_navigation)
    app.connect("doctree-read", point_into_repository, priority=100)  # before Sphinx copies
