"""The side panel, as somebody uses it."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab, choose, find_and_install, show_panel

pytestmark = pytest.mark.slow


def test_a_package_is_found_previewed_installed_and_taken_back(page: Any, lab: Lab) -> None:
    choose(page, "work")
    find_and_install(page, "extra")
    page.get_by_role("button", name="Apply").wait_for()
    installed = lab.home / "envs" / "work" / "lib" / "extra"
    assert not installed.exists()

    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Apply").wait_for(state="detached")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("listitem").filter(has_text="extra").wait_for()
    assert installed.exists()

    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Back to revision 0").click()
    page.get_by_role("button", name="Apply").click()
    page.locator(".xc-mod-now").filter(has_text="back to revision 0").wait_for()
    assert not installed.exists()


def test_a_search_is_still_there_after_a_look_at_another_tab(page: Any) -> None:
    choose(page, "work")
    page.get_by_role("searchbox").fill("report")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name="Install report", exact=True).wait_for()
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="Install report", exact=True).wait_for(state="hidden")
    page.get_by_role("tab", name="Packages").click()
    page.get_by_role("button", name="Install report", exact=True).wait_for()
    assert page.get_by_role("searchbox").input_value() == "report"


def test_a_job_that_was_cancelled_can_be_tried_again(page: Any, lab: Lab) -> None:
    choose(page, "work")
    find_and_install(page, "extra")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Apply").click()
    page.locator(".xc-Done").filter(has_text="extra").wait_for()
    assert "extra" in lab.xconda("list", "-n", "work")
    lab.xconda("undo", "-y", "-n", "work")


def test_what_cannot_be_is_explained_in_the_panel(page: Any) -> None:
    choose(page, "work")
    find_and_install(page, "old-base")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "base-lib" in alert.inner_text()
    alert.get_by_role("button", name="Dismiss").click()
    alert.wait_for(state="detached")


def test_what_stands_in_the_way_is_removed_by_the_button_that_says_so(page: Any, lab: Lab) -> None:
    choose(page, "work")
    find_and_install(page, "old-base")
    page.get_by_role("button", name="Remove tool, then try again").click()
    page.get_by_role("button", name="Apply").click()
    install = page.locator(".xc-Job").filter(has_text="old-base")
    install.get_by_role("button", name="Apply").click()
    page.locator(".xc-Done").filter(has_text="old-base").wait_for()
    assert "old-base" in lab.xconda("list", "-n", "work")
    assert "tool" not in lab.xconda("list", "-n", "work")
    lab.xconda("undo", "-y", "-n", "work", "--revision", "0")


def test_a_change_made_in_a_terminal_is_seen_in_every_tab(page: Any, lab: Lab) -> None:
    choose(page, "work")
    lab.xconda("install", "-y", "-n", "work", "extra")
    page.get_by_role("listitem").filter(has_text="extra").wait_for()
    lab.xconda("remove", "-y", "-n", "work", "extra")
    page.get_by_role("listitem").filter(has_text="extra").wait_for(state="detached")


def test_a_plan_that_waits_is_still_there_after_a_reload(page: Any, lab: Lab) -> None:
    choose(page, "work")
    find_and_install(page, "extra")
    page.get_by_role("button", name="Apply").wait_for()
    page.goto(lab.url)
    show_panel(page)
    choose(page, "work")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled").wait_for()
    assert not Path(lab.home / "envs" / "work" / "lib" / "extra").exists()


def test_tab_passes_through_one_row_of_a_list_and_arrows_through_all(page: Any) -> None:
    choose(page, "science")
    page.get_by_role("listitem").filter(has_text="greeter").wait_for()  # it has been read
    names = page.locator(".xc-List [data-row-focus]")
    names.first.focus()
    page.keyboard.press("ArrowDown")
    name = names.nth(1).inner_text()
    focused = (
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )
    assert page.evaluate(focused) == name
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == f"Update {name}"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == f"Remove {name}"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Update all"
