"""Jobs seen from a browser: two tabs, a reload in the middle, cancelling, keyboard, settings."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import (
    Lab,
    OpenPage,
    choose,
    find_and_install,
    show_panel,
)

pytestmark = pytest.mark.slow


def test_a_download_that_is_cancelled_leaves_nothing_behind(page: Any, lab: Lab) -> None:
    choose(page, "work")
    find_and_install(page, "slow")
    page.get_by_role("button", name="Apply").click()
    page.locator(".xc-Job-words").filter(has_text="Downloading").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled").wait_for()
    assert not list((lab.home / "envs" / "work" / "conda-meta").glob("slow*"))


def test_two_tabs_see_one_job_which_a_reload_does_not_disturb(
    open_page: OpenPage, lab: Lab
) -> None:
    one, two = open_page(), open_page()
    choose(one, "work")
    choose(two, "work")
    find_and_install(one, "slow")
    hold = lab.home / "hold"  # until both tabs have seen the job, however slow the machine
    hold.touch()
    two.get_by_role("button", name="Apply").click()
    one.locator(".xc-Job-bar").wait_for()
    one.goto(lab.url)
    show_panel(one)
    choose(one, "work")
    for tab in (one, two):
        tab.locator(".xc-Job-bar").wait_for()
    hold.unlink()
    for tab in (one, two):
        tab.get_by_role("listitem").filter(has_text="slow-part9").wait_for()
    lab.xconda("undo", "-y", "-n", "work")


def test_a_plan_is_answered_with_the_keyboard_alone(page: Any, lab: Lab) -> None:
    choose(page, "work")
    page.get_by_role("searchbox").fill("extra")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("listitem").filter(has_text="extra").wait_for()
    page.get_by_role("searchbox").focus()  # a lab that has just started takes the keyboard once
    page.keyboard.press("Tab")  # the row, its versions, its button
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Apply").wait_for()
    page.locator(".xc-Job:focus").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("cancelled").wait_for()
    page.get_by_role("button", name="Install extra", exact=True).press("Enter")
    page.get_by_role("button", name="Apply").wait_for()
    page.locator(".xc-Job:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator(".xc-Done").wait_for()
    assert (lab.home / "envs" / "work" / "lib" / "extra").exists()
    lab.xconda("undo", "-y", "-n", "work")


@pytest.fixture
def settings(lab: Lab) -> Iterator[Path]:
    """The file in which JupyterLab keeps what the user set of the panel."""
    folder = lab.home / ".jupyter" / "lab" / "user-settings" / "xconda-lab"
    folder.mkdir(parents=True)
    yield folder / "plugin.jupyterlab-settings"
    shutil.rmtree(folder)


def test_settings_move_the_panel_and_skip_questions_that_nobody_needs(
    open_page: OpenPage, lab: Lab, settings: Path
) -> None:
    settings.write_text('{"side": "right", "confirm": "removals"}')
    page = open_page()
    page.locator("#jp-right-stack #xconda-panel").wait_for()
    choose(page, "work")
    find_and_install(page, "extra")
    page.locator(".xc-Done").wait_for()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Remove extra").click()
    page.get_by_role("button", name="Apply").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled").wait_for()
    lab.xconda("undo", "-y", "-n", "work")
