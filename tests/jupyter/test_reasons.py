"""Why and tree as values of a notebook: in words, in HTML, and to go on with."""

from typing import Any

from xconda_jupyter.kernel.reasons import Reason, Reasons, Tree

WHY = {
    "name": "numpy",
    "version": "1.26",
    "is_needed": True,
    "chains": [[{"name": "pandas", "version": "2.1", "wants": ""}]],
    "version_limit": {"holders": [{"kind": "depends", "name": "pandas", "wants": "numpy <2"}]},
    "words": ["numpy 1.26 (<b>)", "  you asked for pandas: pandas 2.1 needs numpy <2"],
}


def a_line(depth: int, name: str, **more: Any) -> dict[str, Any]:
    flags = {"repeated": False, "cut": False, "missing": False, "requested": False}
    return {"depth": depth, "name": name, "version": "1", "wants": name, **flags, **more}


TREE = {
    "title": "/env",
    "inverted": False,
    "packages": [],
    "lines": [
        a_line(0, "a", requested=True),
        a_line(1, "b"),
        a_line(2, "c<", cut=True),
        a_line(1, "c", repeated=True),
        a_line(0, "d"),
    ],
}


def test_a_reason_shows_its_words_and_has_its_facts() -> None:
    reason = Reason(WHY)

    assert repr(reason).splitlines()[1].strip().startswith("you asked for pandas")
    assert reason.holders[0]["name"] == "pandas"
    assert "words" not in reason.to_json()
    page = reason._repr_html_()
    assert "&lt;2" in page
    assert "<b>numpy 1.26 (&lt;b&gt;)</b>" in page


def test_several_reasons_are_a_sequence() -> None:
    reasons = Reasons([Reason(WHY), Reason(WHY)])

    assert (len(reasons), reasons[1].name, len(list(reasons))) == (2, "numpy", 2)
    assert reasons._repr_html_().count("<b>") == 2


def test_a_tree_is_drawn_and_folds() -> None:
    tree = Tree(TREE)

    assert repr(tree) == ("a 1 (asked for: a)\n├─ b 1 [b]\n│  └─ c< 1 [c<] …\n└─ c 1 [c] (*)\nd 1")
    page = tree._repr_html_()
    assert page.count("<details open>") == page.count("</details>") == 2
    assert "c&lt;" in page
    assert ("b" in tree, "x" in tree, len(tree)) == (True, False, 5)


def test_a_tree_of_nothing_says_so() -> None:
    assert repr(Tree({**TREE, "lines": []})) == "no packages"
