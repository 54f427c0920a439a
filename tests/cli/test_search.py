"""What ``search`` says, in words and as documents, for every way to ask."""

import json
from pathlib import Path

import pytest

from tests.engine.orchard import Orchard, an_orchard
from xconda_core.cli.main import main
from xconda_core.repodata.published import Origin

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def orchard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Orchard:
    orchard = an_orchard(tmp_path)
    for name, value in orchard.environ.items():
        monkeypatch.setenv(name, value)
    return orchard


def said(capsys: Captured, *words: str) -> str:
    assert main(["search", *words]) == 0
    return capsys.readouterr().out


def told(capsys: Captured, *words: str) -> object:
    return json.loads(said(capsys, *words, "--json"))


def test_a_package_of_another_platform_is_found_by_option_and_by_spec(
    orchard: Orchard, capsys: Captured
) -> None:
    for words in (("sqlite", "--platform", "osx-arm64"), ("sqlite[subdir=osx-arm64]",)):
        assert "osx-arm64" in said(capsys, *words)
    assert "osx-arm64" not in said(capsys, "sqlite")


def test_a_list_reads_no_record_whole(
    orchard: Orchard, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [line.split()[:5] for line in said(capsys, "numpy").splitlines()[1:]]
    monkeypatch.setattr(Origin, "record", lambda *_: pytest.fail("a record was read"))

    assert whole == [
        ["numpy", version, "0", "channel", "noarch"] for version in ("1.26", "2.0", "2.3")
    ]
    assert [line.split()[:5] for line in said(capsys, "numpy>=2").splitlines()[1:]] == whole[1:]
    assert said(capsys, "numpy=2.3", "--canonical") == "channel/noarch::numpy-2.3-0\n"


def test_everything_is_said_of_a_package(orchard: Orchard, capsys: Captured) -> None:
    text = said(capsys, "sqlite", "--info")

    for words in (
        "license",
        "blessing",
        "size",
        "sha256",
        "md5",
        "2020-09-13 12:26:40 UTC",
        "build number",
    ):
        assert words in text
    assert "    numpy <2" in said(capsys, "pandas=2.1", "--info")


def test_names_alone_and_canonical_names(orchard: Orchard, capsys: Captured) -> None:
    assert said(capsys, "*sql*", "--names-only").split() == ["libsql", "sqlite"]
    assert told(capsys, "*sql*", "--names-only") == {"names": ["libsql", "sqlite"]}
    assert said(capsys, "libsql", "--canonical") == "channel/noarch::libsql-1.0-0\n"
    assert told(capsys, "libsql", "--canonical") == ["channel/noarch::libsql-1.0-0"]


def test_a_document_has_condas_keys(orchard: Orchard, capsys: Captured) -> None:
    document = told(capsys, "numpy>=2.3")

    assert isinstance(document, dict)
    [record] = document["numpy"]
    assert (record["arch"], record["platform"], record["package_type"]) == (
        None,
        None,
        "noarch_generic",
    )
    native = told(capsys, "python")
    assert isinstance(native, dict)
    assert (native["python"][0]["arch"], native["python"][0]["platform"]) == ("x86_64", "linux")


def test_environments_have_a_document_of_their_own(orchard: Orchard, capsys: Captured) -> None:
    prefix = orchard.environment("dates")

    document = told(capsys, "--envs", "dates")

    assert isinstance(document, list)
    assert document[0]["location"] == str(prefix)
    assert document[0]["package_records"][0]["name"] == "dates"


def test_who_needs_a_package_can_be_asked_the_old_way(orchard: Orchard, capsys: Captured) -> None:
    assert said(capsys, "--reverse-dependency", "numpy").split()[5:7] == ["pandas", "2.2"]
    document = told(capsys, "--reverse-dependency", "numpy")
    assert isinstance(document, dict)
    assert sorted(document) == ["pandas", "scipy"]


@pytest.mark.parametrize(
    "words",
    [
        ("--reverse-dependency",),
        ("numpy", "-n", "demo"),
        ("numpy", "--file", "x"),
        ("numpy", "--envs", "--outdated"),
    ],
)
def test_what_has_no_meaning_is_refused(
    orchard: Orchard, capsys: Captured, words: tuple[str, ...]
) -> None:
    assert main(["search", *words]) == 2


def test_a_search_for_nothing_in_particular_lists_everything(
    orchard: Orchard, capsys: Captured
) -> None:
    assert main(["search"]) == 0
    everything = capsys.readouterr().out
    assert main(["search", "*"]) == 0
    assert everything == capsys.readouterr().out


def test_a_part_of_a_name_is_not_enough_where_the_whole_is_asked_for(
    orchard: Orchard, capsys: Captured
) -> None:
    assert main(["search", "-f", "sql"]) == 1
    assert "No package fits sql." in capsys.readouterr().err
