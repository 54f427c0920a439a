import logging
from pathlib import Path

import pytest

from xconda_core.config.settings import Settings
from xconda_core.config.settings_log import log_settings

PLACES = {"channels": "/home/me/.condarc, line 3; CONDA_CHANNELS", "offline": "CONDA_OFFLINE"}


def settings(**more: object) -> Settings:
    folder = Path("/x")
    given = {"root_prefix": folder, "envs_dirs": (), "pkgs_dirs": (), "state_dir": folder}
    return Settings(**(given | more))  # type: ignore[arg-type]


def test_the_places_that_decided_are_logged_and_with_more_detail_each_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, "xconda_core.config"):
        log_settings(settings(channels=("a", "b"), offline=True, origins=PLACES))
    assert caplog.messages == [
        "configured by /home/me/.condarc, CONDA_CHANNELS, CONDA_OFFLINE",
        "channels is a, b (/home/me/.condarc, line 3; CONDA_CHANNELS)",
        "offline is True (CONDA_OFFLINE)",
    ]


def test_a_list_that_was_emptied_and_a_machine_without_configuration_say_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, "xconda_core.config"):
        log_settings(settings(channels=(), origins={"channels": "CONDA_CHANNELS"}))
        log_settings(settings())
    assert "channels is empty (CONDA_CHANNELS)" in caplog.messages
    assert caplog.messages[-1] == "configured by nothing: every setting is the default"


def test_nothing_is_worked_out_for_a_log_that_nobody_keeps(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "xconda_core.config"):
        log_settings(settings(origins=PLACES))
    assert caplog.messages == []
