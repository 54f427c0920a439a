"""The panel and the notebook beside it: kernels, restarts, switching, and buttons of `%xconda`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import (
    Lab,
    OpenPage,
    apply,
    choose,
    find_and_install,
    notebook,
    run_cell,
)

pytestmark = pytest.mark.slow


def show_card(page: Any) -> Any:
    """Turn to the card of the notebook."""
    page.get_by_role("tab", name="Notebook", exact=True).click()
    return page.locator(".xc-Notebook")


def test_what_the_panel_installs_is_usable_in_the_running_kernel(
    open_page: OpenPage, lab: Lab
) -> None:
    path = notebook(lab, "use.ipynb", "other", "1 + 1", "import greeter; greeter.__version__")
    page = open_page(path=path)
    run_cell(page, 0).filter(has_text="2").wait_for()
    choose(page, "other")
    find_and_install(page, "greeter")
    apply(page)
    run_cell(page, 1).filter(has_text="'2.0'").wait_for()
    assert page.locator(".xc-Advice").count() == 0
    lab.xconda("undo", "-y", "-n", "other")


def test_the_panel_says_when_the_notebook_runs_somewhere_else_and_leads_there(
    open_page: OpenPage, lab: Lab
) -> None:
    page = open_page(path=notebook(lab, "elsewhere.ipynb", "science", "1 + 1"))
    run_cell(page, 0).filter(has_text="2").wait_for()
    note = page.get_by_role("note").filter(has_text="elsewhere.ipynb runs in science.")
    choose(page, "other")
    note.wait_for()
    note.get_by_role("button", name="Show that").click()
    note.wait_for(state="detached")
    picker = page.get_by_label("Environment", exact=True)
    assert picker.input_value() == str(lab.home / "envs" / "science")
    assert picker.locator("option:checked").inner_text() == "science"


def test_an_upgrade_of_something_imported_asks_for_a_restart_and_runs_to_the_cell(
    open_page: OpenPage, lab: Lab
) -> None:
    path = notebook(lab, "stale.ipynb", "science", "import greeter; greeter.__version__")
    page = open_page(path=path)
    run_cell(page, 0).filter(has_text="'1.0'").wait_for()
    choose(page, "science")
    page.get_by_role("button", name="Update greeter").click()
    apply(page)
    advice = show_card(page).locator(".xc-Advice")
    advice.filter(has_text="greeter").wait_for()
    assert page.locator(".xc-Status-item.xc-mod-stale").is_visible()
    advice.get_by_role("button", name="Restart and run to the selected cell").click()
    page.locator(".jp-OutputArea-output").filter(has_text="'2.0'").wait_for()
    advice.wait_for(state="detached")
    lab.xconda("undo", "-y", "-n", "science")


def test_a_notebook_changes_its_environment_after_saying_what_would_be_lost(
    open_page: OpenPage, lab: Lab
) -> None:
    code = "import sys; answer = [42]; sys.prefix"
    path = notebook(lab, "switch.ipynb", "science", code)
    page = open_page(path=path)
    run_cell(page, 0).filter(has_text="envs/science").wait_for()
    card = show_card(page)
    card.get_by_label("Environment for this notebook").select_option(label="other")
    lost = card.locator(".xc-Lost")
    lost.wait_for()
    assert "answer list" in lost.inner_text()
    assert "sys" not in lost.inner_text()
    card.get_by_role("button", name="Switch to other").click()
    page.locator(".xc-Status-item").filter(has_text="other").wait_for()
    run_cell(page, 0).filter(has_text="envs/other").wait_for()
    page.keyboard.press("Control+s")
    saved = lab.home / "notebooks" / path
    page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')")
    assert written(saved)["metadata"]["xconda"] == {
        "environment": {"name": "other", "prefix": str(lab.home / "envs" / "other")}
    }


def test_a_notebook_that_was_used_with_another_environment_asks_when_it_is_opened(
    open_page: OpenPage, lab: Lab
) -> None:
    path = notebook(lab, "moved.ipynb", "science", "import sys; sys.prefix")
    refer(lab, path, {"name": "other", "prefix": "/somebody/elses/envs/other"})
    page = open_page(path=path)
    asked = page.get_by_text("moved.ipynb was last used with the environment other")
    asked.wait_for()
    page.get_by_role("button", name="Show …").click()
    card = page.locator(".xc-Notebook")
    card.get_by_text("holds no variables").wait_for()
    card.get_by_role("button", name="Switch to other").click()
    page.locator(".xc-Status-item").filter(has_text="other").wait_for()
    run_cell(page, 0).filter(has_text="envs/other").wait_for()
    asked.wait_for(state="detached")


def test_a_notebook_of_an_environment_that_is_not_here_says_so_and_offers_to_make_it(
    open_page: OpenPage, lab: Lab
) -> None:
    path = notebook(lab, "far.ipynb", "science", "1 + 1")
    refer(lab, path, {"name": "faraway", "prefix": "/somebody/elses/envs/faraway"})
    page = open_page(path=path)
    page.get_by_text("far.ipynb was last used with the environment faraway, which").wait_for()
    card = show_card(page)
    card.locator(".xc-Note").filter(has_text="faraway").wait_for()  # the server's words: drift
    card.get_by_role("button", name="Make it …").click()
    page.get_by_label("Packages to begin with").wait_for()
    assert not (lab.home / "envs" / "faraway").exists()


def refer(lab: Lab, path: str, environment: dict[str, str]) -> None:
    """Let a notebook refer to an environment."""
    file = lab.home / "notebooks" / path
    document = written(file)
    document["metadata"]["xconda"] = {"environment": environment}
    file.write_text(json.dumps(document), encoding="utf-8")


def test_what_the_magic_did_has_buttons_where_its_output_is(open_page: OpenPage, lab: Lab) -> None:
    path = notebook(
        lab,
        "magic.ipynb",
        "science",
        "import greeter; greeter.__version__",
        "%xconda install greeter=2.0",
        "greeter.__version__",
    )
    page = open_page(path=path)
    run_cell(page, 0).filter(has_text="'1.0'").wait_for()
    run_cell(page, 1)
    done = page.locator(".xc-Change")
    done.get_by_role("button", name="Reload").click()
    done.get_by_text("Reloaded: greeter").wait_for()
    assert done.get_by_role("button", name="Restart and run to here").count() == 0
    run_cell(page, 2).filter(has_text="'2.0'").wait_for()
    done.get_by_role("button", name="Undo").click()
    apply(page)
    assert (lab.home / "envs" / "science" / "conda-meta" / "greeter-1.0-0.json").exists()


def written(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
