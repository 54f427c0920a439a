"""What is found for a spec: in channels, in environments, and by file or module on this machine."""

from pathlib import Path

import pytest

from tests.engine.orchard import Orchard, an_orchard
from xconda_core.engine import questions
from xconda_core.engine.provided import NothingProvides
from xconda_core.engine.search import InNoEnvironment, NothingFound, names_of, search
from xconda_core.repodata.memory_index import MemoryIndex


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Orchard:
    return an_orchard(tmp_path_factory.mktemp("orchard"))


@pytest.fixture(scope="module")
def demo(orchard: Orchard) -> Path:
    return orchard.environment("numpy=2.0", "sqlite", "opencv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("numpy", ["numpy 1.26", "numpy 2.0", "numpy 2.3"]),
        ("numpy>=2", ["numpy 2.0", "numpy 2.3"]),
        ("numpy[version='<2']", ["numpy 1.26"]),
        ("*sql*", ["libsql 1.0", "sqlite 3.1"]),
        ("sql", ["libsql 1.0", "sqlite 3.1"]),
        ("*[license=blessing]", ["sqlite 3.1"]),
        ("sqlite[build_number=0]", ["sqlite 3.1"]),
    ],
)
def test_a_spec_finds_what_it_means(orchard: Orchard, text: str, found: list[str]) -> None:
    records = questions.search(orchard.engine(), search, text)

    assert [f"{record.name} {record.version}" for record in records] == found


def test_the_names_alone_are_found_without_reading_records(orchard: Orchard) -> None:
    assert questions.search(orchard.engine(), names_of, "*sql*") == ("libsql", "sqlite")
    assert questions.search(orchard.engine(), names_of, "*n*[version='>=2']") == (
        "numpy",
        "opencv",
        "pandas",
        "python",
    )


def test_a_part_of_a_name_is_none_unless_that_is_wanted(orchard: Orchard) -> None:
    with pytest.raises(NothingFound):
        questions.search(orchard.engine(), search, "sql", flexible=False)


def test_a_channel_in_the_spec_is_the_one_that_is_searched(orchard: Orchard) -> None:
    engine = orchard.engine(channels=((orchard.home / "nowhere").as_uri(),))

    assert len(questions.search(engine, search, f"{orchard.channel}::numpy")) == 3


def test_what_was_searched_for_is_kept_for_the_next_time(orchard: Orchard) -> None:
    questions.search(orchard.engine(), search, "dates")
    [folder] = (orchard.home / "pkgs").rglob("index")

    assert any(b"dates" in path.read_bytes() for path in folder.glob("*.index"))


def test_environments_are_searched(orchard: Orchard, demo: Path) -> None:
    found = orchard.engine().search_environments("numpy>=2")

    assert {prefix: [r.version for r in records] for prefix, records in found.items()} == {
        demo: ["2.0"]
    }
    with pytest.raises(InNoEnvironment):
        orchard.engine().search_environments("numpy<1")


def test_what_was_searched_for_in_vain_is_named_without_a_login() -> None:
    text = "https://me:SEKRET@x.example/c::numpy"

    for refusal in (NothingFound(text, MemoryIndex([]), ()), InNoEnvironment(text, ())):
        assert "SEKRET" not in str(refusal) + str(refusal.to_json())


def test_what_is_newer_in_the_channels_is_told(orchard: Orchard, demo: Path) -> None:
    found = questions.outdated(orchard.engine(), demo)

    assert [(each.installed.version, str(each.newest.version)) for each in found] == [
        ("2.0", "2.3")
    ]
    assert questions.outdated(orchard.engine(), demo, "sql*") == ()


@pytest.mark.parametrize("module", ["cv2"])
def test_a_module_leads_to_the_package_that_brings_it(
    orchard: Orchard, demo: Path, module: str
) -> None:
    [found] = questions.providers(orchard.engine(), module=module)

    assert (found.name, found.version, found.is_installed, found.place) == (
        "opencv",
        "4.1",
        True,
        demo,
    )
    assert found.paths == ("lib/python3.12/site-packages/cv2/__init__.py",)


@pytest.mark.parametrize("file", ["numpy.txt", "share/num*.txt", "/share/numpy.txt"])
def test_a_file_leads_to_its_package_in_environments_and_then_caches(
    orchard: Orchard, demo: Path, file: str
) -> None:
    orchard.environment("numpy=1.26", name="other")
    (orchard.home / "envs" / "other" / "conda-meta" / "numpy-1.26-0.json").unlink()

    found = questions.providers(orchard.engine(), file=file)

    assert [(each.version, each.is_installed) for each in found] == [("2.0", True), ("1.26", False)]
    assert [
        each.version for each in questions.providers(orchard.engine(), file=file, prefix=demo)
    ] == ["2.0"]


def test_a_file_with_its_whole_path_is_looked_for_in_its_environment(
    orchard: Orchard, demo: Path
) -> None:
    [found] = questions.providers(orchard.engine(), file=str(demo / "share" / "numpy.txt"))

    assert (found.place, found.name) == (demo, "numpy")


def test_what_nothing_here_brings_is_said_with_what_channels_do_not_tell(orchard: Orchard) -> None:
    with pytest.raises(NothingProvides) as refusal:
        questions.providers(orchard.engine(), module="numpy.nowhere")

    assert "channels do not say which files their packages have" in refusal.value.why


def test_a_file_has_an_owner_in_its_environment(
    orchard: Orchard, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo / "share")

    for file in ("numpy.txt", "share/numpy.txt", str(demo / "share" / "numpy.txt")):
        assert questions.owner(orchard.engine(), demo, file).name == "numpy"
    with pytest.raises(NothingProvides):
        questions.owner(orchard.engine(), demo, "share/nobody.txt")
