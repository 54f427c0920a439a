"""Channels: names, addresses and paths to the addresses that are asked; no secret is ever shown."""

import pytest

from xconda_core.models.channel import Channel, ChannelNaming, InvalidChannel, expand_channels
from xconda_core.models.channel_url import mask_secrets, split_url, without_credentials

MAIN, R = "https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"
COMPANY = ChannelNaming(
    channel_alias="https://me:pw@mirror.example/t/tk-1/conda",
    custom_channels={"internal": "https://repo.example/deep", "internal/x": "https://x.example"},
    custom_multichannels={"ours": ["conda-forge", "https://repo.example/deep/internal"]},
    default_channels=["https://repo.example/pkgs/main"],
    migrated_custom_channels={"internal": "s3://old/place"},
    migrated_channel_aliases=["https://conda.anaconda.org"],
    current_folder="/work/here",
    home_folder="/home/me",
)


@pytest.mark.parametrize(
    ("text", "url", "canonical"),
    [
        ("conda-forge", "https://conda.anaconda.org/conda-forge", "conda-forge"),
        ("conda-forge/label/dev", "https://conda.anaconda.org/conda-forge/label/dev",
         "conda-forge/label/dev"),
        ("CONDA-FORGE", "https://conda.anaconda.org/CONDA-FORGE", "CONDA-FORGE"),
        ("pkgs/main", MAIN, "defaults"), (MAIN, MAIN, "defaults"),
        ("pkgs/r/linux-64", R, "defaults"),
        ("https://x.example:8443/a/b/", "https://x.example:8443/a/b", "https://x.example:8443/a/b"),
        ("https://x.example/conda/c", "https://x.example/conda/c", "https://x.example/conda/c"),
        ("https://conda.anaconda.org/c", "https://conda.anaconda.org/c", "c"),
        ("/srv/ch", "file:///srv/ch", "file:///srv/ch"),
        ("/srv/t/ch", "file:///srv/t/ch", "file:///srv/t/ch"),
        ("file:///a b/c", "file:///a%20b/c", "file:///a%20b/c"),
        ("C:\\srv\\ch", "file:///C:/srv/ch", "file:///C:/srv/ch"),
        ("s3://bucket/c", "s3://bucket/c", "s3://bucket/c"),
    ],
)  # fmt: skip
def test_a_text_names_a_channel(text: str, url: str, canonical: str) -> None:
    channel = Channel.parse(text)
    assert (channel.base_url, channel.canonical_name) == (url, canonical)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("bioconda", "https://mirror.example/conda/bioconda"),
        ("internal", "https://repo.example/deep/internal"),
        ("internal/label/dev", "https://repo.example/deep/internal/label/dev"),
        ("internal/x/y", "https://x.example/internal/x/y"),
        ("s3://old/place/internal/label/dev", "https://repo.example/deep/internal/label/dev"),
        ("https://conda.anaconda.org/bioconda", "https://mirror.example/conda/bioconda"),
        ("./ch", "file:///work/here/ch"), ("../ch", "file:///work/ch"),
        ("~/ch", "file:///home/me/ch"),
    ],
)  # fmt: skip
def test_configuration_says_where_a_channel_lies(text: str, url: str) -> None:
    assert Channel.parse(text, COMPANY).base_url == url


def test_a_platform_in_the_text_is_the_one_that_is_read() -> None:
    channel = Channel.parse("conda-forge/osx-64")
    assert channel.urls("linux-64") == (
        "https://conda.anaconda.org/conda-forge/osx-64",
        "https://conda.anaconda.org/conda-forge/noarch",
    )
    assert Channel.parse("conda-forge/noarch").platforms("linux-64") == ("noarch",)


def test_a_multichannel_comes_apart_in_order_and_once() -> None:
    channels = expand_channels(["ours", "conda-forge", "defaults"], COMPANY)
    assert [channel.base_url for channel in channels] == [
        "https://mirror.example/conda/conda-forge",
        "https://repo.example/deep/internal",
        "https://repo.example/pkgs/main",
    ]


