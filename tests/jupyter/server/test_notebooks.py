"""A saved notebook: its environment, what its cells need, drift, and restart advice."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.jupyter.server.conftest import Ask
from tests.jupyter.server.test_jobs import created
from xconda_jupyter.server.job_documents import Transaction
from xconda_jupyter.server.kernel_documents import RunningKernel
from xconda_jupyter.server.notebooks import restart_of


def save(path: Path, *cells: str, **metadata: Any) -> None:
    sources = [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]
    words = {"cell_type": "markdown", "source": "import nothing_at_all"}
    document = {"cells": [words, *sources], "metadata": metadata, "nbformat": 4}
    path.write_text(json.dumps(document))


def a_python(prefix: str) -> None:
    """Let the environment look like one with a Python that has one package."""
    packages = Path(prefix) / "lib" / "python3.12" / "site-packages"
    (packages / "there").mkdir(parents=True)
    (packages / "there" / "__init__.py").touch()


async def test_a_notebook_says_what_its_environment_lacks_and_what_brings_it(
    ask: Ask, jp_root_dir: Path
) -> None:
    prefix = await created(ask, "tool")
    a_python(prefix)
    (jp_root_dir / "mine.py").touch()
    save(
        jp_root_dir / "n.ipynb",
        "%matplotlib inline\nimport json, there.inner, mine\nx = !ls",
        "try:\n    import optional\nexcept ImportError:\n    pass\nfrom tool import thing",
        "%%bash\nimport not-python",
        "def broken(",
        xconda={"environment": {"name": "e"}},
    )
    status, found = await ask("GET", "notebook", path="n.ipynb")
    assert status == 200, found
    assert found["environment"] == {"name": "e", "prefix": prefix, "because": "recorded"}
    modules = {each["module"]: each["is_found"] for each in found["needs"]["modules"]}
    assert modules == {
        "json": True, "there.inner": True, "mine": True, "optional": False, "tool": False,
    }  # fmt: skip
    assert found["needs"]["unread"] == 1
    assert [each["module"] for each in found["needs"]["missing"]["modules"]] == ["tool"]
    assert found["restart"] is None


async def test_what_a_script_block_asks_for_is_held_against_the_environment(
    ask: Ask, jp_root_dir: Path
) -> None:
    await created(ask, "tool=1.0")
    block = '# /// script\n# dependencies = ["tool>=2", "base-lib"]\n# ///\n'
    save(jp_root_dir / "n.ipynb", block, xconda={"environment": {"name": "e"}})
    _, found = await ask("GET", "notebook", path="n.ipynb")
    assert found["needs"]["unmet"] == [{"requirement": "tool>=2", "installed": "1.0"}]


async def test_a_notebook_that_refers_to_what_is_not_here_says_so(
    ask: Ask, jp_root_dir: Path
) -> None:
    reference = {"name": "elsewhere", "prefix": "/opt/elsewhere"}
    save(jp_root_dir / "n.ipynb", "import x", xconda={"environment": reference})
    _, found = await ask("GET", "notebook", path="n.ipynb")
    assert found["environment"] is None
    assert not found["drift"]["is_recorded_there"]
    assert "elsewhere" in found["drift"]["words"][0]


@pytest.mark.parametrize(
    "path", ["../n.ipynb", "/../n.ipynb", "a/../../n.ipynb", "n.txt", "", "\0.ipynb", ".n.ipynb"]
)
async def test_no_file_outside_the_servers_folder_is_read(
    ask: Ask, jp_root_dir: Path, path: str
) -> None:
    for place in (jp_root_dir.parent / "n.ipynb", jp_root_dir / "n.txt", jp_root_dir / ".n.ipynb"):
        save(place, "import x")
    status, error = await ask("GET", "notebook", path=path)
    assert (status, error["code"]) == (403, "notebook-not-allowed")


async def test_what_is_no_notebook_is_refused(ask: Ask, jp_root_dir: Path) -> None:
    (jp_root_dir / "n.ipynb").write_text("no JSON")
    status, error = await ask("GET", "notebook", path="n.ipynb")
    assert (status, error["code"]) == (422, "notebook-unreadable")
    status, error = await ask("GET", "notebook", path="none.ipynb")
    assert (status, error["code"]) == (404, "notebook-not-found")


def a_kernel(started: float | None) -> RunningKernel:
    return RunningKernel(
        id="k", name="e", state="idle", path="n.ipynb", type="notebook", prefix="/e",
        started=started,
    )  # fmt: skip


def did(linked: list[str], unlinked: list[str]) -> Transaction:
    return Transaction(linked=linked, unlinked=unlinked, clobbered={})


def test_a_package_that_changed_after_the_kernel_started_advises_a_restart() -> None:
    done = [
        ("old", 50.0, did(["early-1-0"], ["early-0-0"])),
        ("job", 150.0, did(["a-b-2-0", "new-1-0"], ["a-b-1-0", "gone-1-0"])),
    ]
    found = restart_of(a_kernel(100.0), done, 151.0)
    assert found is not None
    assert (found.jobs, found.changed, found.removed, found.new) == (
        ["job"], ["a-b"], ["gone"], ["new"],
    )  # fmt: skip
    assert found.is_advised
    assert not found.by_others


def test_what_is_only_new_needs_no_restart() -> None:
    found = restart_of(a_kernel(100.0), [("job", 150.0, did(["new-1-0"], []))], 150.0)
    assert found is not None
    assert not found.is_advised
    assert found.words == "new can be imported at once."


def test_a_change_that_left_no_job_advises_a_restart_too() -> None:
    found = restart_of(a_kernel(100.0), [], 200.0)
    assert found is not None
    assert (found.is_advised, found.by_others) == (True, True)


@pytest.mark.parametrize("started", [None, 300.0])
def test_a_kernel_that_started_later_or_nobody_knows_when_has_no_advice(
    started: float | None,
) -> None:
    assert restart_of(a_kernel(started), [("job", 150.0, did(["a-1-0"], []))], 200.0) is None
