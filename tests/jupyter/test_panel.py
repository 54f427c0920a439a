"""The panel: widgets where there are some, a still picture where there are none."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.jupyter.conftest import Kernel, installed, wait_until
from xconda_jupyter.kernel import panel as still_panel
from xconda_jupyter.kernel.command_line import Command
from xconda_jupyter.kernel.conversation import ask
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.widget_panel import WidgetPanel

pytestmark = pytest.mark.slow


@pytest.fixture
def panel(user: dict[str, str], environment: Path, monkeypatch: pytest.MonkeyPatch) -> WidgetPanel:
    for name, value in user.items():
        monkeypatch.setenv(name, value)
    found = [
        ask(Command(verb, prefix=str(environment), quiet=True)) for verb in ("list", "history")
    ]
    return WidgetPanel(str(environment), {}, *found)


def controls(widget: Any) -> list[Any]:
    """Return the parts of a panel that a person can use."""
    inside = [each for child in getattr(widget, "children", ()) for each in controls(child)]
    return inside or [widget]


def planned(panel: WidgetPanel) -> Any:
    wait_until(lambda: panel.job is not None and (panel.job.is_planned or panel.job.is_over))
    return panel.job


def test_a_kernel_without_widgets_shows_a_still_picture_and_says_what_is_missing(
    kernel: Kernel,
) -> None:
    shown = kernel.run("import xconda_jupyter as xconda\nxconda.panel()").value
    assert "ipykernel" in shown
    assert "Revision" in shown or "create" in shown
    assert "`%xconda install ipywidgets`" in shown
    assert "`%xconda install ipywidgets`" in kernel.run("%xconda panel").value


def test_a_terminal_is_told_that_it_draws_none_and_a_failure_is_said_once(
    user: dict[str, str], environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in user.items():
        monkeypatch.setenv(name, value)
    shown = still_panel.panel(str(environment))._repr_mimebundle_()

    assert "ipykernel" in shown["text/plain"]
    assert "A terminal draws no panel" in shown["text/plain"]
    with pytest.raises(XcondaFailed, match="no environment at"):
        still_panel.panel(str(tmp_path))


def test_the_extension_alone_is_quick_and_does_not_load_ipywidgets(tmp_path: Path) -> None:
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S; import sys, time\n"
        "shell = S.instance(); begun = time.process_time()\n"
        "shell.run_line_magic('load_ext', 'xconda_jupyter.kernel')\n"
        "seconds = time.process_time() - begun\n"
        "print([seconds, [name for name in sys.modules if name.startswith('ipywidgets')]])"
    )
    kept = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
    environ = {**kept, "PYTHONPYCACHEPREFIX": str(tmp_path)}  # compiled once, as installed
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    answers = [ast.literal_eval(done.stdout.splitlines()[-1]) for done in runs]
    assert min(seconds for seconds, _ in answers) <= 0.060
    assert answers[0][1] == []


def test_every_control_has_a_name_for_those_who_hear_it(panel: WidgetPanel) -> None:
    usable = [each for each in controls(panel.box) if not type(each).__name__.startswith("HTML")]
    assert len(usable) > 12
    assert [each for each in usable if not each.description] == []


def test_environments_packages_and_history_are_there(panel: WidgetPanel, environment: Path) -> None:
    assert panel.environment.value == str(environment)
    panel.filter.value = "ipyk"
    assert [name for _, name in panel.installed.options] == ["ipykernel"]
    assert panel.revisions.options[-1][0].startswith("0 · ")
    assert "application/vnd.jupyter.widget-view+json" in panel.view()


def test_search_install_with_a_preview_and_undo(panel: WidgetPanel, environment: Path) -> None:
    before = installed(environment)
    panel.query.value = "greeter"
    panel.buttons["Search"].click()
    wait_until(lambda: len(panel.offers.options) == 3)
    assert panel.offers.options[0][0].startswith("greeter 3.0")
    panel.offers.value = panel.offers.options[1][1]
    panel.buttons["Install"].click()
    job = planned(panel)
    assert installed(environment) == before
    assert "1 to install" in panel.picture.value
    assert panel.buttons["Install"].disabled
    assert not panel.buttons["Apply"].disabled
    panel.buttons["Apply"].click()
    wait_until(lambda: job.is_over)
    assert "1 package installed" in panel.picture.value
    assert installed(environment) - before == {"greeter-2.0-0"}
    wait_until(lambda: "greeter" in dict(panel.installed.options).values())
    panel.buttons["Undo"].click()
    undoing = planned(panel)
    panel.buttons["Apply"].click()
    wait_until(lambda: undoing.is_over)
    assert installed(environment) == before


def test_a_plan_that_nobody_wants_changes_nothing(panel: WidgetPanel, environment: Path) -> None:
    before = installed(environment)
    panel._change("install", "greeter")
    job = planned(panel)
    panel.buttons["Cancel"].click()
    wait_until(lambda: job.is_over)
    assert installed(environment) == before
    assert panel.buttons["Apply"].disabled


def test_what_fails_is_said_in_the_panel(panel: WidgetPanel) -> None:
    panel.query.value = "nonesuch-package"
    panel.buttons["Search"].click()
    wait_until(lambda: 'role="alert"' in panel.picture.value)
    panel._change("install", "nonesuch-package")
    job = planned(panel)
    wait_until(lambda: job.is_over)
    assert "nonesuch-package" in panel.picture.value
