"""The one world of all option rows."""

from collections.abc import Iterator

import pytest

from tests.surface.orchard import Place, a_place


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with a_place(tmp_path_factory.mktemp("surface")) as made:
        yield made
