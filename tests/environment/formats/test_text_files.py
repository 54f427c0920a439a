"""Lists of specs and of archives."""

from pathlib import Path

import pytest

from xconda_core.environment.formats.explicit_lines import (
    Digest,
    NoAddressKnown,
    explicit_text,
)
from xconda_core.environment.formats.locked_records import address_record
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.environment.formats.text_files import (
    is_explicit,
    parse_explicit,
    parse_specs,
    specs_text,
)
from xconda_core.models.package_record import PackageRecord

SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "inputs" / "explicit"
MD5, SHA256 = "0" * 32, "1" * 64
RECORD = PackageRecord(
    name="a",
    version="1",
    build="0",
    url="https://h.example/c/linux-64/a-1-0.conda",
    md5=MD5,
    sha256=SHA256,
)


def absolute(path: str) -> str:
    return f"/cwd/{path}"


def test_what_is_written_as_explicit_list_is_read_again() -> None:
    text = explicit_text([RECORD], "linux-64")

    found = parse_explicit(text, "e.txt", {}, absolute)

    assert is_explicit(text)
    assert found.platform == "linux-64"
    (archive,) = found.archives
    assert (archive.url, archive.sha256) == (RECORD.url, SHA256)
    assert address_record(archive).dist_name == "a-1-0"


@pytest.mark.parametrize(
    ("digest", "ending"), [(None, ""), ("md5", f"#{MD5}"), ("sha256", f"#sha256:{SHA256}")]
)
def test_the_digest_that_is_wanted_stands_behind_the_address(
    digest: Digest | None, ending: str
) -> None:
    lines = explicit_text([RECORD], "linux-64", digest).splitlines()
    assert lines[-2:] == ["@EXPLICIT", RECORD.url + ending]


def test_a_package_from_nowhere_cannot_be_listed() -> None:
    with pytest.raises(NoAddressKnown, match="a-1-0"):
        explicit_text([PackageRecord(name="a", version="1", build="0")], "linux-64")


def test_an_address_that_was_left_out_is_put_together() -> None:
    record = PackageRecord(
        name="a",
        version="1",
        build="0",
        channel="https://h.example/c",
        subdir="noarch",
        fn="a.conda",
    )

    text = explicit_text([record], "linux-64")
    assert text.endswith("@EXPLICIT\nhttps://h.example/c/noarch/a.conda\n")


def test_paths_homes_and_variables_are_made_addresses() -> None:
    text = "@EXPLICIT\nx/a-1-0.conda\n~/b-1-0.conda\n$DIR/c-1-0.tar.bz2#" + MD5 + "\n"

    found = parse_explicit(
        text,
        "e.txt",
        {"HOME": "/home/me", "DIR": "/d"},
        lambda p: p if p[0] == "/" else absolute(p),
    )

    assert [each.url for each in found.archives] == [
        "file:///cwd/x/a-1-0.conda",
        "file:///home/me/b-1-0.conda",
        "file:///d/c-1-0.tar.bz2",
    ]
    assert found.archives[2].md5 == MD5


@pytest.mark.parametrize(
    "line", ["nonsense", "https://h.example/a.conda", "https://h.example/a-1-0.conda#xyz"]
)
def test_a_line_that_is_no_archive_is_named(line: str) -> None:
    with pytest.raises(InvalidEnvironmentFile, match="line 2"):
        parse_explicit(f"@EXPLICIT\n{line}\n", "e.txt", {}, lambda path: f"/{path}")


def test_a_list_of_specs_is_read_without_its_comments_and_written_again() -> None:
    text = "# one\npython=3.12  # two\n\nnumpy >=2\ntk[build=h5083fa2_1]\n"

    found = parse_specs(text, "r.txt", {})

    assert found.dependencies == ("python=3.12", "numpy >=2", "tk[build=h5083fa2_1]")
    assert parse_specs(specs_text(found.dependencies, "linux-64"), "r.txt", {}) == found


def test_a_line_that_is_no_spec_is_named() -> None:
    with pytest.raises(InvalidEnvironmentFile, match="line 2"):
        parse_specs("python\n-r other.txt\n", "r.txt", {})


@pytest.mark.shared
@pytest.mark.parametrize("path", sorted(SHARED.glob("*")), ids=lambda path: path.name[-50:])
def test_explicit_files_of_real_projects_are_read_and_written_again(path: Path) -> None:
    found = parse_explicit(path.read_text(encoding="utf-8"), path.name, {}, absolute)

    records = [address_record(archive) for archive in found.archives]
    again = parse_explicit(explicit_text(records, "linux-64"), path.name, {}, absolute)
    assert found.archives
    assert again.archives == found.archives
