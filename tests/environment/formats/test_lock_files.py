"""Lock files of conda-lock and pixi."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xconda_core.environment.formats.conda_lock import (
    conda_lock_text,
    is_conda_lock,
    parse_conda_lock,
)
from xconda_core.environment.formats.described import LockedEnvironment, LockedWheel
from xconda_core.environment.formats.pixi_lock import is_pixi_lock, parse_pixi_lock
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.environment.formats.tree import read_yaml
from xconda_core.models.package_record import PackageRecord

MD5, SHA256 = "0" * 32, "1" * 64
CHANNEL = "https://conda.example.org/conda-forge"
names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,3})?", fullmatch=True)
versions = st.sampled_from(["1.10", "2025.10.5", "1!2.0", "0", "1e3", "2024a"])
depends = st.dictionaries(
    names, st.sampled_from(["", ">=1,<2.0a0", "1.2.* h1_0", "=1e3"]), max_size=3
).map(lambda found: tuple(f"{name} {constraint}".strip() for name, constraint in found.items()))


@st.composite
def records(draw: st.DrawFn, platform: str) -> PackageRecord:
    name, version = draw(names), draw(versions)
    build = draw(st.sampled_from(["0", "py312_0", "1234"]))
    subdir = draw(st.sampled_from([platform, "noarch"]))
    fn = f"{name}-{version}-{build}.conda"
    return PackageRecord(
        name=name, version=version, build=build, subdir=subdir, channel=CHANNEL, fn=fn,
        url=f"{CHANNEL}/{subdir}/{fn}", md5=MD5, sha256=draw(st.sampled_from([None, SHA256])),
        depends=draw(depends), is_complete=False,
    )  # fmt: skip


def packages(platform: str) -> st.SearchStrategy[tuple[PackageRecord, ...]]:
    return st.lists(records(platform), max_size=4, unique_by=lambda each: each.name).map(tuple)


locks = st.builds(
    LockedEnvironment,
    channels=st.just((CHANNEL,)),
    packages=st.fixed_dictionaries(
        {each: packages(each) for each in ("linux-64", "osx-arm64", "win-64")}
    ),
    requested=st.lists(names, max_size=2, unique=True).map(tuple),
    sources=st.lists(st.sampled_from(["environment.yml", "../x y.yml"]), unique=True).map(tuple),
)


def read(text: str) -> LockedEnvironment:
    (document,) = read_yaml(text, "conda-lock.yml")
    assert is_conda_lock(document)
    return parse_conda_lock(document, "conda-lock.yml")


@settings(max_examples=30)
@given(locked=locks)
def test_what_is_locked_is_read_again(locked: LockedEnvironment) -> None:
    assert read(conda_lock_text(locked)) == locked


@settings(max_examples=30)
@given(locked=locks)
def test_the_same_packages_give_the_same_text_whatever_lay_between(
    locked: LockedEnvironment,
) -> None:
    assert conda_lock_text(read(conda_lock_text(locked))) == conda_lock_text(locked)


def test_packages_for_pip_are_kept_with_their_digest() -> None:
    wheel = LockedWheel(
        name="x", version="1", url="https://h.example/x-1-py3-none-any.whl", sha256=SHA256
    )
    locked = LockedEnvironment(packages={"linux-64": ()}, wheels={"linux-64": (wheel,)})

    found = read(conda_lock_text(locked))

    assert found.wheels == locked.wheels
    assert wheel.requirement == f"x @ {wheel.url}#sha256={SHA256}"


def test_two_constraints_of_one_name_are_joined() -> None:
    record = PackageRecord(
        name="a", version="1", build="0", fn="a-1-0.conda", url=f"{CHANNEL}/linux-64/a-1-0.conda",
        depends=("b >=1", "b <2", "c::d", "e[when='python']"),
    )  # fmt: skip

    found = read(conda_lock_text(LockedEnvironment(packages={"linux-64": (record,)})))

    assert found.packages["linux-64"][0].depends == ("b >=1,<2",)


HEAD = "version: 1\nmetadata:\n  platforms: [linux-64]\n  channels: []\npackage:\n"
ITEM = (
    "- name: a\n  version: '1'\n  manager: conda\n  platform: linux-64\n"
    "  url: https://h.example/c/linux-64/a-1-0.conda\n  hash: {md5: "
    + MD5
    + "}\n  optional: false\n"
)


def test_optional_packages_and_other_categories_are_left_out() -> None:
    optional = ITEM.replace("name: a", "name: b").replace("optional: false", "optional: true")
    testing = ITEM.replace("name: a", "name: c") + "  category: test\n"

    found = read(HEAD + ITEM + optional + testing)

    assert [record.name for record in found.packages["linux-64"]] == ["a"]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("version: 1\n", "version: 9\n", "version 1"),
        ("manager: conda", "manager: npm", "npm"),
        ("platform: linux-64", "platform: win-64", "win-64"),
        ("a-1-0.conda", "a.conda", "archive"),
        (MD5, "xyz", "md5"),
        ("  hash", "  hush", "hash"),
        ("platforms: [linux-64]", "platforms: [noarch]", "noarch"),
        ("optional: false\n", "optional: false\n" + ITEM, "twice"),
    ],
)
def test_a_lock_file_that_cannot_be_meant_is_refused(old: str, new: str, word: str) -> None:
    with pytest.raises(InvalidEnvironmentFile) as caught:
        read((HEAD + ITEM).replace(old, new))

    assert word in str(caught.value)


PIXI = f"""version: 6
environments:
  default:
    channels:
    - url: {CHANNEL}/
    packages:
      linux-64:
      - conda: {CHANNEL}/noarch/a-1.0-py_0.conda
      - pypi: https://h.example/b-2-py3-none-any.whl
  other:
    channels: []
    packages: {{}}
