"""Requirements in comments of code: PEP 723 and conda-script, read as their own tools read them."""

import pytest

from xconda_core.environment.formats.script_blocks import script_blocks

PEP_723 = """\
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "httpx<1",
#   "rich",
# ]
#
# [tool.pixi.dependencies]
# gdal = "3.*"
# zlib = { version = ">=1.2, <2", channel = "conda-forge" }
# cuda = { version = "*", when = "__cuda" }
#
# [tool.pixi.pypi-dependencies]
# polars = ">=1"
# ///
import httpx
"""
CONDA_SCRIPT = """\
// /// conda-script
// channels = ["conda-forge"]
// entrypoint = "zig run ${SCRIPT}"
//
// [dependencies]
// zig = "*"
// zlib = { version = "1.3.*", build = "h1*" }
// /// end-conda-script
const std = 1;
"""


def test_a_pep_723_block_with_pixis_tables_is_read() -> None:
    (block,) = script_blocks(["1 + 1", PEP_723])
    assert block.kind == "script"
    assert block.requires_python == ">=3.11"
    assert block.pip == ("httpx<1", "rich", "polars>=1")
    assert block.conda == ("gdal[version='3.*']", "conda-forge::zlib[version='>=1.2,<2']")
    assert block.conditional == ("cuda",)


def test_a_conda_script_block_is_read_whatever_the_mark_of_comments() -> None:
    (block,) = script_blocks([CONDA_SCRIPT])
    assert block.kind == "conda-script"
    assert block.conda == ("zig", "zlib[version='1.3.*', build='h1*']")


@pytest.mark.parametrize(
    "source",
    [
        "# /// script\n# dependencies = ['a']\n",
        "# /// script\nprint()\n# ///",
        "// /// script\n// dependencies = ['a']\n// ///",
        "# /// other\n# a = 1\n# ///",
        "x = '# /// script'",
    ],
    ids=["open", "interrupted", "not Python's comment", "of another kind", "no comment"],
)
def test_what_is_no_block_asks_for_nothing(source: str) -> None:
    assert script_blocks([source]) == ()


def test_a_block_that_is_no_toml_says_so_and_asks_for_nothing() -> None:
    (block,) = script_blocks(["# /// script\n# dependencies = [\n# ///"])
    assert "no TOML" in block.problem
    assert (block.conda, block.pip) == ((), ())


def test_two_blocks_of_a_kind_are_an_error_as_pep_723_says() -> None:
    assert {block.problem for block in script_blocks([PEP_723, PEP_723])} == {
        "there is more than one `/// script` block"
    }
