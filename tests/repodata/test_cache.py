"""What is kept between runs, and for how long it is good."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.repodata.cache import CacheState, DocumentCache, max_age

URL = "https://host/forge/linux-64/"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=60", 60),
        ("public, Max-Age = 1200, immutable", 1200),
        ('max-age="30"', 30),
        ("max-age=60, no-cache", 0),
        ("no-store", 0),
        ("", 0),
        ("max-age=soon", 0),
    ],
)
def test_cache_control_says_for_how_long(header: str, seconds: int) -> None:
    assert max_age(header) == seconds


def test_a_list_from_the_future_is_not_fresh() -> None:
    state = CacheState(url=URL, file="repodata.json", fetched_at=1000.0)
    assert state.is_fresh(ttl=60, now=1059.0)
    assert not state.is_fresh(ttl=60, now=1060.0)
    assert not state.is_fresh(ttl=60, now=999.0)


def test_a_kept_document_comes_back_and_its_predecessor_goes(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path / "new" / "folder")
    for content in (b"one", b"two"):
        cache.keep(content, CacheState(url=URL, file="repodata.json", etag='"1"'))
    state = cache.state(URL)
    assert state is not None
    assert (cache.content(state), state.etag) == (b"two", '"1"')
    assert len(list(tmp_path.rglob("*.json"))) == 2


def test_a_document_that_is_not_what_was_kept_is_none(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path)
    state = cache.keep(b"content", CacheState(url=URL, file="repodata.json"))
    for spoilt in (b"cont", b"content and more", bytes(len(b"content"))):
        (tmp_path / state.document).write_bytes(spoilt)
        assert cache.content(state) is None
    (tmp_path / state.document).unlink()
    assert cache.content(state) is None


@settings(deadline=None)
@given(content=st.binary(max_size=100))
def test_a_state_that_cannot_be_read_is_none(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache = DocumentCache(folder)
    cache.keep(b"content", CacheState(url=URL, file="repodata.json"))
    next(folder.glob("*.state.json")).write_bytes(content)
    assert cache.state(URL) is None
    assert cache.state("https://host/other/") is None


def test_a_state_cannot_name_a_file_outside_the_cache(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    cache = DocumentCache(tmp_path / "cache")
    assert (
        cache.content(CacheState(url=URL, file="repodata.json", document="../secret", size=6))
        is None
    )
