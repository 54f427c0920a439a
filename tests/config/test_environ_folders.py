"""xconda's own places are those that platformdirs names."""

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
