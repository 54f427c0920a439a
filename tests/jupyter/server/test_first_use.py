"""The server starts without the engine; who asks first has it loaded."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from tests.jupyter.server.conftest import Ask
from xconda_jupyter.server.first_use import KernelsOnFirstUse, PartsOnFirstUse
from xconda_jupyter.server.kernel_listing import prefix_of

OWN_MODULES = 6  # the extension, its app, what loads the rest, and errors: 1 ms
COUNT = """
import json, sys
import jupyter_server.extension.application
before = set(sys.modules)
import xconda_jupyter.server
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_a_server_start_imports_no_engine_and_no_handler() -> None:
    run = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = json.loads(run.stdout)
    assert len(loaded) <= OWN_MODULES, loaded


async def test_a_configuration_that_cannot_be_read_is_said_until_it_can(
    user: Path, ask: Ask, jp_serverapp: Any
) -> None:
    jp_serverapp.web_app.settings["xconda"].opened = None  # as before the first question
    condarc = user / ".condarc"
    condarc.write_text("channels: [\n")
    status, failure = await ask("GET", "environments")
    assert status == 422
    assert str(condarc) in failure["what"] + failure["why"]
    condarc.unlink()
    assert (await ask("GET", "environments"))[0] == 200


def test_a_kernel_manager_answers_alone_while_the_engine_cannot_be_opened(tmp_path: Path) -> None:
    class Fails(PartsOnFirstUse):
        def __call__(self) -> Any:
            raise OSError("no disk")

    make: Any = KernelSpecManager
    manager = make(kernel_dirs=[str(tmp_path)])
    own = set(manager.find_kernel_specs())
    KernelsOnFirstUse(manager, Fails(None))
    assert set(manager.find_kernel_specs()) == set(manager.get_all_specs()) == own


async def test_what_the_engine_logs_is_in_the_servers_log_without_credentials(
    user: Path, ask: Ask, jp_serverapp: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await ask("GET", "environments"))[0] == 200
    (app,) = jp_serverapp.extension_manager.extension_apps["xconda_jupyter.server"]
    engine = logging.getLogger("xconda_core.net")

    with caplog.at_level(logging.INFO, logger=app.log.name):
        engine.warning("asked https://me:hunter2@example.com/x")
        await app.stop_extension()
        engine.warning("after the end")

    said = [record.getMessage() for record in caplog.records if record.name == app.log.name]
    assert "xconda_core.net: asked https://<hidden>@example.com/x" in said
    assert [each for each in said if "hunter2" in each or "after the end" in each] == []


async def test_what_watches_jobs_has_ended_when_the_extension_has_stopped(
    user: Path, ask: Ask, jp_serverapp: Any
) -> None:
    await ask("GET", "environments")
    [app] = jp_serverapp.extension_manager.extension_apps["xconda_jupyter.server"]
    await app._start_jupyter_server_extension(jp_serverapp)
    await app.stop_extension()
    watching = [task for task in asyncio.all_tasks() if "XcondaApp._watch" in repr(task)]
    assert all(task.done() for task in watching)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, "{env}"),
        ({"kernel_provisioner": {"provisioner_name": "local-provisioner"}}, "{env}"),
        ({"kernel_provisioner": {"provisioner_name": "xconda-provisioner", "config": {}}}, None),
        ({"kernel_provisioner": {"config": {"prefix": "/named"}}}, "/named"),
        ({"conda_env_path": "/theirs"}, "/theirs"),
    ],
    ids=[
        "no provisioner",
        "jupyter's own",
        "the notebook's reference",
        "named",
        "nb_conda_kernels",
    ],
)
def test_a_kernel_belongs_to_the_environment_that_its_provisioner_starts_it_in(
    tmp_path: Path, metadata: dict[str, Any], expected: str | None
) -> None:
    (tmp_path / "conda-meta").mkdir()
    spec = {"argv": [str(tmp_path / "bin" / "python")], "metadata": metadata}
    assert prefix_of(spec) == (expected and expected.format(env=tmp_path))
