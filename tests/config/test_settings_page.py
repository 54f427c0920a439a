"""Every setting of conda is in the one table, and the page of settings is made from it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from xconda_core.config.definitions import BY_NAME, DEFINITIONS
from xconda_core.config.settings_page import page

REPOSITORY = Path(__file__).parents[2]
SURFACE = REPOSITORY.parent / "shared" / "surface" / "settings.json"
OURS = {"channel_priority", "repodata_fns", "solver"}  # docs/decisions says why


def test_the_page_of_settings_is_up_to_date() -> None:
    written = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == page(), "python -m xconda_core.config.settings_page > docs/settings.md"


def test_the_page_names_every_setting_once() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(DEFINITIONS)
    assert all(any(row.startswith(f"| `{each.name}`") for row in rows) for each in DEFINITIONS)


@pytest.mark.shared
@pytest.mark.skipif(not SURFACE.is_file(), reason="the shared list of settings is absent")
def test_every_setting_of_conda_is_known_with_its_names_and_default() -> None:
    settings: dict[str, Any] = json.loads(SURFACE.read_text())["settings"]
    assert len(settings) == 115
    for name, told in settings.items():
        ours = BY_NAME[name]
        assert (ours.name, list(ours.aliases)) == (name, told["aliases"])
        assert ours.variables[0] == told["env_var"]
        if "env_list_delimiter" in told and os.name != "nt":
            assert ours.separator == told["env_list_delimiter"]
        if name not in OURS:
            default = list(ours.default) if isinstance(ours.default, tuple) else ours.default
            assert (default or None) == (told["default"] or None), name
