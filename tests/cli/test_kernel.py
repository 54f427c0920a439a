"""``xconda kernel``: added where a user says so, taken away again, others' left alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from xconda_core.cli.main import main

KERNEL = {"argv": ["python", "-f", "{connection_file}"], "display_name": "P", "language": "python"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user with the environments ``science``, which has a kernel, and ``bare``."""
    for name in ("CONDA_PREFIX", "JUPYTER_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CONDA_ENVS_DIRS", str(tmp_path / "envs"))
    for name in ("science", "bare"):
        (tmp_path / "envs" / name / "conda-meta").mkdir(parents=True)
        (tmp_path / "envs" / name / "conda-meta" / "history").touch()
    folder = tmp_path / "envs" / "science" / "share" / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(KERNEL))
    (folder / "logo-64x64.png").write_bytes(b"logo")
    return tmp_path


def kernels(home: Path) -> Path:
    return home / ".local" / "share" / "jupyter" / "kernels"


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main(["kernel", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_what_is_added_can_be_added_again_and_taken_away(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = answer(capsys, "add", "-n", "science")
    folder = kernels(home) / "xconda-science"
    before = (folder / "kernel.json").read_bytes()
    assert [each["name"] for each in first["added"]] == ["xconda-science"]
    assert (folder / "logo-64x64.png").read_bytes() == b"logo"
    assert answer(capsys, "add", "-n", "science") == first
    assert (folder / "kernel.json").read_bytes() == before
    answer(capsys, "remove", "-n", "science")
    assert list(kernels(home).iterdir()) == []
    assert answer(capsys, "remove", "-n", "science")["removed"] == []


def test_all_adds_what_has_a_kernel_and_says_how_the_rest_could(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kernel", "add", "--all"]) == 0
    said = capsys.readouterr()
    assert [path.name for path in kernels(home).iterdir()] == ["xconda-science"]
    assert "bare has no kernel yet; `xconda install -n bare ipykernel`" in said.out + said.err


def test_an_environment_without_a_kernel_is_refused_with_the_way_to_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = answer(capsys, "add", "-n", "bare", code=1)
    assert "ipykernel" in json.dumps(error)
    assert not kernels(home).exists()


def test_the_list_tells_what_is_added_what_could_be_and_what_is_gone(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "add", "--all")
    found = answer(capsys, "list")
    by_name = {each["name"]: each for each in found["environments"]}
    assert by_name["science"]["added"] == ["xconda-science"]
    assert by_name["bare"]["offer"] == "xconda install -n bare ipykernel"
    (home / "envs" / "science" / "conda-meta" / "history").unlink()
    (home / "envs" / "science" / "conda-meta").rmdir()
    assert [each["is_gone"] for each in answer(capsys, "list")["added"]] == [True]
    assert main(["kernel", "list"]) == 0
    assert "is not there any more" in capsys.readouterr().out
    assert len(answer(capsys, "remove", "--gone")["removed"]) == 1
    assert list(kernels(home).iterdir()) == []


def test_a_kernelspec_of_another_program_is_neither_replaced_nor_removed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = kernels(home) / "xconda-science" / "kernel.json"
    other.parent.mkdir(parents=True)
    other.write_text(json.dumps(KERNEL))
    answer(capsys, "add", "-n", "science", code=1)
    answer(capsys, "remove", "xconda-science", code=1)
    answer(capsys, "remove", "--all")
    assert json.loads(other.read_text()) == KERNEL


def test_the_kernel_of_the_notebooks_own_choice_can_be_added_to_a_folder_of_choice(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "add", "--notebook", "--data-dir", str(home / "jupyter"))
    assert [each["name"] for each in found["added"]] == ["xconda"]
    assert (home / "jupyter" / "kernels" / "xconda" / "kernel.json").is_file()
    removed = answer(capsys, "remove", "xconda", "--data-dir", str(home / "jupyter"))
    assert [each["name"] for each in removed["removed"]] == ["xconda"]
