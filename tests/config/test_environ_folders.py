"""xconda's own places are those that platformdirs names."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from xconda_core.config.environ import environment, home_folder, user_data_folder, user_state_folder


@pytest.mark.parametrize("value", [None, "/somewhere/else", "relative", ""])
def test_the_places_are_those_of_platformdirs(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    environ = environment()
    home = home_folder(environ)
    assert str(user_data_folder(environ, home)) == platformdirs.user_data_dir("xconda")
    assert str(user_state_folder(environ, home)) == platformdirs.user_state_dir("xconda")


def test_macos_and_windows_have_their_own_customs() -> None:
    home = Path("/Users/me")
    assert user_data_folder({}, home, "darwin") == home / "Library/Application Support/xconda"
    local = {"LOCALAPPDATA": "/local"}
    assert user_state_folder(local, home, "win32") == Path("/local/xconda/xconda")
    assert user_state_folder({}, home, "win32") == home / "AppData/Local/xconda/xconda"


@pytest.mark.skipif(sys.platform == "win32", reason="HOME is a POSIX variable")
def test_home_is_what_the_environment_says_or_else_the_system() -> None:
    assert home_folder({"HOME": "/home/me"}) == Path("/home/me")
    assert home_folder({"HOME": "relative"}) == Path.home()


IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NAMELESS = """
import os
from xconda_core.config.environ import home_folder
os.setuid(54321)
print(home_folder({}))
"""


@pytest.mark.skipif(not IS_ROOT, reason="root alone may become another user")
def test_a_user_that_no_list_has_and_without_home_still_gets_answers() -> None:
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", NAMELESS]
    done = subprocess.run(words, env={}, cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout == "/\n"


@pytest.mark.skipif(sys.platform == "win32", reason="HOME is a POSIX variable")
def test_a_user_whom_no_list_knows_lives_in_the_root_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert home_folder({}) == Path("/")
