"""A conflict as a picture's data, as Markdown, and in the JSON that every surface carries."""

import json

import pytest

from tests.solver.readable import asking, environment, fulfilled, universe
from xconda_core.solver.drawing import drawing, markdown
from xconda_core.solver.unsatisfiable import Unsatisfiable

CHANNEL = universe(
    """
    app 2.0 needs library >=2 and __cuda
    library 2.0 needs base_abi 2.* *_two
    library 1.0
    base_abi 2 x_two
    base_abi 1 x_one
    ghostly 1.0 needs ghost
    """
)


def refusal(*wanted: str, pinned: str = "") -> Unsatisfiable:
    state = environment("", pinned=[pinned] if pinned else ())
    with pytest.raises(Unsatisfiable) as no:
        fulfilled(asking(CHANNEL, state, *wanted, pins_written_in="~/.condarc"))
    return no.value


def test_what_is_asked_and_packages_are_nodes_and_claims_are_arrows() -> None:
    picture = drawing(refusal("library=2", pinned="base_abi=1").conflict)

    assert [(node.id, node.kind) for node in picture.nodes] == [
        ("request 0", "asked"),
        ("library", "package"),
        ("pin 1", "asked"),
        ("base_abi", "package"),
    ]
    assert [(edge.source, edge.target, edge.kind) for edge in picture.edges] == [
        ("request 0", "library", "request"),
        ("pin 1", "base_abi", "pin"),
        ("library", "base_abi", "depends"),
    ]
    assert picture.edges[2].words == "library 2.0 needs base_abi 2.* *_two"


def test_every_arrow_begins_and_ends_at_a_node() -> None:
    for request in (("app",), ("ghostly",), ("library=2", "base_abi=1")):
        picture = drawing(refusal(*request).conflict)
        known = {node.id for node in picture.nodes}
        assert {end for edge in picture.edges for end in (edge.source, edge.target)} <= known


def test_what_the_machine_lacks_and_what_no_channel_has_look_different() -> None:
    kinds = {
        node.id: node.kind
        for request in ("app", "ghostly")
        for node in drawing(refusal(request).conflict).nodes
    }

    assert (kinds["__cuda"], kinds["ghost"]) == ("machine", "missing")


def test_markdown_is_a_list_in_which_specs_stay_as_they_are() -> None:
    assert markdown(refusal("library=2", "base_abi=1").conflict) == (
        "- you ask for library=2\n"
        "  - library 2.0 needs base\\_abi 2.\\* \\*\\_two\n"
        "- you ask for base\\_abi=1"
    )


def test_the_json_of_a_refusal_has_claims_ways_proof_picture_and_markdown() -> None:
    document = json.loads(json.dumps(refusal("library=2", "base_abi=1").to_json()))

    facts = document["facts"]
    assert facts.keys() == {"conflict", "relaxations", "proof", "drawing", "markdown"}
    assert facts["conflict"]["claims"][0]["specs"] == ["library=2"]
    assert facts["drawing"]["edges"][0]["kind"] == "request"
    assert facts["proof"]["checked_by"] == ["xconda"]
