"""Pictures of the panel, for people to look at: light, dark, narrow, and a conflict.

They go where ``XCONDA_PICTURES`` says (``make pictures``: docs/images), else beside the test's
other files.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab, OpenPage, choose, find_and_install, notebook

pytestmark = pytest.mark.slow
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
ENDINGS = {"light": "", "dark": "-dark"}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("XCONDA_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def use_theme(page: Any, name: str) -> None:
    """Turn to a theme by JupyterLab's own command."""
    page.evaluate(
        "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})",
        THEMES[name],
    )
    page.locator(f'body[data-jp-theme-name="{THEMES[name]}"]').wait_for(state="attached")


def widen(page: Any, pixels: int) -> None:
    """Give the side of the panel a width."""
    page.evaluate(
        """pixels => {
            const panel = window.jupyterapp.shell._hsplitPanel;
            const all = panel.node.clientWidth;
            panel.setRelativeSizes([pixels, all - pixels, 0]);
        }""",
        pixels,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_conflict_a_plan_and_a_notebook_in_both_themes(
    open_page: OpenPage, lab: Lab, pictures: Path, theme: str
) -> None:
    path = notebook(lab, f"{theme}.ipynb", "other", "import numpy\nimport greeter", "numpy.pi")
    page = open_page(1000, 720, path)
    use_theme(page, theme)
    widen(page, 380)
    choose(page, "work")
    find_and_install(page, "report")
    page.locator(".xc-Graph svg").wait_for()
    page.screenshot(path=pictures / f"panel-conflict{ENDINGS[theme]}.png")
    page.get_by_role("button", name="Dismiss").click()
    page.evaluate(
        "window.jupyterapp.commands.execute('xconda:install', {specs: ['base-lib=2.0', 'extra']})"
    )
    page.get_by_role("button", name="Apply").wait_for()
    page.screenshot(path=pictures / f"panel-plan{ENDINGS[theme]}.png")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled").wait_for()
    page.get_by_role("tab", name="Notebook", exact=True).click()
    page.get_by_label("Environment for this notebook").wait_for()
    page.get_by_role("button", name="Install numpy").wait_for()
    page.screenshot(path=pictures / f"panel-notebook{ENDINGS[theme]}.png")


def test_nothing_is_cut_off_in_a_narrow_panel(open_page: OpenPage, pictures: Path) -> None:
    page = open_page(620, 640)
    widen(page, 220)
    choose(page, "work")
    page.get_by_role("searchbox").fill("report")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name="Install report").click()
    page.locator(".xc-Graph svg").wait_for()
    page.screenshot(path=pictures / "panel-narrow.png")
    beyond = page.evaluate(
        """() => {
            const edge = each => each.getBoundingClientRect().right;
            const right = edge(document.querySelector('#xconda-panel')) + 1;
            return [...document.querySelectorAll('#xconda-panel *')]
                .filter(each => !each.closest('.xc-Graph') && edge(each) > right)
                .map(each => each.className);
        }"""
    )
    assert beyond == []