packages:
- conda: {CHANNEL}/noarch/a-1.0-py_0.conda
  sha256: {SHA256}
  md5: {MD5}
  noarch: python
  depends:
  - python >=3.9
  size: 12
  timestamp: 1700000000000
- conda: ../source
  name: source
- pypi: https://h.example/b-2-py3-none-any.whl
  name: b
  version: '2'
  sha256: {SHA256}
"""


def pixi(text: str, environment: str = "default") -> LockedEnvironment:
    (document,) = read_yaml(text, "pixi.lock")
    assert is_pixi_lock(document)
    return parse_pixi_lock(document, "pixi.lock", environment)


def test_an_environment_of_a_pixi_lock_is_read() -> None:
    found = pixi(PIXI)

    (record,) = found.packages["linux-64"]
    assert (record.dist_name, record.noarch, record.size) == ("a-1.0-py_0", "python", 12)
    assert (record.subdir, record.channel, record.depends) == ("noarch", CHANNEL, ("python >=3.9",))
    assert [wheel.name for wheel in found.wheels["linux-64"]] == ["b"]
    assert found.channels == (CHANNEL,)
    assert pixi(PIXI, "other").packages == {}


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("version: 6", "version: 4", "version 6"),
        ("default:", "main:", "default"),
        ("      - pypi", "      - conda: ../source\n      - pypi", "../source"),
        ("size: 12", "size: many", "whole number"),
    ],
)
def test_a_pixi_lock_that_cannot_be_used_says_why(old: str, new: str, word: str) -> None:
    with pytest.raises(InvalidEnvironmentFile) as caught:
        pixi(PIXI.replace(old, new, 1))

    assert word in str(caught.value)


def test_requests_in_a_lock_file_are_a_list() -> None:
    text = (
        HEAD.replace("  channels", "  custom_metadata: {xconda_requested: '{}'}\n  channels") + ITEM
    )

    with pytest.raises(InvalidEnvironmentFile, match="JSON list"):
        read(text)
    good = json.dumps(["a >=1"])
    assert read(text.replace("'{}'", f"'{good}'")).requested == ("a[version='>=1']",)


@settings(max_examples=60)
@given(
    cut=st.integers(0, len(PIXI)),
    piece=st.text(alphabet="[]{}:-&*!'\"\n abc1", max_size=12),
    lock=st.sampled_from([HEAD + ITEM, PIXI]),
)
def test_a_damaged_lock_file_is_read_or_refused_in_words(cut: int, piece: str, lock: str) -> None:
    text = lock[:cut] + piece + lock[cut + len(piece) :]
    found = []
    with suppress(InvalidEnvironmentFile):
        for document in read_yaml(text, "a lock"):
            if is_conda_lock(document):
                found.append(parse_conda_lock(document, "a lock"))
            elif is_pixi_lock(document):
                found.append(parse_pixi_lock(document, "a lock"))
    for locked in found:
        assert read(conda_lock_text(locked)).platforms == locked.platforms
