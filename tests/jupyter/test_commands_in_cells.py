"""Every command of the command line is one of %xconda, or says why not; so is every option."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError

from tests.engine.orchard import Orchard, an_orchard
from tests.jupyter.conftest import Kernel
from xconda_core.cli import not_in_cells, notebook_options
from xconda_core.cli.command_table import COMMANDS, CommandEntry
from xconda_core.cli.parser import CommandParser
from xconda_core.engine.jobs_store import JobsStore
from xconda_jupyter.kernel import engine_commands
from xconda_jupyter.kernel.attempts import Attempts
from xconda_jupyter.kernel.command_line import (
    commands_of_cell,
    commands_of_line,
)
from xconda_jupyter.kernel.conversation import ask, change, refuse_unknown
from xconda_jupyter.kernel.failures import XcondaFailed
from xconda_jupyter.kernel.results import ChangeResult
from xconda_jupyter.kernel.verbs import ALIASES, options_of


@pytest.fixture
def orchard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Orchard:
    orchard = an_orchard(tmp_path)
    for name, value in orchard.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CONDA_CHANNELS", orchard.channel)
    monkeypatch.setenv("XCONDA_WORKER_PYTHON", sys.executable)
    monkeypatch.chdir(tmp_path)
    return orchard


def asked(line: str) -> Any:
    [command] = commands_of_line(line)
    return ask(command)


def flags(entry: CommandEntry) -> list[str]:
    parser = CommandParser(entry.name, description="", columns=100)
    entry.load().configure(parser)
    return [flag for action in parser._actions for flag in action.option_strings]


def test_the_table_that_is_kept_is_that_of_the_command_line() -> None:
    kept = Path(engine_commands.__file__).with_name("commands.json").read_text(encoding="utf-8")

    told = "python -m xconda_core.cli.notebook_options commands > .../kernel/commands.json"
    assert kept == notebook_options.commands_document(), told


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_a_cell_takes_every_option_of_a_command_or_there_is_a_reason(entry: CommandEntry) -> None:
    taken = {*options_of(ALIASES.get(entry.name, entry.name)), "-h", "--help"}
    excepted = {flag for flag in flags(entry) if _reason(entry, flag)}

    assert set(flags(entry)) - taken == excepted - taken
    assert not {flag for flag in excepted & taken if f"{entry.name} {flag}" in _REASONS}


def test_no_reason_is_left_of_an_option_that_is_gone() -> None:
    known = {flag for entry in COMMANDS for flag in flags(entry)}
    whole = {f"{entry.name} {flag}" for entry in COMMANDS for flag in flags(entry)}

    assert _REASONS.keys() <= known | whole
    assert all(_REASONS.values())


_REASONS: Mapping[str, str] = notebook_options.NOT_IN_CELLS


def _reason(entry: CommandEntry, flag: str) -> str:
    return _REASONS.get(flag) or _REASONS.get(f"{entry.name} {flag}") or ""


@pytest.mark.parametrize("name", sorted(not_in_cells.COMMANDS))
def test_a_command_for_terminals_says_why_and_what_to_do_in_a_cell(
    orchard: Orchard, name: str
) -> None:
    del orchard
    with pytest.raises(XcondaFailed, match="not for a cell") as caught:
        asked(f"{name} something")

    assert caught.value.code == "not-in-cells"
    assert (caught.value.why, caught.value.fix) == (
        f"{not_in_cells.COMMANDS[name][0]}.",
        not_in_cells.COMMANDS[name][1],
    )


def test_ways_to_ask_are_compared_with_what_to_ask_instead(orchard: Orchard) -> None:
    orchard.environment("numpy=1.26")

    found = asked("try -n demo numpy=2.3 --or numpy=9 --or pandas=2.1 numpy=2.3")

    assert isinstance(found, Attempts)
    good, unknown, clash = found
    assert [(each.name, each.old, each.new) for each in good.changes] == [("numpy", "1.26", "2.3")]
    assert unknown.failure is not None
    assert unknown.failure.code == "package-not-found"
    assert "2.3" in unknown.failure.fix
    assert clash.failure is not None
    assert "numpy" in clash.failure.why
    assert "3 ways tried, 1 can be had" in repr(found)
    page = found._repr_html_()
    assert unknown.failure.fix in page
    assert "<script" not in page


def test_a_command_answers_with_its_document_and_its_words(orchard: Orchard) -> None:
    prefix = orchard.environment("friend")
    (prefix / "mine.txt").write_text("mine")

    untracked = asked("package -n demo --untracked")
    sizes = asked("env list --size")
    answer = asked("list -n demo --size")
    document = asked("info --base --json")

    assert [each["file"] for each in untracked] == ["mine.txt"]
    assert sizes.value["envs"] == [str(prefix)]
    assert "friend" in answer.text
    assert "Size" in answer.text
    assert document.to_json() == {"root_prefix": str(orchard.home / "root")}


def changed(line: str) -> ChangeResult:
    [command] = commands_of_line(line)
    return change(command, {})


def test_an_environment_is_made_by_its_file_and_brought_to_another(orchard: Orchard) -> None:
    prefix = orchard.home / "envs" / "filed"
    file = Path("environment.yml")
    file.write_text("name: filed\ndependencies: [numpy=1.26]\nvariables: {MY_PLACE: here}\n")

    looked = changed("env create --dry-run")
    assert not prefix.exists()
    made = changed("env create")
    with pytest.raises(XcondaFailed, match="it is an environment already"):
        changed("env create")
    file.write_text("name: filed\ndependencies: [numpy=2.3]\n")
    updated = changed("env update -f environment.yml")

    assert [each.new for each in looked if each.name == "numpy"] == ["1.26"]
    assert Path(made.prefix) == prefix
    assert [(each.old, each.new) for each in updated if each.name == "numpy"] == [("1.26", "2.3")]
    assert "undo" in updated.words
    state = json.loads((prefix / "conda-meta" / "state").read_text())
    assert state["env_vars"] == {"MY_PLACE": "here"}
    assert changed("env create -f environment.yml --yes").document["plan"]["onto"] == "environment"


def test_a_twin_is_made_renamed_and_removed_as_jobs_that_everybody_sees(orchard: Orchard) -> None:
    prefix = orchard.environment("friend")

    changed("create --clone demo -n twin")
    with pytest.raises(XcondaFailed, match="nobody can be asked") as unsure:
        changed("rename -n twin other")
    renamed = changed("rename -n twin other --yes")
    with pytest.raises(XcondaFailed, match="nobody can be asked"):
        changed("env remove -n other")
    (prefix.with_name("other") / "mine.txt").write_text("mine")
    removed = changed("remove --all -n other --yes")

    assert prefix.is_dir()
    assert not {"twin", "other"} & {path.name for path in prefix.parent.iterdir()}
    assert unsure.value.fix == "`%xconda rename -n twin other --yes` does it."
    assert renamed.words.endswith(f"{prefix.with_name('twin')} is now {renamed.prefix}.")
    assert removed.words.endswith(f"{removed.prefix} is removed.")
    assert removed.document["plan"]["foreign"] == ["mine.txt"]
    kept = JobsStore(orchard.home / ".local" / "state" / "xconda" / "jobs").jobs()
    assert {renamed.job, removed.job} <= {job.folder.name for job in kept}


def test_the_environment_that_the_kernel_runs_in_is_neither_renamed_nor_removed(
    orchard: Orchard, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = orchard.environment("friend")
    monkeypatch.setattr(sys, "prefix", str(prefix))

    for line in ("rename -n demo other --yes", "env remove -n demo --yes"):
        with pytest.raises(XcondaFailed, match="was not removed or renamed"):
            changed(line)
    with pytest.raises(XcondaFailed, match="was not replaced"):
        changed("create -n demo friend --yes")
    assert (prefix / "conda-meta" / "history").is_file()


def test_a_program_says_what_it_says_and_its_failure_ends_the_cell(
    orchard: Orchard, capsys: pytest.CaptureFixture[str]
) -> None:
    orchard.environment("friend")

    assert asked("run -n demo sh -c 'echo $CONDA_DEFAULT_ENV; echo more >&2'").text == "demo\nmore"
    with pytest.raises(XcondaFailed, match="exit code 3") as caught:
        asked("run -n demo sh -c 'echo too bad; exit 3'")
    assert caught.value.facts == {"exit_code": 3}
    assert "too bad" in capsys.readouterr().out


def test_an_answer_that_is_no_is_false(orchard: Orchard) -> None:
    orchard.environment("friend")
    Path("wish.txt").write_text("numpy\n")

    compared = asked("compare -n demo wish.txt")

    assert not compared
    assert (compared.code, "numpy is not there" in compared.text) == (1, True)


def test_a_word_that_is_no_command_is_answered_with_the_nearest(orchard: Orchard) -> None:
    del orchard
    with pytest.raises(XcondaFailed, match="did you mean install"):
        asked("instal numpy")
    with pytest.raises(UsageError, match="no command 'channel'"):
        commands_of_line("channel")


def test_help_about_a_command_is_that_of_the_command_line(orchard: Orchard) -> None:
    del orchard
    assert "xconda package" in asked("help package").text


def test_no_line_of_a_cell_is_carried_out_where_one_is_no_command(orchard: Orchard) -> None:
    orchard.environment("friend")

    says = "no command 'listt'; did you mean list.* No line was carried out"
    with pytest.raises(UsageError, match=says):
        refuse_unknown(commands_of_cell("", "env config vars set -n demo A=1\nlistt -n other\n"))
    refuse_unknown(commands_of_cell("", "list -n demo\nnotices\n"))


def test_the_manual_names_what_is_only_for_terminals() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
    section = manual.partition("## In a notebook")[2].partition("\n## ")[0]

    for name, (why, _) in not_in_cells.COMMANDS.items():
        assert f"| `{name}` | {why}" in section
    for name, why in notebook_options.NOT_IN_CELLS.items():
        assert f"| `{name}` | {why}" in section


def test_a_solver_that_there_is_not_is_refused(orchard: Orchard) -> None:
    orchard.environment("friend")

    with pytest.raises(XcondaFailed, match="there is no solver guess"):
        asked("try -n demo numpy --solver guess")
    [command] = commands_of_line("install -n demo numpy --solver guess")
    with pytest.raises(XcondaFailed, match="there is no solver guess"):
        change(command, {})


def test_in_a_kernel_its_own_environment_is_meant(kernel: Kernel, environment: Path) -> None:
    kernel.run("%load_ext xconda")

    tried = kernel.run("%xconda try greeter=2 --or greeter=9")
    program = "import sys; print(sys.prefix)"
    place = kernel.run(f"told = %xconda run python -c '{program}'\nprint(told.text)")
    refused = kernel.run("%xconda init bash")

    assert "1 can be had" in tried.value, tried.error
    assert "ask for greeter=3.0" in tried.value
    assert place.printed.strip() == str(environment)
    assert "is not for a cell" in refused.error
    assert refused.error_name == "XcondaFailed"
    assert len(refused.error.splitlines()) == 3


def test_news_are_for_who_could_answer_not_for_papermill(kernel: Kernel) -> None:
    client: Any = kernel.manager.client()
    client.start_channels()
    code = "from xconda_jupyter.kernel.screen import is_watched; print(is_watched())"
    printed: list[str] = []

    def listen(message: Mapping[str, Any]) -> None:
        printed.append(message["content"].get("text", ""))

    for allow_stdin in (True, False):  # Jupyter's clients; nbclient, which papermill uses
        client.execute_interactive(code, allow_stdin=allow_stdin, output_hook=listen)
    client.stop_channels()

    assert "".join(printed).split() == ["True", "False"]
