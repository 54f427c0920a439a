"""The list of packages: details, updates, what may not be changed, and ten thousand rows."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Lab, OpenPage, choose

pytestmark = pytest.mark.slow


def many_packages(count: int) -> str:
    """Return the answer of the server for an environment of so many packages."""
    record = {
        "build": "py312_0",
        "build_number": 0,
        "channel": "conda-forge",
        "subdir": "linux-64",
        "url": "",
        "license": "MIT",
        "depends": ["python >=3.12", "libgcc"],
        "timestamp": None,
    }
    packages = [
        {**record, "name": f"package-{n:05}", "version": f"1.{n % 97}", "size": n * 997}
        for n in range(count)
    ]
    return json.dumps({"packages": packages})


def serve_packages(page: Any, count: int) -> None:
    """Let the page see an environment of so many packages."""
    answer = many_packages(count)
    page.route(
        "**/xconda/packages**",
        lambda route: route.fulfill(body=answer, content_type="application/json"),
    )


def test_what_can_be_updated_is_found_and_a_package_tells_its_versions(page: Any) -> None:
    choose(page, "work")
    page.get_by_role("button", name="Updatable").click()
    page.get_by_text("1.0 → 2.0").wait_for()
    assert page.get_by_role("listitem").count() == 1
    page.get_by_role("listitem").get_by_text("tool").click()
    details = page.get_by_role("article")
    details.get_by_role("button", name="Install tool 2.0").wait_for()
    assert "MIT" in details.inner_text()
    details.get_by_role("button", name="base-lib >=2").click()
    page.get_by_role("article", name="Details of base-lib").get_by_text("Needed by").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("article").wait_for(state="detached")


def test_a_frozen_environment_says_so_and_offers_no_change(page: Any, lab: Lab) -> None:
    frozen = lab.home / "envs" / "work" / "conda-meta" / "frozen"
    frozen.write_text("{}")
    try:
        page.get_by_role("button", name="Look again").click()
        choose(page, "work")
        page.get_by_text("Frozen:").wait_for()
        page.get_by_role("listitem").first.wait_for()
        assert page.get_by_role("button", name="Update all").is_disabled()
        assert page.get_by_role("button", name="Remove tool").is_disabled()
    finally:
        frozen.unlink()


def test_ten_thousand_packages_scroll_filter_and_sort_without_a_halt(
    open_page: OpenPage,
) -> None:
    page = open_page()
    serve_packages(page, 10_000)
    page.get_by_role("button", name="Look again").click()
    page.get_by_text("10000 packages").wait_for()
    assert page.get_by_role("listitem").count() < 80
    usual = page.evaluate(
        """async () => {
            const list = document.querySelector('.xc-List');
            const took = [];
            for (let step = 0; step < 60; step += 1) {
                const begun = performance.now();
                list.scrollTop = (step * 4099) % list.scrollHeight;
                await new Promise(done => requestAnimationFrame(done));
                list.getBoundingClientRect();
                took.push(performance.now() - begun);
            }
            return took.sort((a, b) => a - b)[took.length / 2];
        }"""
    )
    print(f"a frame of scrolling ten thousand rows: {usual:.0f} ms")
    assert usual < 100  # ms for a frame; 17 on a quiet machine
    page.get_by_role("button", name="Sort by Version").click()
    page.get_by_role("searchbox").fill("package-0999")
    page.get_by_text("10 packages").wait_for()
    page.get_by_role("searchbox").press("Tab")
    page.locator(".xc-List [data-row-focus]").first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == "package-09990"  # 1.96


FIRST_ROW = """
performance.setResourceTimingBufferSize(5000);
new MutationObserver((_, observer) => {
    if (document.querySelector('#xconda-panel .xc-List-row')) {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => performance.mark('xconda-painted')));
    }
}).observe(document, {childList: true, subtree: true});
"""
SINCE_FIRST_QUESTION = """() => {
    const [painted] = performance.getEntriesByName('xconda-painted');
    const asked = performance.getEntriesByType('resource')
        .filter(each => each.name.includes('/xconda/')).map(each => each.startTime);
    return painted && painted.startTime - Math.min(...asked);
}"""


def test_the_panel_is_painted_half_a_second_after_its_first_question(
    open_page: OpenPage, lab: Lab
) -> None:
    an_environment_of(500, lab.home / "envs" / "many")
    page = open_page()
    choose(page, "many")
    page.get_by_text("500 packages").wait_for()
    page.wait_for_timeout(1500)  # JupyterLab keeps what was chosen
    page.add_init_script(FIRST_ROW)
    took, busy = [], slowness()
    for _ in range(5):
        page.goto(lab.url.replace("&reset", ""))
        page.get_by_text("500 packages").wait_for()
        took.append(page.evaluate(SINCE_FIRST_QUESTION))
    print(f"first paint with 500 packages: {[round(each) for each in took]} ms, {busy:.1f} times")
    assert min(took) < 500 * max(busy, slowness())
    shutil.rmtree(lab.home / "envs" / "many")


def slowness() -> float:
    """Return how many times longer than alone work takes here now, others having their share."""
    begun, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.2:
        pass
    return max(1.0, (time.perf_counter() - begun) / 0.2)


def an_environment_of(count: int, prefix: Path) -> None:
    """Make the records of an environment with so many packages."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").touch()
    for each in json.loads(many_packages(count))["packages"]:
        dist = f"{each['name']}-{each['version']}-{each['build']}"
        files = [f"lib/{each['name']}/{number}.py" for number in range(100)]
        record = {**each, "fn": f"{dist}.conda", "files": files, "timestamp": 0}
        (meta / f"{dist}.json").write_text(json.dumps(record))
