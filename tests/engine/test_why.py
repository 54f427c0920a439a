"""Why a package is there, and what holds its version: said of a real environment and channel."""

import json
from pathlib import Path

import pytest

from tests.engine.orchard import Orchard, an_orchard
from xconda_core.cli.tree_text import tree_text
from xconda_core.cli.why_text import why_lines
from xconda_core.engine import questions
from xconda_core.engine.answers import Why
from xconda_core.engine.not_installed import NotInstalledThere
from xconda_core.testing.simulator import a_package


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Orchard:
    return an_orchard(tmp_path_factory.mktemp("orchard"))


@pytest.fixture(scope="module")
def demo(orchard: Orchard) -> Path:
    return orchard.environment("pandas=2.1", "scipy")


def words(answer: Why) -> str:
    return "\n".join(line.text for line in why_lines(answer))


def test_every_way_from_what_was_asked_for_is_told_and_who_holds_the_version(
    orchard: Orchard, demo: Path
) -> None:
    assert words(questions.why(orchard.engine(), demo, "numpy")) == (
        "numpy 1.26 (channel)\n"
        "  you asked for pandas=2.1: pandas 2.1 needs numpy <2\n"
        "  you asked for scipy: scipy 1.15 needs numpy\n"
        "Version 1.26 and not 2.3:\n"
        "  pandas 2.1 wants numpy <2\n"
        "  proof, by trying to install it:\n"
        "    you ask for numpy >1.26\n"
        "    you asked for pandas=2.1 earlier\n"
        "      pandas 2.1 needs numpy <2"
    )


def test_a_version_between_is_offered_where_the_newest_is_held(tmp_path: Path) -> None:
    packages = (
        *(a_package("numpy", version) for version in ("1.0", "2.0", "3.0")),
        a_package("scipy", "1.15", depends=["numpy <3"]),
    )
    orchard = an_orchard(tmp_path, packages)
    prefix = orchard.environment("scipy", "numpy=1.0")

    text = words(questions.why(orchard.engine(), prefix, "numpy"))

    assert (
        "Version 1.0 and not 3.0:\n  you asked for numpy=1.0\n  scipy 1.15 wants numpy <3" in text
    )
    assert text.endswith("Up to 2.0 nothing holds it: `xconda update numpy`.")


def test_a_longer_way_names_every_step(orchard: Orchard, demo: Path) -> None:
    text = words(questions.why(orchard.engine(), demo, "blas"))

    assert "pandas 2.1 needs numpy <2, which needs blas" in text
    assert "scipy 1.15 needs blas\n" in text
    assert "Version 3.9 is the newest that the channels have." in text


def test_a_request_that_holds_the_version_is_named(orchard: Orchard, demo: Path) -> None:
    text = words(questions.why(orchard.engine(), demo, "pandas"))

    assert "you asked for it: pandas=2.1" in text
    assert "you asked for pandas=2.1, which is all that keeps it from 2.2." in text


def test_a_pin_that_holds_the_version_is_named(orchard: Orchard) -> None:
    prefix = orchard.environment("numpy=1.26", name="pinned")
    (prefix / "conda-meta" / "pinned").write_text("numpy 1.*\n", encoding="utf-8")

    text = words(questions.why(orchard.engine(), prefix, "numpy"))

    assert "numpy 1.* is pinned" in text


def test_what_an_update_would_bring_is_said(orchard: Orchard) -> None:
    prefix = orchard.environment("scipy", "numpy=1.26", name="late")
    history = prefix / "conda-meta" / "history"
    asked = history.read_text(encoding="utf-8").replace("numpy=1.26", "numpy")
    history.write_text(asked, encoding="utf-8")

    answer = questions.why(orchard.engine(), prefix, "numpy")

    assert answer.limit is not None
    assert (answer.limit.reachable, answer.limit.is_held) == ("2.3", False)
    assert "Nothing keeps it from 2.3: `xconda update numpy` brings it." in words(answer)


