"""Questions about channels, answered from a real one."""

import json
from pathlib import Path

import pytest

from tests.engine.orchard import Orchard, an_orchard
from xconda_core.cli.tree_text import tree_text
from xconda_core.engine import questions
from xconda_core.engine.query_answer import QueryAnswer
from xconda_core.engine.search import NothingFound, search
from xconda_core.testing.channel_server import serve


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Orchard:
    return an_orchard(tmp_path_factory.mktemp("orchard"))


def found(answer: QueryAnswer) -> list[tuple[str, str, str]]:
    return [(each.name, each.version, each.wants) for each in answer.packages]


def drawn(answer: QueryAnswer) -> list[str]:
    assert answer.tree is not None
    return [line.text for line in tree_text(answer.tree, unicode=False)]


def test_a_search_tells_the_best_first(orchard: Orchard) -> None:
    answer = questions.repoquery(orchard.engine(), "search", ["numpy>=2"])

    assert [version for _, version, _ in found(answer)] == ["2.3", "2.0"]


def test_what_the_best_package_depends_on(orchard: Orchard) -> None:
    engine = orchard.engine()

    assert found(questions.repoquery(engine, "depends", ["pandas"])) == [
        ("dates", "1.0", "dates >=1"),
        ("numpy", "2.3", "numpy"),
    ]
    assert found(questions.repoquery(engine, "depends", ["pandas=2.1"]))[1] == (
        "numpy",
        "1.26",
        "numpy <2",
    )
    recursive = questions.repoquery(engine, "depends", ["pandas"], recursive=True)
    assert [name for name, _, _ in found(recursive)] == ["blas", "dates", "numpy"]


def test_who_needs_a_package_is_asked_without_forgetting_what_solves_put_in_order(
    tmp_path: Path,
) -> None:
    orchard = an_orchard(tmp_path)
    with serve(orchard.home / "channel") as server:
        questions.search(orchard.engine(channels=(server.url,)), search, "numpy")
        kept = {path: path.read_bytes() for path in (orchard.home / "pkgs").rglob("*.index")}

        questions.repoquery(orchard.engine(channels=(server.url,)), "whoneeds", ["numpy"])

    assert [path.read_bytes() == content for path, content in kept.items()] == [True]


def test_a_tree_of_dependencies(orchard: Orchard) -> None:
    answer = questions.repoquery(orchard.engine(), "depends", ["scipy"], tree=True)

    assert drawn(answer) == [
        "scipy 1.15",
        "|- blas 3.9 [blas]",
        "`- numpy 2.3 [numpy]",
        "   `- blas 3.9 [blas]",
    ]
    cut = questions.repoquery(orchard.engine(), "depends", ["scipy"], tree=True, depth=1)
    assert drawn(cut)[-1] == "`- numpy 2.3 [numpy] ..."


def test_who_needs_a_package(orchard: Orchard) -> None:
    engine = orchard.engine()

    assert found(questions.repoquery(engine, "whoneeds", ["numpy"])) == [
        ("pandas", "2.2", "numpy"),
        ("scipy", "1.15", "numpy"),
    ]
    assert found(questions.repoquery(engine, "whoneeds", ["libsql"])) == []


def test_who_needs_a_version_is_whose_dependency_takes_it(orchard: Orchard) -> None:
    answer = questions.repoquery(orchard.engine(), "whoneeds", ["dates=1.0"])

    assert found(answer) == [("pandas", "2.2", "dates >=1")]
    with pytest.raises(NothingFound):
        questions.repoquery(orchard.engine(), "whoneeds", ["dates=9"])


def test_who_needs_it_in_turn(orchard: Orchard) -> None:
    engine = orchard.engine()

    recursive = questions.repoquery(engine, "whoneeds", ["blas"], recursive=True)
    assert [name for name, _, _ in found(recursive)] == ["numpy", "pandas", "scipy"]
    assert drawn(questions.repoquery(engine, "whoneeds", ["blas"], tree=True)) == [
        "blas 3.9",
        "|- numpy 2.3 [blas]",
        "|  |- pandas 2.2 [numpy]",
        "|  `- scipy 1.15 [numpy]",
        "`- scipy 1.15 [blas]",
    ]


def test_an_environment_can_be_asked_instead(orchard: Orchard) -> None:
    prefix: Path = orchard.environment("pandas=2.1")

    answer = questions.repoquery(orchard.engine(), "whoneeds", ["numpy"], prefix=prefix)

    assert found(answer) == [("pandas", "2.1", "numpy <2")]


def test_the_document_has_the_form_that_others_read(orchard: Orchard) -> None:
    answer = questions.repoquery(orchard.engine(), "depends", ["pandas"])
    document = json.loads(json.dumps(answer.to_json()))

    assert document["query"] == {"query": "pandas", "type": "depends"}
    assert [each["name"] for each in document["result"]["pkgs"]] == ["dates", "numpy"]
    assert document["result"]["graph_roots"][0]["name"] == "pandas"
    assert (document["result"]["status"], document["result"]["msg"]) == ("OK", "")
