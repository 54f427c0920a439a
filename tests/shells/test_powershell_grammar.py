"""What PowerShell is told is PowerShell: read by its grammar, since none can be had here to run it.

The grammar is tree-sitter's, written by others from the language specification. It tells statements
from mistakes and where a text in quotes ends; what a command does, only PowerShell knows.
"""

import ntpath
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.environment.activation_change import ActivationChange
from xconda_core.environment.shells.dialect import program
from xconda_core.environment.shells.hook import FOLDER, hook
from xconda_core.environment.shells.powershell import POWERSHELL, quote
from xconda_core.environment.start_up_files import condabin_lines, hook_lines

WORDS = (r"C:\it's here\python.exe", "-m", "xconda_core")
LANGUAGE = tree_sitter.Language(tree_sitter_powershell.language())


def nodes(text: str) -> Iterator[tree_sitter.Node]:
    """Return every node of the tree of ``text``, each before what is in it."""
    waiting = [tree_sitter.Parser(LANGUAGE).parse(text.encode()).root_node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def mistakes(text: str) -> list[str]:
    """Return what of ``text`` is no PowerShell."""
    return [str(each) for each in nodes(text) if each.is_error or each.is_missing]


@pytest.mark.parametrize("text", ["if ($a { b }", "$Env:A = 'it's'", "function { ("])
def test_the_grammar_tells_what_is_no_powershell(text: str) -> None:
    assert mistakes(text)


@pytest.mark.parametrize("condabin", [None, Path(r"C:\o'brien\condabin")], ids=["none", "some"])
def test_the_hook_is_powershell(condabin: Path | None) -> None:
    text = hook("powershell", WORDS, condabin, "it's", also_conda=True)
    assert mistakes(text) == []
    functions = [each.children[1].text for each in nodes(text) if each.type == "function_statement"]
    assert functions == [b"global:Invoke-XcondaChange", b"global:xconda", b"global:prompt"]


def test_what_init_writes_is_powershell() -> None:
    lines = [*hook_lines("powershell", WORDS), *condabin_lines("powershell", Path("/o'brien"))]
    assert mistakes("\n".join(lines)) == []


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\u2018\u2019\u201a\u201b"))


@given(value=texts, name=st.from_regex(r"\A[A-Z_][A-Z0-9_]{0,8}\Z"), folder=texts)
def test_a_change_is_a_statement_for_each_thing_that_changes(
    value: str, name: str, folder: str
) -> None:
    script = Path(ntpath.join("C:\\", folder.replace("/", "-"), "a.ps1"))
    change = ActivationChange(
        set={name: value, "PATH": folder}, unset=("GONE",), activate_scripts=(script,)
    )
    text = program(change, POWERSHELL, {})
    assert mistakes(text) == []
    tree = tree_sitter.Parser(LANGUAGE).parse(text.encode()).root_node
    [statements] = tree.children
    assert len(statements.children) == (4 if name != "PATH" else 3)


@given(text=texts)
def test_a_text_in_quotes_is_one_text_that_says_the_same(text: str) -> None:
    found = [each for each in nodes(quote(text)) if each.type == "verbatim_string_characters"]
    assert [each.text.decode() for each in found if each.text] == [quote(text)]
    assert quote(text)[1:-1].replace("''", "'") == text


def test_no_part_of_the_hook_is_left_out_of_the_check() -> None:
    assert (FOLDER / "xconda.ps1").read_text(encoding="utf-8") in hook(
        "powershell", WORDS, None, None
    )
