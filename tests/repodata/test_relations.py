"""Channels that want other channels beside them: what is searched then, and in which order."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.models.channel import Channel
from xconda_core.repodata.relations import (
    ChannelOrder,
    ChannelRelationsUnusable,
    Relations,
    resolved,
)
from xconda_core.repodata.source import Related

Bench = Any  # the bench of conftest
Declared = dict[str, tuple[str | None, str | None]]  # channel -> base, overrides


def order(chosen: list[str], **declared: tuple[str | None, str | None]) -> list[str]:
    found = ChannelOrder(tuple(chosen))
    for channel, (base, overrides) in declared.items():
        found.declare(channel, base, overrides)
    return list(found.resolve())


@pytest.mark.parametrize(
    ("chosen", "declared", "expected"),
    [
        ("bio", {"bio": ("forge", None)}, "forge bio"),
        ("rc", {"rc": (None, "forge")}, "rc forge"),
        ("mine", {"mine": ("bio", None), "bio": ("forge", None)}, "forge bio mine"),
        ("mine", {"mine": ("forge", "fixes")}, "forge mine fixes"),
        ("forge bio", {"bio": ("forge", None)}, "forge bio"),
        ("bio forge", {"bio": ("forge", None)}, "bio forge"),
        ("first bio", {"bio": ("forge", None)}, "first forge bio"),
        ("rc last", {"rc": (None, "forge")}, "rc forge last"),
        ("rc bio", {"rc": (None, "forge"), "bio": ("forge", None)}, "rc forge bio"),
        ("a b c", {"a": ("c", None), "c": (None, "a")}, "a b c"),
    ],
)
def test_the_order_is_as_the_standard_tells_it(
    chosen: str, declared: Declared, expected: str
) -> None:
    assert order(chosen.split(), **declared) == expected.split()


@pytest.mark.parametrize(
    "declared",
    [
        {"a": ("x", "x")},
        {"a": ("a", None)},
        {"a": (None, "a")},
        {"a": ("x", None), "x": ("y", None), "y": ("x", None)},
        {"b": (None, "x"), "x": (None, "a")},
    ],
)
def test_what_contradicts_itself_is_refused_and_its_channels_named(declared: Declared) -> None:
    with pytest.raises(ChannelRelationsUnusable) as raised:
        order(["a", "b"], **declared)
    assert raised.value.channels
    assert "channel_relations_max_depth: 0" in raised.value.fix


@given(
    st.lists(st.sampled_from("abcdef"), unique=True, min_size=1),
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(*[st.none() | st.sampled_from("abcdefxyz")] * 2),
    ),
)
def test_the_order_of_the_user_always_holds_and_nobody_is_there_twice(
    chosen: list[str], declared: Declared
) -> None:
    try:
        found = order(chosen, **declared)
    except ChannelRelationsUnusable:
        return
    assert len(found) == len(set(found))
    assert [channel for channel in found if channel in chosen] == chosen
    for channel, (base, overrides) in declared.items():
        for higher, lower in ((base, channel), (channel, overrides)):
            if higher and lower and not {higher, lower} <= set(chosen):
                assert found.index(higher) < found.index(lower)


@pytest.mark.parametrize(
    ("reference", "channel", "expected"),
    [
        ("../conda-forge", "https://host/bioconda", "https://host/conda-forge"),
        ("../..", "https://host/conda-forge/label/rc", "https://host/conda-forge"),
        ("../b/./c//", "https://host/t/a", "https://host/t/b/c"),
        ("../b", "file:///srv/channels/a", "file:///srv/channels/b"),
    ],
)
def test_a_reference_counts_from_the_channel(reference: str, channel: str, expected: str) -> None:
    assert resolved(reference, channel) == expected


@pytest.mark.parametrize(
    "reference",
    ["conda-forge", "https://evil/x", "/x", "./x", "..", "../..", "../../x/..", "../../../x",
     "../x?y", "../x#y", "../a@b", "..\\x", "../х", ""],
)  # fmt: skip
def test_a_reference_leads_nowhere_but_to_a_channel_of_the_same_server(reference: str) -> None:
    with pytest.raises(ValueError, match=r"it must be|it leads out|it names no"):
        resolved(reference, "https://host/bioconda")


@pytest.mark.parametrize("declared", [None, [], "x", {"base": 7}, {"other": "../x"}, {}])
def test_what_declares_nothing_is_no_harm(declared: object) -> None:
    assert Relations.read(declared) == Relations()


@pytest.fixture
def orchard(bench: Bench, record: Any) -> Bench:
    """Three channels beside each other: ``bio`` wants ``forge`` above it."""
    for name, version in (("forge", "1.0"), ("bio", "2.0"), ("other", "3.0")):
        publish(bench, name, record("numpy", version), record(name))
    declare(bench, "bio", base="../forge")
    return bench


def publish(bench: Bench, channel: str, *records: Any) -> None:
    folder = bench.folder / channel / "noarch"
    folder.mkdir(parents=True)
    document = {"info": {}, "packages.conda": dict(records)}
    (folder / "repodata.json").write_text(json.dumps(document))


def declare(bench: Bench, channel: str, **relations: object) -> None:
    path = bench.folder / channel / "noarch" / "repodata.json"
    document = json.loads(path.read_text())
    document["info"]["channel_relations"] = relations
    path.write_text(json.dumps(document))


def find(channel: Channel, url: str) -> Channel:
    return replace(Channel.parse(url), platform=channel.platform)


def names(bench: Bench, *channels: str, related: Related | None = None) -> list[str]:
    urls = [f"{bench.server.url}/{channel}" for channel in channels]
    index = bench.load(*urls, related=related or Related(find, 10))
    return [channel.removeprefix(f"{bench.server.url}/") for channel in index.channels]


def test_a_channel_that_another_wants_is_searched_and_told(orchard: Bench) -> None:
    assert names(orchard, "bio") == ["forge", "bio"]
    url = orchard.server.url
    assert orchard.notices() == [
        f"{url}/forge is searched too, because {url}/bio wants it beside it."
    ]


def test_without_relations_nothing_is_said(orchard: Bench) -> None:
    assert names(orchard, "other", "forge") == ["other", "forge"]
    assert names(orchard, "bio", "forge") == ["bio", "forge"]
    assert orchard.notices() == []


def test_a_chain_is_followed_and_no_further_than_it_may_be(orchard: Bench) -> None:
    declare(orchard, "forge", base="../other")
    assert names(orchard, "bio") == ["other", "forge", "bio"]
    assert names(orchard, "bio", related=Related(find, 0)) == ["bio"]
    with pytest.raises(ChannelRelationsUnusable, match="longer than 1"):
        names(orchard, "bio", related=Related(find, 1))


def test_a_wish_that_is_none_or_leads_nowhere_is_passed_over_and_told(orchard: Bench) -> None:
    declare(orchard, "other", base="forge", overrides="../nowhere")
    assert names(orchard, "other") == ["other"]
    notices = "\n".join(orchard.notices())
    assert "other wants 'forge' beside it, which is passed over: it must be a path" in notices
    assert "/nowhere is not a conda channel. It is passed over:" in notices


def test_a_channel_that_may_not_be_used_is_not(orchard: Bench) -> None:
    assert names(orchard, "bio", related=Related(lambda channel, url: None, 10)) == ["bio"]


def test_a_circle_of_channels_is_refused(orchard: Bench) -> None:
    declare(orchard, "forge", base="../bio")
    with pytest.raises(ChannelRelationsUnusable, match="circle"):
        names(orchard, "other", "bio")


def test_the_packages_of_the_base_go_before(orchard: Bench) -> None:
    index = orchard.load(f"{orchard.server.url}/bio", related=Related(find, 10))
    found = index.candidates("numpy")
    assert found is not None
    assert list(found.versions) == ["1.0"]
