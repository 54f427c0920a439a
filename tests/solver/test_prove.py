"""``--prove``: whether a package that was named could be newer, and how that is known."""

import sys
from collections.abc import Mapping

import pytest

from tests.solver.readable import asking, environment, universe
from xconda_core.cancel import CancelToken
from xconda_core.events import silent
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.fulfil import fulfil
from xconda_core.solver.newness import Newness
from xconda_core.solver.prove import newness
from xconda_core.solver.sat import PycosatMissing, confirmed
from xconda_core.solver.search import solve
from xconda_core.solver.unsatisfiable import Unsatisfiable

NEW = environment("")
RIVALS = universe("a 1.0\n a 2.0 needs b 1.*\n b 1.0\n b 2.0")
LAGGING = universe(
    """
    numpy 1.0 needs python
    numpy 2.0 needs python >=3.12
    python 3.11
    python 3.12
    """
)


def known(index: MemoryIndex, *wanted: str, installed: str = "") -> Mapping[str, Newness]:
    pytest.importorskip("pycosat")
    state = environment(installed) if installed else NEW
    request = asking(index, state, *wanted, verb="install" if installed else "create")
    records = fulfil(request, solve, silent, CancelToken()).records
    return {each.name: each for each in newness(request, records, CancelToken())}


def test_the_newest_there_is_needs_no_proof() -> None:
    found = known(LAGGING, "numpy")["numpy"]

    assert (found.verdict, found.words) == ("newest", ("numpy 2.0 is the newest there is.",))


def test_a_spec_that_allows_no_newer_one_is_the_reason() -> None:
    found = known(LAGGING, "python=3.11")["python"]

    assert found.verdict == "newest-allowed"
    assert found.words == ("python 3.11 is the newest that python=3.11 allows.",)


def test_what_cannot_be_newer_is_proven_on_its_smallest_facts() -> None:
    found = known(LAGGING, "python=3.11", "numpy")["numpy"]

    assert found.verdict == "proven"
    assert found.checked_by == ("xconda", "pycosat")
    assert found.words == (
        "numpy 1.0 cannot be newer: 3 facts exclude it, proven by xconda and pycosat:",
        "  you ask for python=3.11",
        "  a newer numpy would be 2.0",
        "    numpy 2.0 needs python >=3.12",
    )


def test_what_could_be_newer_says_at_what_price() -> None:
    found = known(RIVALS, "a", "b")["b"]

    assert found.verdict == "possible"
    assert found.older == (("a", "2.0", "1.0"),)
    assert found.words == ("b 1.0 could be 2.0, at the price of a 1.0 instead of 2.0.",)


def test_what_is_installed_is_part_of_a_proof() -> None:
    found = known(LAGGING, "numpy", installed="python 3.11")["numpy"]

    assert "  python=3.11 is installed, and stays unless you name python" in found.words


def test_without_pycosat_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycosat", None)

    with pytest.raises(PycosatMissing):
        newness(asking(LAGGING, NEW, "numpy", verb="create"), {}, CancelToken())


def a_refusal() -> Unsatisfiable:
    with pytest.raises(Unsatisfiable) as refusal:
        fulfil(asking(LAGGING, NEW, "python=3.11", "numpy=2"), solve, silent, CancelToken())
    return refusal.value


def test_every_no_says_on_how_many_facts_it_rests_and_who_checked_them() -> None:
    pytest.importorskip("pycosat")

    document = confirmed(a_refusal(), CancelToken()).to_json()["facts"]

    assert isinstance(document, dict)
    assert document["proof"] == {"fact_count": 3, "checked_by": ["xconda", "pycosat"]}


def test_without_pycosat_a_no_rests_on_the_search_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pycosat", None)

    assert confirmed(a_refusal(), CancelToken()).proof.checked_by == ("xconda",)
