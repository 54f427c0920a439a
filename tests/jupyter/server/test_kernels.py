"""Environments are kernels of a running server as they come and go, beside those it had."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from tests.jupyter import abacus
from tests.jupyter.server.conftest import Ask
from xconda_core import api
from xconda_jupyter.server.kernels import add_environment_kernels

Fetch = Callable[..., Any]


def an_environment(home: Path, name: str, *kernels: str) -> Path:
    prefix = home / "envs" / name
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    for kernel in kernels:
        folder = prefix / "share" / "jupyter" / "kernels" / kernel
        folder.mkdir(parents=True)
        document = {"argv": [kernel], "display_name": kernel.title(), "language": kernel}
        (folder / "kernel.json").write_text(json.dumps(document))
    return prefix


async def names(fetch: Fetch) -> set[str]:
    response = await fetch("api", "kernelspecs")
    return set(json.loads(response.body)["kernelspecs"])


async def test_environments_come_and_go_while_the_server_runs(user: Path, jp_fetch: Fetch) -> None:
    before = await names(jp_fetch)
    prefix = an_environment(user, "science", "python3", "ir")
    an_environment(user, "bare")
    assert await names(jp_fetch) - before == {"xconda-science", "xconda-science-ir"}
    response = await jp_fetch("api", "kernelspecs", "xconda-science-ir")
    assert json.loads(response.body)["spec"]["display_name"] == "Ir (science)"
    shutil.rmtree(prefix)
    assert await names(jp_fetch) == before
    assert before  # the server's own kernel is still there


def a_manager(engine: api.Engine, folder: Path, **traits: Any) -> Any:
    make: Any = KernelSpecManager
    manager = make(kernel_dirs=[str(folder)], **traits)
    assert add_environment_kernels(manager, engine)
    return manager


def test_an_added_kernel_is_not_listed_a_second_time(user: Path, tmp_path: Path) -> None:
    prefix = an_environment(user, "science", "python3")
    (prefix / "bin").mkdir()
    api.add_kernel(api.environment_kernels(prefix, "other")[0], tmp_path / "kernels")
    for name, metadata in {"plain": {}, "theirs": {"conda_env_path": str(prefix)}}.items():
        folder = tmp_path / name / name
        folder.mkdir(parents=True)
        program = [str(prefix / "bin" / "python")]
        document = {"argv": program, "display_name": name, "language": "python3"}
        (folder / "kernel.json").write_text(json.dumps({**document, "metadata": metadata}))
    manager = a_manager(api.open_engine(), tmp_path / "kernels")
    assert set(manager.get_all_specs()) - {"python3"} == {"xconda-other"}
    theirs = a_manager(api.open_engine(), tmp_path / "theirs")
    assert set(theirs.get_all_specs()) - {"python3"} == {"theirs"}
    plain = a_manager(api.open_engine(), tmp_path / "plain")  # that one is not activated
    assert set(plain.get_all_specs()) - {"python3"} == {"plain", "xconda-science"}
    assert manager.get_kernel_spec("xconda-science").display_name == "Python (science)"


def test_what_the_administrator_allows_holds_here_too(user: Path, tmp_path: Path) -> None:
    an_environment(user, "science", "python3", "ir")
    manager = a_manager(api.open_engine(), tmp_path, allowed_kernelspecs={"xconda-science-ir"})
    assert set(manager.get_all_specs()) == {"xconda-science-ir"}
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec("xconda-science")


def test_a_manager_of_a_subclass_goes_on_as_it_is(user: Path, tmp_path: Path) -> None:
    class Other(KernelSpecManager):
        def find_kernel_specs(self) -> dict[str, str]:
            return {"theirs": str(tmp_path)}

        def get_kernel_spec(self, kernel_name: str) -> Any:
            if kernel_name == "theirs":
                return self.kernel_spec_class(argv=["theirs"], display_name="Theirs")
            raise NoSuchKernel(kernel_name)

    an_environment(user, "science", "python3")
    manager: Any = Other()
    add_environment_kernels(manager, api.open_engine())
    assert set(manager.get_all_specs()) == {"theirs", "xconda-science"}
    assert set(manager.find_kernel_specs()) == {"theirs", "xconda-science"}


def test_where_kernels_run_on_another_machine_nothing_is_added(user: Path) -> None:
    class Gateway:
        async def get_all_specs(self) -> dict[str, Any]:
            return {}

        find_kernel_specs = get_kernel_spec = get_all_specs

    assert not add_environment_kernels(Gateway(), api.open_engine())


async def test_a_kernel_of_another_language_runs_and_its_environment_is_known(
    user: Path, ask: Ask, jp_fetch: Fetch, jp_root_dir: Path
) -> None:
    prefix = user / "envs" / "sums"
    abacus.add_to(prefix, user / "diary")
    spec = {"name": "xconda-sums-abacus", "display_name": "Abacus (sums)", "language": "abacus"}
    cell = {"cell_type": "code", "source": "import numpy", "metadata": {}, "outputs": []}
    document = {"cells": [cell], "metadata": {"kernelspec": spec}, "nbformat": 4}
    (jp_root_dir / "sum.ipynb").write_text(json.dumps(document))
    session = {
        "path": "sum.ipynb",
        "type": "notebook",
        "name": "",
        "kernel": {"name": spec["name"]},
    }
    await jp_fetch("api", "sessions", method="POST", body=json.dumps(session))

    _, listed = await ask("GET", "environments")
    _, kernels = await ask("GET", "kernels")
    _, told = await ask("GET", "notebook", path="sum.ipynb")

    (sums,) = [each for each in listed["environments"] if each["name"] == "sums"]
    assert sums["kernel"] == {"name": "abacus", "language": "abacus"}
    (running,) = kernels["running"]
    assert (running["name"], running["prefix"]) == ("xconda-sums-abacus", str(prefix))
    assert (told["language"], told["environment"]["prefix"]) == ("abacus", str(prefix))
    assert told["needs"] is None  # its cells are not read as Python
