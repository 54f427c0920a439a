"""Whole environments from the panel's menu: made from a file, copied, renamed, removed."""

from typing import Any

import pytest

from tests.browser.conftest import Lab, OpenPage, apply, choose

pytestmark = pytest.mark.slow


def use_menu(page: Any, words: str) -> None:
    """Choose an entry of the menu beside the environment's name, with the keyboard."""
    page.get_by_role("button", name="More about this environment").press("Enter")
    page.get_by_role("menuitem", name=words).wait_for()
    for _ in range(20):
        if page.locator(".lm-Menu-item.lm-mod-active").filter(has_text=words).count():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def answer(page: Any, name: str) -> None:
    """Give the dialog the name it asks for."""
    page.locator(".jp-Dialog input").fill(name)
    page.keyboard.press("Enter")


def test_an_environment_is_copied_made_anew_from_a_file_renamed_and_removed(
    open_page: OpenPage, lab: Lab
) -> None:
    envs = lab.home / "envs"
    file = lab.home / "notebooks" / "environment.yml"
    file.write_text("name: fruit\ndependencies: [extra]\n")
    page = open_page()
    choose(page, "work")

    use_menu(page, "Copy the Environment")
    answer(page, "twin")
    apply(page)
    use_menu(page, "Make Anew from a File")
    page.locator(".jp-Dialog .jp-DirListing-item").filter(has_text="environment.yml").click()
    page.get_by_role("button", name="Select").click()
    page.get_by_text("The environment is replaced").wait_for()
    apply(page)
    held = {path.stem.rsplit("-", 2)[0] for path in (envs / "twin" / "conda-meta").glob("*.json")}
    use_menu(page, "Rename the Environment")
    answer(page, "other-twin")
    apply(page)
    moved = [(envs / name).is_dir() for name in ("twin", "other-twin")]
    use_menu(page, "Remove the Environment")
    page.get_by_text("undo cannot bring it back").wait_for()
    page.keyboard.press("Enter")  # not enough: nothing brings it back
    page.get_by_role("button", name="Remove", exact=True).click()
    page.locator(".xc-Done").filter(has_text="other-twin is removed").wait_for()

    assert held == {"extra", "base-lib"}
    assert moved == [False, True]
    assert not (envs / "other-twin").exists()
    assert "tool" in lab.xconda("list", "-n", "work")
    file.unlink()


def test_a_name_that_no_environment_may_have_is_refused_while_the_form_is_open(page: Any) -> None:
    page.get_by_role("button", name="New environment", exact=True).click()
    name = page.get_by_label("Name of the new environment")
    for wrong in ("my env", "a/b", "a:b", "a#b", "a\\b"):
        name.fill(wrong)
        name.press("Enter")
        assert name.input_value() == wrong
        assert name.evaluate("input => input.validity.patternMismatch")
    name.fill(" größe-2.0_x ")
    assert name.evaluate("input => input.validity.valid")
