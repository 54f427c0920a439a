"""A failed import in a real kernel: the traceback, then the package, and nothing installed."""

import re
from pathlib import Path

import pytest

from tests.jupyter.conftest import Kernel, installed, wait_until

pytestmark = pytest.mark.slow


def offered(kernel: Kernel, cell: str) -> str:
    """Return what stands below the traceback; it may have come a moment after it."""
    done = kernel.run(cell)
    assert "ModuleNotFoundError" in done.error
    texts = done.pictures

    def has_come() -> bool:
        texts.extend(kernel.run("pass").pictures)
        return bool(texts) and not texts[-1].startswith("Looking")

    wait_until(has_come)
    return texts[-1]


def test_the_traceback_is_shown_and_the_offer_follows_and_nothing_is_installed(
    kernel: Kernel, environment: Path
) -> None:
    kernel.run("%xconda search greeter")  # a package list is kept from now on
    before = installed(environment)
    text = offered(kernel, "import greeter")
    assert text.startswith("`%xconda install greeter` brings greeter: greeter 3.0 from ")
    assert "to download" in text
    assert installed(environment) == before


def test_missing_lists_what_was_imported_in_vain_with_one_line_for_all(kernel: Kernel) -> None:
    kernel.run("%xconda search greeter")
    kernel.run("%config XcondaMagics.help_imports = False")
    assert kernel.run("import greeter, nonesuch").pictures == []
    text = kernel.run("import pandas\n").value + kernel.run("%xconda missing").value
    assert re.search(r"nonesuch +no package is known to bring it", text)
    assert "`%xconda install greeter pandas` installs all of them" in text


def test_it_can_be_switched_off_and_on(kernel: Kernel) -> None:
    assert "left alone" in kernel.run("%xconda help-imports off").value
    assert kernel.run("import nonesuch").pictures == []
    kernel.run("%xconda help-imports on")
    assert "No package is known to bring nonesuch" in offered(kernel, "import nonesuch")


def test_a_handler_of_somebody_else_still_handles_the_exception(kernel: Kernel) -> None:
    kernel.run("%xconda help")
    kernel.run(
        "def mine(shell, kind, value, trace, tb_offset=None):\n"
        "    print('mine:', value)\n"
        "get_ipython().set_custom_exc((ImportError,), mine)"
    )
    done = kernel.run("import nonesuch")
    assert done.printed == "mine: No module named 'nonesuch'\n"


def test_a_file_that_hides_a_package_is_named(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("%xconda help")
    (tmp_path / "pip.py").touch()
    done = kernel.run("import sys; sys.modules.pop('pip', None)\nimport pip.nonesuch")
    assert "pip.py hides" in done.last


def test_other_errors_are_left_alone(kernel: Kernel) -> None:
    assert kernel.run("1 / 0").pictures == []
    assert kernel.run("from json import nonesuch").pictures == []
