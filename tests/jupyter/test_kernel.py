"""%xconda in real kernels of a real environment that never installed xconda."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jupyter.conftest import Kernel, Outcome, StartKernel, installed

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def as_it_was(environment: Path) -> Iterator[None]:
    """Every test leaves the environment as it found it."""
    before = installed(environment)
    yield
    assert installed(environment) == before


def version_on_disk(prefix: Path) -> str:
    program = "import greeter; print(greeter.__version__)"
    command = [str(prefix / "bin" / "python"), "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def test_the_kernel_is_the_environments_own_and_sees_nothing_of_xcondas_surroundings(
    kernel: Kernel, environment: Path
) -> None:
    program = """
import importlib.util, json, os, sys
outside = [p for p in sys.path if p and not p.startswith(sys.prefix)]
found = [n for n in ("xconda_core", "rich", "msgspec", "xconda_jupyter") if n in sys.modules
         or n != "xconda_jupyter" and importlib.util.find_spec(n)]
print(json.dumps([sys.prefix, os.environ["CONDA_PREFIX"], outside, found]))
"""
    assert json.loads(kernel.run(program).printed) == [str(environment), str(environment), [], []]


def test_a_package_is_installed_imported_and_taken_back(kernel: Kernel, environment: Path) -> None:
    done = kernel.run('%xconda install "greeter>=2,<3"')
    assert done.status == "ok", done.error
    assert f"environment {environment} (this kernel's)" in done.last
    assert "1 package installed" in done.last
    assert done.value == ""  # the cell has shown it already
    assert kernel.run("import greeter; greeter.__version__").value == "'2.0'"
    undone = kernel.run("%xconda undo")
    assert "greeter is still in this kernel's memory" in undone.last
    assert version_on_disk(environment) == ""


def test_progress_is_one_output_redrawn_in_text_and_html(kernel: Kernel) -> None:
    done = kernel.run("%xconda install greeter")
    assert any("Choosing packages" in text for text in done.pictures[:-1])
    assert any("<progress" in page for page in done.pages[:-1])
    assert "<progress" not in done.pages[-1]
    assert '<div role="status">Done' in done.pages[-1]
    kernel.run("%xconda undo -q")


def test_the_result_is_a_value_to_go_on_with(kernel: Kernel, environment: Path) -> None:
    kernel.run("result = %xconda install -q greeter=1")
    assert kernel.run("result.prefix").value == repr(str(environment))
    changes = kernel.run("result.verb, [(c.name, c.old, c.new) for c in result]").value
    assert changes == "('install', [('greeter', '', '1.0')])"
    shown = kernel.run("result")
    assert "greeter  1.0" in shown.last
    kernel.run("%xconda undo -q")


def test_imported_python_source_is_reloaded_in_the_running_kernel(
    kernel: Kernel, environment: Path
) -> None:
    kernel.run("%xconda install greeter=1")
    before_import = kernel.run("%xconda install greeter=2")
    assert "reload" not in before_import.last
    assert "not imported" in before_import.last
    kernel.run("import greeter as g")
    after_import = kernel.run("%xconda install greeter=3")
    assert "imported: reload" in after_import.last
    assert "greeter was imported before it changed: `%xconda reload` takes 3.0 in" in (
        after_import.last
    )
    assert "In use: g." in after_import.last
    assert kernel.run("g.__version__").value == "'2.0'"

    reloaded = kernel.run("%xconda reload")

    assert "These names mean the new ones: g." in reloaded.value
    assert kernel.run("g.__version__").value == "'3.0'"
    assert version_on_disk(environment) == "3.0"
    assert "Nothing to reload" in kernel.run("%xconda reload").value
    kernel.run("%xconda remove -q greeter")


def test_what_the_kernel_runs_on_asks_for_a_restart_and_says_why(kernel: Kernel) -> None:
    planned = kernel.run("%xconda install --dry-run --force-reinstall traitlets")
    assert "imported: restart" in planned.last


def test_a_cell_takes_one_spec_per_line_or_one_command_per_line(
    kernel: Kernel, environment: Path
) -> None:
    assert kernel.run("%%xconda install\ngreeter >=1,<2   # an old one\nfiller0").status == "ok"
    assert version_on_disk(environment) == "1.0"
    done = kernel.run("%%xconda\ninstall greeter=2\nremove greeter filler0")
    assert done.status == "ok", done.error
    assert "↑ upgrade" in "".join(done.pictures)
    assert "− remove" in done.last


def test_a_downgrade_is_marked(kernel: Kernel) -> None:
    kernel.run("%xconda install -q greeter")
    done = kernel.run("%xconda install greeter=1")
    assert "↓ downgrade" in done.last
    assert "font-weight:bold" in done.pages[-1]
    kernel.run("%xconda remove -q greeter")


def test_which_environment_a_bare_command_means_is_the_first_line_of_its_plan(
    kernel: Kernel, environment: Path, tmp_path: Path
) -> None:
    first = kernel.run("%xconda install greeter --dry-run").pictures[0].splitlines()[0]
    assert first == f"xconda install greeter --dry-run · environment {environment} (this kernel's)"
    other = tmp_path / "other"
    first = kernel.run(f"%xconda create -p {other} greeter --dry-run").pictures[0].splitlines()[0]
    assert f"environment {other} (" in first
    assert "this kernel's" not in first


def test_a_dry_run_shows_the_plan_and_changes_nothing(kernel: Kernel) -> None:
    done = kernel.run("%xconda install --dry-run greeter")
    assert "greeter  3.0" in done.last
    assert "Dry run: nothing was changed." in done.last


def test_queries_are_values_that_show_themselves(kernel: Kernel) -> None:
    assert "ipykernel" in kernel.run("packages = %xconda list\npackages").value
    assert kernel.run("'ipykernel' in packages, 'greeter' in packages").value == "(True, False)"
    found = kernel.run("found = %xconda search greeter\n[p['version'] for p in found]")
    assert found.value == "['1.0', '2.0', '3.0']"
    assert "xconda version" in kernel.run("%xconda info").value


def test_what_an_environment_is_made_of_can_be_asked(kernel: Kernel) -> None:
    reason = kernel.run("reason = %xconda why --no-version tornado\nreason.is_needed, reason")
    assert "you asked for ipykernel" in reason.value
    assert reason.value.startswith("(True,")
    assert "ipykernel" in kernel.run("%xconda tree --invert tornado").value
    assert kernel.run("needs = %xconda repoquery depends greeter\nlen(needs)").value == "1"


def test_what_is_broken_is_mended_from_a_cell(kernel: Kernel, environment: Path) -> None:
    kernel.run("%xconda install greeter")
    gone = next(environment.rglob("greeter/__init__.py"))
    gone.unlink()
    assert "1 problem" in kernel.run("%xconda doctor missing-files").value
    mended = kernel.run("%xconda doctor missing-files --fix").value
    assert mended.startswith("1 thing repaired; ")
    assert gone.is_file()
    kernel.run("%xconda undo")


def test_tab_offers_verbs_options_and_packages(kernel: Kernel) -> None:
    assert kernel.complete("%xconda inst") == ["%xconda install"]
    assert kernel.complete("%xconda install --freeze") == ["%xconda install --freeze-installed"]
    assert kernel.complete("%xconda remove ipyk") == ["%xconda remove ipykernel"]


def test_json_is_one_document(kernel: Kernel) -> None:
    done = kernel.run("%xconda install --dry-run --json greeter")
    document = json.loads(done.value)
    assert (document["success"], document["dry_run"]) == (True, True)
    kept = kernel.run("answer = %xconda list --json\nprint(type(answer.value).__name__)")
    assert (kept.printed, kept.pictures) == ("list\n", [])
    failed = kernel.run("%xconda install --json grreter")
    assert json.loads(failed.last)["success"] is False
    assert failed.status == "error"


def test_an_unknown_package_fails_the_cell_in_three_sentences(kernel: Kernel) -> None:
    done = kernel.run('%xconda install grreter\nprint("not reached")')
    assert done.status == "error"
    assert done.printed == ""
    assert done.error.startswith("xconda: ")
    assert "greeter" in done.error
    assert "Traceback" not in done.error
    assert len(done.error.splitlines()) < 8


@pytest.mark.parametrize("command", ["remove ipykernel", "remove python"])
def test_what_the_kernel_stands_on_is_not_changed_without_an_explicit_yes(
    kernel: Kernel, command: str
) -> None:
    done = kernel.run(f"%xconda {command}")
    assert done.error_name == "XcondaFailed"
    assert "Careful: ipykernel" in done.last
    assert "Nothing was changed." in done.last
    assert f"%xconda {command} --yes" in done.error


def test_an_interrupt_cancels_and_undoes_what_was_begun(kernel: Kernel, environment: Path) -> None:
    def interrupt_while_linking(outcome: Outcome) -> None:
        if not interrupted and outcome.pictures and "Linking" in outcome.last:
            interrupted.append(True)
            kernel.interrupt()

    interrupted: list[bool] = []
    done = kernel.run("%xconda install crowd\nprint('not reached')", interrupt_while_linking)
    assert interrupted
    assert done.error_name == "XcondaCancelled"
    assert "Cancelled: the environment is unchanged." in done.error
    assert "Nothing was changed." in done.last
    assert not list(environment.glob("share/filler*"))
    assert done.printed == ""
    assert kernel.run("1 + 1").value == "2"


def test_an_interrupt_after_the_end_hides_nothing_of_how_it_ended(kernel: Kernel) -> None:
    kernel.run(
        """