def test_a_package_that_nobody_needs_any_more_is_said_to_be_one(orchard: Orchard) -> None:
    prefix = orchard.environment("lonely", "dates", name="left")
    history = prefix / "conda-meta" / "history"
    specs = history.read_text(encoding="utf-8").replace("'lonely', ", "").replace('"lonely", ', "")
    history.write_text(specs, encoding="utf-8")
    engine = orchard.engine()

    assert not questions.why(engine, prefix, "lonely").is_needed
    assert "`xconda remove lonely` takes it away" in words(questions.why(engine, prefix, "lonely"))
    assert "needed by lonely, but by nothing that you asked for" in words(
        questions.why(engine, prefix, "friend")
    )
    assert questions.why(engine, prefix, "dates").is_needed


def test_channels_out_of_reach_leave_the_reasons(orchard: Orchard, demo: Path) -> None:
    engine = orchard.engine(channels=((orchard.home / "gone").as_uri(),))

    answer = questions.why(engine, demo, "numpy")

    assert "is not a conda channel" in answer.limit_failure
    assert answer.limit is None
    assert len(answer.chains) == 2


def test_a_typing_mistake_is_told_with_what_is_near(orchard: Orchard, demo: Path) -> None:
    with pytest.raises(NotInstalledThere) as refusal:
        questions.why(orchard.engine(), demo, "nunpy")

    assert refusal.value.fix == "did you mean numpy?"


def test_the_document_holds_everything(orchard: Orchard, demo: Path) -> None:
    document = json.loads(json.dumps(questions.why(orchard.engine(), demo, "numpy").to_json()))

    assert document["chains"][0] == [
        {"name": "pandas", "version": "2.1", "wants": "pandas=2.1"},
        {"name": "numpy", "version": "1.26", "wants": "numpy <2"},
    ]
    assert document["version_limit"]["holders"] == [
        {"kind": "depends", "name": "pandas", "version": "2.1", "wants": "numpy <2"}
    ]
    assert document["version_limit"]["reachable"] == "1.26"


def drawn(orchard: Orchard, prefix: Path, *names: str, unicode: bool = True, **how: bool) -> str:
    found = questions.tree(orchard.engine(), prefix, names, **how)  # type: ignore[arg-type]
    return "\n".join(line.text for line in tree_text(found, unicode=unicode))


def test_a_tree_begins_with_what_was_asked_for(orchard: Orchard, demo: Path) -> None:
    assert drawn(orchard, demo) == (
        "pandas 2.1 (asked for: pandas=2.1)\n"
        "├─ dates 1.0 [dates >=1]\n"
        "└─ numpy 1.26 [numpy <2]\n"
        "   └─ blas 3.9 [blas]\n"
        "scipy 1.15 (asked for: scipy)\n"
        "├─ blas 3.9 [blas]\n"
        "└─ numpy 1.26 [numpy] (*)"
    )


def test_a_tree_is_plain_where_it_must_be_and_says_nothing_twice_if_asked(
    orchard: Orchard, demo: Path
) -> None:
    assert drawn(orchard, demo, unicode=False, repeat=False) == (
        "pandas 2.1 (asked for: pandas=2.1)\n"
        "|- dates 1.0 [dates >=1]\n"
        "`- numpy 1.26 [numpy <2]\n"
        "   `- blas 3.9 [blas]\n"
        "scipy 1.15 (asked for: scipy)"
    )


def test_an_inverted_tree_says_who_needs_it(orchard: Orchard, demo: Path) -> None:
    assert drawn(orchard, demo, "blas", invert=True) == (
        "blas 3.9\n"
        "├─ numpy 1.26 [blas]\n"
        "│  ├─ pandas 2.1 [numpy <2]\n"
        "│  └─ scipy 1.15 [numpy]\n"
        "└─ scipy 1.15 [blas]"
    )


def test_a_dependency_that_is_not_there_is_marked(orchard: Orchard) -> None:
    prefix = orchard.environment("lonely", name="broken")
    next((prefix / "conda-meta").glob("friend-*.json")).unlink()

    assert drawn(orchard, prefix, "lonely").splitlines()[1] == "└─ friend (missing)"


def test_a_tree_as_a_document_is_nested(orchard: Orchard, demo: Path) -> None:
    found = questions.tree(orchard.engine(), demo, ["pandas"], depth=1)
    document = json.loads(json.dumps(found.to_json()))

    [top] = document["packages"]
    assert [each["name"] for each in top["packages"]] == ["dates", "numpy"]
    assert [each["cut"] for each in top["packages"]] == [False, True]