def test_a_member_below_the_alias_keeps_its_place_there() -> None:
    naming = ChannelNaming(
        channel_alias="https://x.example/conda",
        custom_multichannels={"ours": ["https://x.example/conda/a/b", "https://y.example/c"]},
    )
    assert [channel.name for channel in expand_channels(["ours"], naming)] == ["a/b", "c"]


def test_local_is_never_a_channel_somewhere_else() -> None:
    assert expand_channels(["local"]) == ()
    built = expand_channels(["local"], ChannelNaming(local_channels=["file:///opt/conda-bld"]))
    assert [channel.base_url for channel in built] == ["file:///opt/conda-bld"]


def test_a_multichannel_is_not_one_channel() -> None:
    with pytest.raises(InvalidChannel, match="stands for several"):
        Channel.parse("defaults")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("conda-forge", "https://me:pw@mirror.example/conda/t/tk-1/conda-forge/noarch"),
        ("https://mirror.example/conda/x", "https://me:pw@mirror.example/conda/t/tk-1/x/noarch"),
        ("https://you:own@mirror.example/conda/t/mine/x",
        "https://you:own@mirror.example/conda/t/mine/x/noarch"),
        ("https://a:b@y.example/t/tok/c", "https://a:b@y.example/t/tok/c/noarch"),
        ("https://y.example/c", "https://y.example/c/noarch"),
    ],
)  # fmt: skip
def test_credentials_are_put_back_only_to_ask(text: str, asked: str) -> None:
    assert Channel.parse(text, COMPANY).url_with_credentials("noarch") == asked


@pytest.mark.parametrize(
    "text",
    [
        "https://me:SEKRET@x.example/t/SEKRET/c", "https://SEKRET@x.example/c",
        "s3://AK:SEKRET@bucket/key", "https://x.example/c?sig=SEKRET", "https://x.example/t/SEKRET",
        "https://x.example/c#token=SEKRET", "t/SEKRET/private", "https://me:p@SEKRET@x.example/c",
    ],
)  # fmt: skip
def test_no_secret_of_a_channel_is_shown(text: str) -> None:
    channel = Channel.parse(text)
    shown = f"{channel} {channel!r} {channel.base_url} {channel.urls('noarch')} {split_url(text)!r}"
    assert "SEKRET" not in shown + without_credentials(text) + mask_secrets(text)


@pytest.mark.parametrize(
    "text", ["me:SEKRET@x.example/c", "https://me:SEKRET@", "a b:SEKRET@c/d", "a b:p@SEKRET@c/d"]
)
def test_no_secret_of_a_refused_text_is_shown(text: str) -> None:
    with pytest.raises(InvalidChannel) as refusal:
        Channel.parse(text)
    assert "SEKRET" not in str(refusal.value) + str(refusal.value.to_json())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b",
        "a/../b",
        "https://",
        "https://a b/c",
        "https://a /t/x/",
        "a[b]",
        "<unknown>",
        "x\ny",
        "~you/ch",
        "./ch",
        "c/noarch/a-1-0.conda",
    ],
)
def test_what_names_no_channel_is_refused(text: str) -> None:
    with pytest.raises(InvalidChannel):
        Channel.parse(text)


def test_masking_keeps_the_length() -> None:
    text = "https://me:pw@x.example/t/abc/c?key=1 rest"
    assert mask_secrets(text) == "https://*****@x.example/t/***/c?***** rest"


@pytest.mark.parametrize("text", ["https://host.example/t//main", "https://host.example/t//main/"])
def test_the_place_of_a_token_that_was_not_set_is_no_part_of_the_address(text: str) -> None:
    channel = Channel.parse(text)
    assert (channel.base_url, channel.name) == ("https://host.example/main", "main")
    assert channel.url_with_credentials("noarch") == "https://host.example/main/noarch"
    alias = Channel.parse("main", ChannelNaming(channel_alias="https://host.example/t//"))
    assert alias.url_with_credentials("noarch") == "https://host.example/main/noarch"
