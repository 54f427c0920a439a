"""``environment.yml``: what is read, what is refused, and that writing and reading agree."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xconda_core.environment.formats.described import DescribedEnvironment, merged
from xconda_core.environment.formats.environment_yaml import (
    environment_json,
    environment_yaml,
    parse_environment,
)
from xconda_core.environment.formats.problem import InvalidEnvironmentFile

SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "inputs" / "environments"

words = st.text(min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and "$" not in text
)
lines = words.filter(lambda text: len(text.splitlines()) == 1)
names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,3})?", fullmatch=True)
specs = st.one_of(
    names,
    st.builds("{} >={},<{}".format, names, st.integers(0, 9), st.integers(10, 19)),
    st.builds("conda-forge::{}=1.{}=h{}_0".format, names, st.integers(0, 9), st.integers(0, 9)),
    st.builds("{}[version='>=1',build='py*']".format, names),
)
environments = st.builds(
    DescribedEnvironment,
    name=st.none() | words,
    prefix=st.none() | words.filter(lambda text: not text.startswith("~")),
    channels=st.lists(words, max_size=3, unique=True).map(tuple),
    dependencies=st.lists(specs, max_size=5, unique=True).map(lambda found: ("pip", *found)),
    pip=st.lists(lines, max_size=3, unique=True).map(tuple),
    variables=st.dictionaries(
        words.filter(lambda text: "=" not in text and "\0" not in text),
        st.text().filter(lambda text: "\0" not in text) | st.integers(-999, 999),
        max_size=3,
    ),
    platforms=st.lists(st.sampled_from(["linux-64", "win-64"]), unique=True).map(tuple),
    category=st.none() | words,
)


def read(
    text: str, environ: Mapping[str, str] | None = None, platform: str = "linux-64"
) -> DescribedEnvironment:
    return parse_environment(text, "environment.yml", platform, environ or {})


@given(environment=environments)
def test_what_is_written_as_yaml_is_read_again(environment: DescribedEnvironment) -> None:
    assert read(environment_yaml(environment)) == environment


@given(environment=environments)
def test_what_is_written_as_json_is_read_again(environment: DescribedEnvironment) -> None:
    text = environment_json(environment)

    assert parse_environment(text, "e.json", "linux-64", {}, is_json=True) == environment


@given(text=st.text(alphabet="ab:-[]{}#&*!|>'\" \n\t0.", max_size=60))
def test_any_text_is_an_environment_or_refused_in_words(text: str) -> None:
    with suppress(InvalidEnvironmentFile):
        assert read(text) == read(text)


def test_several_documents_are_merged_like_several_files() -> None:
    text = (
        "name: one\nchannels: [a]\ndependencies: [python]\nvariables: {X: 1}\n---\n"
        "name: two\nchannels: [b]\ndependencies: [python, numpy]\nvariables: {X: 2}\n"
    )

    found = read(text)

    assert (found.name, found.channels, found.dependencies) == (
        "two",
        ("b", "a"),
        ("python", "numpy"),
    )
    assert found.variables == {"X": 2}
    assert merged([found]) == found


def test_variables_of_the_process_are_put_in_but_not_into_the_environments_own() -> None:
    text = (
        "prefix: ~/envs/$NAME\nchannels: ['https://h.example/t/${TOKEN}/x', '$MISSING']\n"
        "dependencies: ['python=$PY']\nvariables: {KEEP: $NAME}\n"
    )

    found = read(text, {"NAME": "n", "TOKEN": "secret", "PY": "3.12", "HOME": "/home/me"})

    assert found.prefix == "/home/me/envs/n"
    assert found.channels == ("https://h.example/t/secret/x", "$MISSING")
    assert found.dependencies == ("python=3.12",)
    assert found.variables == {"KEEP": "$NAME"}


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux-64", ("python", "gcc", "both")),
        ("osx-arm64", ("python", "clang")),
        ("win-64", ("python", "vs", "w")),
    ],
)
def test_lines_for_other_platforms_are_left_out(platform: str, expected: tuple[str, ...]) -> None:
    text = (
        "dependencies:\n  - python  # [see the notes]\n  - gcc  # [linux64]\n"
        "  - clang  # [osx and not x86_64]\n  - vs  #[win]\n  - sel(win): w\n"
        "  - both # [linux and (x86 or arm64)]\n"
    )

    assert read(text, platform=platform).dependencies == expected


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("name: a\ndependencies:\n  - python\n  - a!!b\n", 4, "dependencies.1"),
        ("dependencies:\n  - npm:\n    - left-pad\n", 3, "npm"),
        ("dependencies: [python]\nvariables: {A: [1]}\n", 2, "variables.A"),
        ("dependencies: [python]\nplatforms: [noarch]\n", 2, "platforms"),
        ("name: 1\ndependencies: [python]\n", 1, "name"),
        ("name: a\nname: b\ndependencies: []\n", 2, "name"),
        ("dependencies: !!python/object/apply:os.system ['id']\n", 1, "tag"),
        ("dependencies: !secret x\n", 1, "tag"),
        ("name: x\n", 1, "dependencies"),
        ("dependencies: [a\n", 2, "YAML"),
    ],
)
def test_an_error_names_file_line_and_key(text: str, line: int, word: str) -> None:
    with pytest.raises(InvalidEnvironmentFile) as caught:
        read(text)

    assert caught.value.line == line
    assert word in caught.value.why
    assert "environment.yml" in caught.value.what


def test_aliases_that_multiply_are_refused_in_a_moment() -> None:
    laughs = "a0: &a0 [lol, lol]\n"
    laughs += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))

    with pytest.raises(InvalidEnvironmentFile, match="aliases multiply"):
        read(laughs + "dependencies: *a11\n")


def test_an_alias_of_itself_is_refused() -> None:
    with pytest.raises(InvalidEnvironmentFile):
        read("dependencies: &d\n  - *d\n")


def test_keys_of_a_merge_are_taken_over_and_others_are_told_of() -> None:
    found = read("base: &b\n  channels: [x]\n<<: *b\ndependencies: [python]\n")

    assert found.channels == ("x",)
    assert found.notices == ("environment.yml: `base` is not known, and was not read",)


BROKEN = "pinellolab_pyrovelocity__conda~dep-environment-gpu.yml"  # click[version'>=8.0.1']


@pytest.mark.shared
def test_a_mistake_in_the_file_of_a_real_project_is_found() -> None:
    path = SHARED / BROKEN
    if not path.exists():
        pytest.skip("the environments are not here")

    with pytest.raises(InvalidEnvironmentFile, match=r"line 39, `dependencies\.19`"):
        parse_environment(path.read_text(encoding="utf-8"), path.name, "linux-64", {})


@pytest.mark.shared
@pytest.mark.parametrize(
    "path",
    sorted(path for path in SHARED.glob("*.y*ml") if path.name != BROKEN),
    ids=lambda path: path.name[:60],
)
def test_files_of_real_projects_are_read(path: Path) -> None:
    found = parse_environment(path.read_text(encoding="utf-8"), path.name, "linux-64", {})

    again = parse_environment(environment_yaml(found), path.name, "linux-64", {})
    assert again == found
