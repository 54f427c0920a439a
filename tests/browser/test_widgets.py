"""``%xconda panel``: the panel of widgets below a cell, as somebody uses it in a browser."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SECONDS, Lab, OpenPage, notebook, run_cell
from tests.jupyter.conftest import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def panel(open_page: OpenPage, lab: Lab, request: pytest.FixtureRequest) -> Any:
    """The output of a cell with the panel of the environment ``work``."""
    found = importlib.util.find_spec("ipywidgets")
    assert found is not None
    assert found.origin is not None
    beside = f"import sys; sys.path.append({str(Path(found.origin).parents[1])!r})"
    name = f"{request.node.name}.ipynb"
    path = notebook(lab, name, "science", beside, "%xconda panel -n work")
    page = open_page(1280, 900, path)
    page.get_by_role("tab", name="Conda environments").click()  # room for the notebook
    run_cell(page, 0)
    output = run_cell(page, 1)
    output.get_by_label("Environment").wait_for()
    return output


def test_a_version_from_a_channel_is_searched_previewed_installed_and_taken_back(
    panel: Any, lab: Lab
) -> None:
    meta = lab.home / "envs" / "work" / "conda-meta"
    panel.get_by_role("tab", name="Search").click()
    panel.get_by_label("Search", exact=True).fill("base-lib")
    panel.get_by_label("Search", exact=True).press("Enter")
    offers = panel.get_by_label("Offers")
    offers.locator("option").nth(2).wait_for(state="attached")
    found = [words.replace("\xa0", " ") for words in offers.locator("option").all_inner_texts()]
    assert [words.split(" · ")[0] for words in found] == [
        "base-lib 2.1 0",
        "base-lib 2.0 0",
        "base-lib 1.5 0",
    ]
    assert all(" · 127.0.0.1:" in words for words in found)  # the channel
    offers.select_option(index=1)
    panel.get_by_role("button", name="Install").click()
    panel.get_by_text("downgrade").first.wait_for()
    assert (meta / "base-lib-2.1-0.json").exists()
    panel.get_by_role("button", name="Apply").click()
    panel.get_by_text("1 package changed").wait_for()
    assert (meta / "base-lib-2.0-0.json").exists()
    panel.get_by_role("tab", name="History").click()
    panel.get_by_role("button", name="Undo").click()
    panel.locator('button:enabled:has-text("Apply")').click()
    wait_until((meta / "base-lib-2.1-0.json").exists, SECONDS)


def test_an_installation_is_called_off_while_it_downloads(panel: Any, lab: Lab) -> None:
    meta = lab.home / "envs" / "work" / "conda-meta"
    before = {each.name for each in meta.iterdir()}
    panel.get_by_role("tab", name="Search").click()
    panel.get_by_label("Search", exact=True).fill("unhurried")
    panel.get_by_role("button", name="Search").click()
    panel.get_by_label("Offers").select_option(label=None, index=0)
    panel.get_by_role("button", name="Install").click()
    panel.locator('button:enabled:has-text("Apply")').click()
    panel.get_by_role("progressbar").wait_for()
    panel.get_by_role("button", name="Cancel").click()
    panel.get_by_text("cancelled").first.wait_for()
    assert {each.name for each in meta.iterdir()} == before


def test_the_history_tells_what_lies_between_and_environments_are_chosen(panel: Any) -> None:
    panel.get_by_role("tab", name="History").click()
    revisions = panel.get_by_label("History", exact=True)
    revisions.select_option(index=0)
    panel.get_by_role("button", name="Difference").click()
    panel.get_by_text(": no difference.").wait_for()
    environments = panel.get_by_label("Environment")
    science = environments.locator("option", has_text="science")
    environments.select_option(label=science.inner_text().replace("\xa0", " "))
    panel.get_by_role("tab", name="Packages").click()
    panel.get_by_label("Installed").locator("option", has_text="greeter").wait_for(state="attached")


def test_the_keyboard_alone_reaches_every_control_and_each_has_a_name(panel: Any) -> None:
    page = panel.page
    panel.get_by_label("Environment").focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    const at = document.activeElement;
                    const labels = [...(at.labels ?? [])].map(each => each.textContent);
                    return [at.ariaLabel, ...labels, at.textContent].find(Boolean) ?? at.tagName;
                }"""
            ).strip()
        )
    wanted = ["Filter", "Installed", "Update", "Remove", "Why"]
    assert [each for each in reached if each in wanted] == wanted
