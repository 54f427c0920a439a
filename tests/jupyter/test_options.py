"""%xconda takes the options of the command line, which are declared in one place."""

import json
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from xconda_core.cli import notebook_options, notebook_wish
from xconda_jupyter.kernel import option_table
from xconda_jupyter.kernel.command_line import Command, commands_of_line
from xconda_jupyter.kernel.conversation import request_of


def the_command(line: str) -> Command:
    [command] = commands_of_line(line)
    return command


def test_the_table_that_is_kept_is_that_of_the_command_line() -> None:
    kept = Path(option_table.__file__).with_name("options.json").read_text(encoding="utf-8")

    told = "python -m xconda_core.cli.notebook_options > xconda_jupyter/kernel/options.json"
    assert kept == notebook_options.document(), told


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("install --freeze-installed numpy", {"update_modifier": "freeze_installed"}),
        ("install -S numpy", {"update_modifier": "specs_satisfied_skip_solve"}),
        ("install --update-deps numpy", {"update_modifier": "update_deps"}),
        ("install --no-deps numpy", {"deps_modifier": "no_deps"}),
        ("install --only-deps numpy", {"deps_modifier": "only_deps"}),
        ("install --no-pin numpy", {"ignore_pinned": True}),
        ("install --force-reinstall numpy", {"force_reinstall": True}),
        ("install --prune numpy", {"prune": True}),
        ("install --exclude-newer 7d numpy", {"exclude_newer": "7d"}),
        ("install --strict-channel-priority numpy", {"channel_priority": "strict"}),
        ("install --offline -k numpy", {"offline": True, "ssl_verify": False}),
        ("install --no-repodata-use-shards numpy", {"repodata_use_shards": False}),
        ("remove --force numpy", {"force_remove": True}),
        ("search --platform osx-arm64 -f numpy", {"subdir": "osx-arm64", "flexible": False}),
        ("search --outdated", {"outdated": True}),
        ("tree --depth 2 --invert numpy", {"depth": 2, "invert": True}),
        ("why --no-version numpy", {"no_version": True}),
        ("repoquery depends -t numpy", {"tree": True}),
        ("repoquery whoneeds -p osx-64 numpy", {"subdir": "osx-64"}),
    ],
)
def test_an_option_is_what_it_is_on_the_command_line(line: str, options: dict[str, object]) -> None:
    command = the_command(line)

    assert command.options == options
    wish = {"protocol": notebook_wish.PROTOCOL, **request_of(command)}
    assert notebook_wish.wish_from_json(json.dumps(wish).encode()).options == options


def test_update_all_has_both_its_names() -> None:
    assert the_command("update --all").update_all
    assert the_command("update --update-all").update_all
    assert the_command("install --all numpy").update_all


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("install --no-deps --only-deps numpy", "not allowed with"),
        ("install --all --freeze-installed numpy", "not allowed with"),
        ("tree --depth deep", "invalid int value"),
        ("search --platform amiga numpy", "invalid choice"),
        ("list --freeze-installed", "list has no option --freeze-installed"),
        ("repoquery", "no command"),
        ("repoquery guess numpy", "no command"),
        ("repoquery depends", "which package"),
        ("why", "which package"),
    ],
)
def test_what_cannot_be_meant_is_said(line: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        commands_of_line(line)


def test_a_worker_refuses_options_that_it_does_not_have() -> None:
    wish = {"protocol": notebook_wish.PROTOCOL, "verb": "install", "options": {"root_prefix": "/"}}

    with pytest.raises(notebook_wish.RequestNotUnderstood):
        notebook_wish.wish_from_json(json.dumps(wish).encode())
