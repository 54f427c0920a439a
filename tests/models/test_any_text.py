"""Whatever a text holds, it is read and printed faithfully, or refused in words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.models.channel import Channel, InvalidChannel
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.models.version_spec import InvalidVersionSpec, VersionSpec

PIECES = [
    "a", "num", "1", "2.0", "*", ".", "_", "-", "!", "+", "=", "==", ">=", "<", "~=", ",", "|", "(",
    ")", "[", "]", "'", '"', " ", ":", "::", "/", "^", "$", "\\", "#", "@", "version=", "build=",
    "when=", "extras=[", "flags=", "md5=", "url=", "channel=", "https://", "file:///", "linux-64",
    "-1-0.conda", "C:\\", "~/", "/t/x/", "u:p@", "%20", "\x00", "\n", "é", "١", " and ",
    " or ", ";",
]  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.text(max_size=20))
A_RECORD = PackageRecord(name="num", version="2.0", build="a1", channel="https://x/a")


@settings(max_examples=400)
@given(texts, st.sampled_from(["", "num ", "num["]))
def test_any_text_is_a_spec_or_is_refused_at_a_place_in_it(text: str, before: str) -> None:
    position = 0
    try:
        spec = MatchSpec.parse(before + text)
    except InvalidMatchSpec as refusal:
        position = refusal.position
    else:
        assert MatchSpec.parse(str(spec)) == spec
        assert spec.matches(A_RECORD) in {True, False}
    assert 0 <= position <= len(before + text)


@settings(max_examples=400)
@given(texts)
def test_any_text_is_a_constraint_or_is_refused_at_a_place_in_it(text: str) -> None:
    position = 0
    try:
        constraint = VersionSpec.parse(text)
    except InvalidVersionSpec as refusal:
        position = refusal.position
    else:
        assert VersionSpec.parse(str(constraint)) == constraint
    assert 0 <= position <= len(text)


@given(texts)
def test_any_text_is_a_version_or_none(text: str) -> None:
    try:
        version = Version.parse(text)
    except InvalidVersion:
        return
    assert Version.parse(str(version)) == version


@settings(max_examples=400)
@given(texts)
def test_any_text_is_a_channel_or_none(text: str) -> None:
    try:
        channel = Channel.parse(text)
    except InvalidChannel:
        return
    assert Channel.parse(channel.base_url).base_url == channel.base_url
