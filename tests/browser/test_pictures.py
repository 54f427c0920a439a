"""Pictures of the panel, for people to look at: light, dark, narrow, and a conflict.

They go where ``XCONDA_PICTURES`` says (``make pictures``: docs/images), else beside the test's
other files.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab, OpenPage, choose, find_and_install

pytestmark = pytest.mark.slow
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


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
def test_a_plan_and_a_conflict_in_both_themes(
    open_page: OpenPage, lab: Lab, pictures: Path, theme: str
) -> None:
    page = open_page(1100, 760)
    use_theme(page, theme)
    widen(page, 380)
    choose(page, "work")
    find_and_install(page, "report")
    page.locator(".xc-Graph svg").wait_for()
    page.screenshot(path=pictures / f"conflict-{theme}.png")
    page.get_by_role("button", name="Dismiss").click()
    choose(page, "science")
    find_and_install(page, "numpy")
    page.get_by_role("button", name="Apply").wait_for()
    page.screenshot(path=pictures / f"plan-{theme}.png")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled").wait_for()
