"""The options of ``list`` on a small environment with packages of conda and of pip."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from xconda_core.cli.main import main
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord

SITE = "lib/python3.12/site-packages"
List = Callable[..., list[str]]


def install(prefix: Path, name: str, version: str, content: bytes, **more: str) -> None:
    path = f"share/{name}"
    record = PackageRecord(
        name=name,
        version=version,
        build="0",
        subdir="linux-64",
        url=f"https://me:secret@host.example/t/tk-1/orchard/linux-64/{name}.conda",
        fn=f"{name}.conda",
        **{"channel": "https://host.example/orchard", **more},  # type: ignore[arg-type]
    )
    document = PrefixRecord(record=record, files=(path,)).to_json()
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True, exist_ok=True)
    (meta / f"{record.dist_name}.json").write_text(json.dumps(document))
    (prefix / path).parent.mkdir(exist_ok=True)
    (prefix / path).write_bytes(content)


@pytest.fixture
def listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> List:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    prefix = tmp_path / "env"
    install(prefix, "apple", "1.0", b"12345", md5="a" * 32, sha256="b" * 64, license="MIT")
    install(prefix, "python", "3.12.1", b"1234567")
    asked = "==> 2026-01-02 03:04:05 <==\n# update specs: ['apple>=1']\n"
    (prefix / "conda-meta" / "history").write_text(asked)
    info = prefix / SITE / "solo-2.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: solo\nVersion: 2.0\n")

    def run(*words: str, exit_code: int = 0) -> list[str]:
        assert main(["list", "-p", str(prefix), *words]) == exit_code
        out, err = capsys.readouterr()
        return (out if exit_code == 0 else err).splitlines()

    return run


def test_a_table_has_a_line_for_each_pips_among_them(listed: List) -> None:
    assert [line.split() for line in listed()[2:]] == [
        ["apple", "1.0", "0", "orchard"],
        ["python", "3.12.1", "0", "orchard"],
        ["solo", "2.0", "pypi_0", "pypi"],
    ]
    assert not [line for line in listed("--no-pip") if "solo" in line]


def test_a_list_is_narrowed_by_a_regular_expression_or_to_one_whole_name(listed: List) -> None:
    def names(*words: str) -> list[str]:
        return [each["name"] for each in json.loads("\n".join(listed(*words, "--json")))]

    assert names("^(py|so)") == ["python", "solo"]
    assert names("PYTH") == ["python"]
    assert names("o.$") == ["python"]
    assert names("-f", "solo") == ["solo"]
    assert listed("-f", "pyth", exit_code=1)[:1] == ["pyth is not installed."]
    assert "did you mean python?" in listed("-f", "pythn", exit_code=1)[-1]


def test_addresses_stand_with_dependencies_first(tmp_path: Path, listed: List) -> None:
    install(tmp_path / "env", "aardvark", "1.0", b"", depends=["python"])  # type: ignore[arg-type]

    names = [line.rpartition("/")[2].partition(".")[0] for line in listed("--explicit")[4:]]

    assert names == ["python", "aardvark", "apple"]


def test_columns_are_chosen_and_the_order_is_turned_round(listed: List) -> None:
    lines = listed("--fields", "name, license,requested_spec", "--reverse", "--no-pip")

    assert [line.split() for line in lines[1:]] == [
        ["#", "Package", "License", "Requested"],
        ["python"],
        ["apple", "MIT", "apple>=1"],
    ]


def test_sizes_are_of_the_files_on_disk_with_their_sum(listed: List) -> None:
    lines = listed("--size", "--no-pip")

    assert [line.split()[-2:] for line in lines[2:4]] == [["5", "B"], ["7", "B"]]
    assert lines[4] == "together 12 B on disk"
    sizes = json.loads("\n".join(listed("--size", "--no-pip", "--json")))
    assert [each["size"] for each in sizes] == [5, 7]


def test_channels_are_shown_by_address_or_not(listed: List) -> None:
    assert listed("--show-channel-urls", "apple")[-1].endswith("https://host.example/orchard")
    assert listed("--no-show-channel-urls", "apple")[-1].split() == ["apple", "1.0", "0"]


def test_an_unknown_column_is_refused_with_those_there_are(listed: List) -> None:
    lines = listed("--fields", "name,colour", exit_code=2)

    assert "colour is no field" in lines[1]
    assert "license" in lines[2]


def test_names_for_other_tools_to_read(listed: List) -> None:
    assert listed("--export", "apple")[-1] == "apple=1.0=0"
    named = "https://host.example/orchard/linux-64::apple-1.0-0"
    assert listed("--canonical", "apple") == [named]
    assert listed("--fields", "dist_str", "apple")[-1] == named


def test_a_channel_goes_by_its_whole_name_below_what_the_configuration_knows(
    tmp_path: Path, listed: List, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://host.example/api/conda/pear/label/dev"
    install(tmp_path / "env", "pear", "1.0", b"", channel=address)

    def document() -> list[str]:
        (found,) = json.loads("\n".join(listed("pear", "--json")))
        return [found["base_url"], found["channel"]]

    assert document() == [address, "api/conda/pear/label/dev"]
    monkeypatch.setenv("CONDA_CHANNEL_ALIAS", "https://host.example/api/conda")
    assert document() == [address, "pear/label/dev"]
    assert listed("pear")[-1].split() == ["pear", "1.0", "0", "pear/label/dev"]
    assert listed("pear", "-c") == ["pear/label/dev/linux-64::pear-1.0-0"]


def test_addresses_come_with_digests_and_without_credentials(
    listed: List, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = "https://host.example/orchard/linux-64/apple.conda"
    whole = "https://me:secret@host.example/t/tk-1/orchard/linux-64/apple.conda"

    *heading, platform, mark, line = listed("--explicit", "apple")
    assert all(each.startswith("# ") for each in heading)
    assert (platform, mark, line) == (
        "# platform: linux-64", "@EXPLICIT", f"{bare}#sha256:{'b' * 64}"
    )  # fmt: skip
    assert listed("--explicit", "--md5", "apple")[-1] == f"{bare}#{'a' * 32}"
    monkeypatch.setenv("CONDA_CHANNELS", "https://me:secret@host.example/t/tk-1/orchard")
    assert listed("--explicit", "--auth", "apple")[-1] == f"{whole}#sha256:{'b' * 64}"
    assert listed("--explicit", "apple")[-1].startswith(bare)
