"""Tab after %xconda: verbs, options and names; what only the engine knows, quickly or nothing."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.engine.orchard import Orchard, an_orchard
from xconda_jupyter.kernel import completion


@pytest.fixture
def orchard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Orchard:
    orchard = an_orchard(tmp_path)
    for name, value in orchard.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XCONDA_WORKER_PYTHON", sys.executable)
    monkeypatch.setattr(completion, "SECONDS", 60.0)
    return orchard


def offered(line: str) -> list[str]:
    symbol = "" if line.endswith(" ") else line.split()[-1]
    return completion.complete(None, SimpleNamespace(line=line, symbol=symbol))


def test_verbs_are_offered_and_the_second_word_of_one() -> None:
    assert offered("%xconda re") == [
        "redo", "reload", "remove", "rename", "repoquery", "report",
    ]  # fmt: skip
    assert offered("%xconda repoquery ") == ["depends", "search", "whoneeds"]
    assert offered("%%xconda upg") == ["upgrade"]
    assert offered("%xconda frobnicate x") == []
    assert offered("%xconda env config vars s") == ["set"]
    assert offered("%xconda try --o") == ["--offline", "--only-deps", "--or", "--override-channels"]


def test_options_are_those_of_the_verb() -> None:
    assert offered("%xconda install --fr") == ["--freeze-installed"]
    assert offered("%xconda tree --") == [
        "--debug", "--depth", "--invert", "--json", "--name", "--no-plugins", "--prefix",
        "--prune-duplicates", "--quiet", "--trace", "--verbose",
    ]  # fmt: skip


def test_installed_packages_are_offered_without_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta = tmp_path / "conda-meta"
    meta.mkdir()
    for name in ("numpy-1.26-py_0.json", "numpy-base-1.26-0.json", "history"):
        (meta / name).touch()
    monkeypatch.setattr(completion, "Worker", None)

    assert offered(f"%xconda remove -p {tmp_path} num") == ["numpy", "numpy-base"]
    assert offered(f"%xconda why -p {tmp_path} x") == []


def test_names_of_environments_and_channels_come_from_the_engine(orchard: Orchard) -> None:
    orchard.environment("dates")

    assert offered("%xconda list -n ") == ["base", "demo"] or offered("%xconda list -n ") == [
        "demo"
    ]
    assert offered("%xconda remove -n demo d") == ["dates"]
    assert offered("%xconda install num") == ["numpy"]
    assert offered("%xconda install ") == []


def test_an_engine_that_takes_too_long_has_nothing_to_offer(
    orchard: Orchard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completion, "SECONDS", 0.001)

    assert offered("%xconda install num") == []


def test_without_an_engine_there_is_nothing_to_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(request: object) -> object:
        raise OSError

    monkeypatch.setattr(completion, "Worker", gone)

    assert offered("%xconda install num") == []
