import json
from pathlib import Path
from typing import Any

import pytest

from xconda_core.environment.places import NotAnEnvironment
from xconda_core.environment.prefix import (
    PrefixDamaged,
    read_existing_state,
    read_state,
)


def a_prefix(folder: Path, *packages: dict[str, Any], history: str = "") -> Path:
    meta = folder / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").write_text(history)
    for package in packages:
        name = f"{package['name']}-{package['version']}-{package['build']}.json"
        (meta / name).write_text(json.dumps(package))
    return folder


def a_package(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "build": "0", "build_number": 0} | more


def test_a_folder_that_is_not_there_is_an_empty_state(tmp_path: Path) -> None:
    state = read_state(tmp_path / "none")
    assert (state.exists, dict(state.installed), state.revision) == (False, {}, -1)


def test_a_folder_that_is_not_there_is_no_existing_environment(tmp_path: Path) -> None:
    with pytest.raises(NotAnEnvironment) as caught:
        read_existing_state(tmp_path / "none")
    assert str(tmp_path / "none") in str(caught.value)


def test_packages_come_in_name_order(tmp_path: Path) -> None:
    prefix = a_prefix(tmp_path / "e", a_package("zlib"), a_package("a.b"), a_package("a"))
    assert list(read_state(prefix).installed) == ["a", "a.b", "zlib"]


def test_requests_pins_and_freezing_are_read(tmp_path: Path) -> None:
    history = "==> 1 <==\n# cmd: conda create\n+c/noarch::a-1.0-0\n# update specs: ['a >=1']\n"
    prefix = a_prefix(tmp_path / "e", a_package("a"), history=history)
    (prefix / "conda-meta" / "pinned").write_text("# held back\na 1.*  # why\n\n")
    (prefix / "conda-meta" / "frozen").write_text("{}")
    state = read_state(prefix)
    assert state.requested == {"a": "a >=1"}
    assert state.pinned == ("a 1.*",)
    assert (state.is_frozen, state.revision, state.exists) == (True, 0, True)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": "a"}', '{"name": 1, "version": "1"}'])
def test_a_broken_record_is_named(tmp_path: Path, text: str) -> None:
    prefix = a_prefix(tmp_path / "e")
    (prefix / "conda-meta" / "a-1-0.json").write_text(text)
    with pytest.raises(PrefixDamaged) as caught:
        read_state(prefix)
    assert "a-1-0.json" in str(caught.value)


def test_two_records_of_one_package_are_refused(tmp_path: Path) -> None:
    prefix = a_prefix(tmp_path / "e", a_package("a"), a_package("a", version="2.0"))
    with pytest.raises(PrefixDamaged) as caught:
        read_state(prefix)
    assert "a-1.0-0.json" in str(caught.value)


def test_the_fingerprint_changes_with_every_part_of_the_state(tmp_path: Path) -> None:
    states = [
        read_state(a_prefix(tmp_path / "1")),
        read_state(a_prefix(tmp_path / "2", a_package("a"))),
        read_state(a_prefix(tmp_path / "3", a_package("a"), history="==> 1 <==\n")),
        read_state(a_prefix(tmp_path / "4", a_package("a", channel="https://c/x"))),
    ]
    assert len({state.fingerprint for state in states}) == 4
