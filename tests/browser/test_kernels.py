"""JupyterLab shows environments as kernels, and follows a notebook that moves to another one."""

import json
from typing import Any

import pytest

from tests.browser.conftest import Lab, OpenPage, run_cell

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """Keep pytest-jupyter, which closes the loop of each test, from that of the browser."""


def a_notebook(lab: Lab, name: str, *sources: str) -> None:
    cells: list[Any] = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "id": f"c{number}",
        }
        for number, source in enumerate(sources)
    ]
    spec = {"name": "xconda-science", "display_name": "Python (science)", "language": "python"}
    document = {"cells": cells, "nbformat": 4, "nbformat_minor": 5}
    path = lab.home / "notebooks" / name
    path.write_text(json.dumps({**document, "metadata": {"kernelspec": spec}}))


def test_a_notebook_moves_to_another_environment_while_it_is_open(
    lab: Lab, open_page: OpenPage
) -> None:
    lines = ("state = 'here'; state", "%xconda switch other --yes", "import sys; print(sys.prefix)")
    a_notebook(lab, "moves.ipynb", *lines)
    page = open_page(path="moves.ipynb")
    kernel = page.locator(".jp-Toolbar-kernelName").first
    kernel.get_by_text("Python (science)").wait_for()
    run_cell(page, 0).filter(has_text="here").wait_for()
    run_cell(page, 1).filter(has_text="Switching to other").wait_for()
    kernel.get_by_text("Python (other)").wait_for()
    run_cell(page, 2).filter(has_text=str(lab.home / "envs" / "other")).wait_for()
