"""The kernels of an environment, and the kernelspecs that start them activated."""

import json
import re
from pathlib import Path

import pytest

from xconda_core.environment.kernels import (
    PROVISIONER,
    environment_kernels,
    kernel_name,
    prefix_of_spec,
    python_kernel,
)


def with_kernel(prefix: Path, own_name: str, **document: object) -> Path:
    folder = prefix / "share" / "jupyter" / "kernels" / own_name
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(document))
    return folder


def test_the_spec_starts_the_environments_python_and_names_the_provisioner() -> None:
    spec = python_kernel(Path("/envs/science"), "science").spec()
    assert spec["argv"] == [
        "/envs/science/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}",
    ]  # fmt: skip
    assert spec["display_name"] == "Python (science)"
    assert spec["metadata"] == {
        "kernel_provisioner": {
            "provisioner_name": PROVISIONER,
            "config": {"prefix": "/envs/science"},
        },
        "xconda": {"environment": {"name": "science", "prefix": "/envs/science"}},
    }
    assert prefix_of_spec(spec) == Path("/envs/science")


def test_the_spec_keeps_what_the_environments_ipykernel_says_of_itself(tmp_path: Path) -> None:
    folder = with_kernel(tmp_path, "python3", metadata={"debugger": True, "kernel_provisioner": 1})
    metadata = python_kernel(tmp_path).spec()["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["debugger"] is True
    assert isinstance(metadata["kernel_provisioner"], dict)
    (folder / "kernel.json").write_text("damaged")
    assert environment_kernels(tmp_path) == ()


def test_a_kernel_of_another_language_keeps_its_command_with_the_environments_program(
    tmp_path: Path,
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "R").touch()
    words = ["R", "-e", "IRkernel::main()", "--args", "{connection_file}"]
    with_kernel(tmp_path, "ir", argv=words, display_name="R", language="R")
    with_kernel(tmp_path, "python3", argv=["python"], display_name="Python 3", language="python")
    python, r = environment_kernels(tmp_path, "stats")
    assert python.display_name == "Python (stats)"
    assert (r.name, r.display_name, r.language) == ("xconda-stats-ir", "R (stats)", "R")
    assert r.spec()["argv"] == [str(tmp_path / "bin" / "R"), *words[1:]]


@pytest.mark.parametrize(
    ("path", "name", "called"),
    [
        ("/envs/science", "science", "xconda-science"),
        ("/envs/base", "base", "xconda-base"),
        ("/envs/My Env", "My Env", "xconda-my-env-[0-9a-f]{6}"),
        ("/envs/データ", "データ", "xconda-[0-9a-f]{6}"),
        ("/project/.env", "", "xconda-env-[0-9a-f]{6}"),
    ],
)
def test_names_are_what_jupyter_accepts_and_mean_one_environment(
    path: str, name: str, called: str
) -> None:
    assert re.fullmatch(called, kernel_name(Path(path), name))


@pytest.mark.parametrize(
    "document",
    [None, {}, {"metadata": 1}, {"metadata": {"kernel_provisioner": {"provisioner_name": "x"}}}],
)
def test_a_spec_of_another_program_starts_no_environment(document: object) -> None:
    assert prefix_of_spec(document) is None  # type: ignore[arg-type]