import IPython.display
draw, interrupted = IPython.display.DisplayHandle.update, []

def interrupted_once(handle, bundle, **options):
    if "Done in" in bundle["text/plain"] and not interrupted:
        interrupted.append(True)
        raise KeyboardInterrupt
    draw(handle, bundle, **options)

IPython.display.DisplayHandle.update = interrupted_once
"""
    )
    done = kernel.run("%xconda install greeter\nprint('not reached')")
    assert done.error_name == "KeyboardInterrupt"
    assert "Done in" in done.last
    assert done.printed == ""
    assert kernel.run("IPython.display.DisplayHandle.update = draw\n%xconda undo").status == "ok"


def test_an_interrupt_while_the_worker_starts_is_a_cancel_too(kernel: Kernel) -> None:
    interrupt_soon = "threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()"
    code = f"import os, signal, threading\n{interrupt_soon}\n%xconda install crowd"
    done = kernel.run(code)
    assert done.error_name == "XcondaCancelled", done.error
    assert "Cancelled" in done.error


def test_what_steers_this_kernels_python_does_not_steer_xcondas(
    start_kernel: StartKernel, environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "xconda_core.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    kernel = start_kernel(environment, PYTHONHASHSEED="7")
    changed = f"import os\nos.chdir({str(tmp_path)!r})\nos.environ['PYTHONPATH'] = os.getcwd()"
    assert kernel.run(changed).status == "ok"
    assert kernel.run("%xconda list ipykernel").status == "ok"
    assert kernel.run("os.environ['PYTHONHASHSEED']").value == "'7'"


def test_what_was_only_downloaded_is_not_said_to_be_done(kernel: Kernel, environment: Path) -> None:
    before = installed(environment)
    kernel.run("%env CONDA_DOWNLOAD_ONLY=1")
    done = kernel.run("%xconda install greeter=2")
    assert "nothing was changed" in done.last
    assert "Done" not in done.last
    assert installed(environment) == before
