"""A notebook of a language that is not Python has the panel too, and is asked nothing in Python."""

import json
from typing import Any

import pytest

from tests.browser.conftest import Lab, OpenPage, notebook, run_cell
from tests.jupyter import abacus

pytestmark = pytest.mark.slow


def test_a_notebook_of_another_language_has_its_card_and_no_python_is_said_to_its_kernel(
    open_page: OpenPage, lab: Lab
) -> None:
    prefix, diary = lab.home / "envs" / "sums", lab.home / "diary"
    abacus.add_to(prefix, diary)
    page = open_page(path=a_sum(lab, "sum.ipynb"))
    run_cell(page, 0).filter(has_text="= 42").wait_for()
    page.get_by_role("tab", name="Notebook", exact=True).click()
    card = page.locator(".xc-Notebook")
    card.get_by_text("Abacus (sums)").wait_for()
    card.get_by_title(str(prefix)).filter(has_text="sums").wait_for()
    page.locator(".xc-Status-item").filter(has_text="sums").wait_for()
    card.get_by_label("Environment for this notebook").select_option(label="other")
    card.get_by_text("does not say what it holds").wait_for()
    assert "%xconda" not in card.inner_text()
    assert card.get_by_role("button", name="Reload").count() == 0
    card.get_by_role("button", name="Show its packages").click()
    page.get_by_role("tab", name="Packages", selected=True).wait_for()
    page.get_by_text("0 packages").wait_for()
    assert [json.loads(line) for line in diary.read_text().splitlines()] == [
        {"code": "40 2", "expressions": {}}
    ]


def test_an_environment_without_a_kernel_gets_one_by_a_click(open_page: OpenPage, lab: Lab) -> None:
    lab.xconda("create", "-y", "-n", "bare", "python")
    page = open_page(path=notebook(lab, "bare.ipynb", "other", "1 + 1"))
    run_cell(page, 0).filter(has_text="2").wait_for()
    page.get_by_role("tab", name="Notebook", exact=True).click()
    card: Any = page.locator(".xc-Notebook")
    card.get_by_role("listitem").filter(has_text="bare").get_by_role("button").click()
    page.get_by_role("button", name="Apply").click()
    page.locator(".xc-Done").wait_for()
    page.get_by_role("tab", name="Notebook", exact=True).click()
    card.get_by_label("Environment for this notebook").select_option(label="bare")
    card.get_by_role("button", name="Switch to bare").wait_for()


def a_sum(lab: Lab, name: str) -> str:
    """Write a notebook of the other language, and return its path for the lab."""
    path = lab.home / "notebooks" / notebook(lab, name, "sums", "40 2")
    document = json.loads(path.read_text(encoding="utf-8"))
    spec = {"name": "xconda-sums-abacus", "display_name": "Abacus (sums)", "language": "abacus"}
    document["metadata"] = {"kernelspec": spec, "language_info": {"name": "abacus"}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return name
