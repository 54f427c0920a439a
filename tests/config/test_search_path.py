"""Which files count, and in which order."""

from pathlib import Path

from xconda_core.config.search_path import configuration_files


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_files_count_from_the_system_to_the_target_and_last_the_named_one(tmp_path: Path) -> None:
    home, root, target, system = (tmp_path / x for x in ("home", "root", "target", "etc"))
    expected = (
        system / ".condarc",
        system / "condarc.d" / "a.yml",
        root / "condarc",
        tmp_path / "xdg" / "conda" / ".condarc",
        home / ".config" / "conda" / ".condarc",
        home / ".conda" / ".condarc",
        home / ".conda" / "condarc",
        home / ".condarc",
        target / ".condarc",
        tmp_path / "any.name",
    )
    touch(*reversed(expected))
    environ = {"XDG_CONFIG_HOME": f"{tmp_path}/xdg", "CONDARC": f"{tmp_path}/any.name"}
    assert configuration_files(environ, home, root, target, (system,)) == expected


def test_a_folder_gives_its_yaml_files_in_name_order(tmp_path: Path) -> None:
    folder = tmp_path / ".conda" / "condarc.d"
    touch(folder / "b.yaml", folder / "a.yml", folder / "c.txt", folder / ".condarc")
    assert configuration_files({}, tmp_path, tmp_path / "none", None, ()) == (
        folder / "a.yml",
        folder / "b.yaml",
    )


def test_a_file_that_is_found_twice_counts_once_at_its_higher_place(tmp_path: Path) -> None:
    touch(tmp_path / ".condarc", tmp_path / ".conda" / ".condarc")
    found = configuration_files(
        {"CONDARC": f"{tmp_path}/.conda/.condarc"}, tmp_path, tmp_path, None, ()
    )
    assert found == (tmp_path / ".condarc", tmp_path / ".conda" / ".condarc")


def test_a_named_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert configuration_files({"CONDARC": "/no/such"}, tmp_path, tmp_path, None, ()) == ()


def test_a_folder_that_cannot_be_looked_into_says_nothing(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": f"/{'x' * 300}"}  # longer than any file system takes
    assert configuration_files(environ, tmp_path, tmp_path / "root", None, ()) == ()


def test_named_places_stand_in_for_all_others_whatever_their_names(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    for path in (home / ".condarc", tmp_path / "mine", folder / "b.yml", folder / "a.yml"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    environ = {"XCONDA_SEARCH_PATH": f"{tmp_path / 'mine'}:{folder}:{tmp_path / 'nothing'}"}

    found = configuration_files(environ, home, tmp_path / "root", None)
    none = configuration_files({"XCONDA_SEARCH_PATH": ""}, home, tmp_path / "root", None)

    assert found == (tmp_path / "mine", folder / "a.yml", folder / "b.yml")
    assert none == ()
