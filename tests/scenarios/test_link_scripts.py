"""What a user sees of the scripts that packages run when they come, and what these see."""

from pathlib import Path

import pytest

from xconda_core.testing.home import a_home
from xconda_core.testing.simulator import a_package

SCRIPT = b"""#!/bin/sh
echo "$PKG_NAME $PKG_VERSION wants its manual read" >> "$PREFIX/.messages.txt"
echo noise
echo more noise >&2
"""


@pytest.mark.parametrize("word", ["--quiet", "--yes", "--json"])
def test_a_message_is_shown_once_and_what_scripts_print_is_not(tmp_path: Path, word: str) -> None:
    name = "bin/.speak-post-link.sh"
    package = a_package("speak", "1.5", files={name: SCRIPT}, executables=[name])
    home = a_home(tmp_path).with_channel([package])

    done = home.xconda("create", "-n", "demo", "speak", word)

    assert done.code == 0
    assert (done.stdout + done.stderr).count("speak 1.5 wants its manual read") == 1
    assert "noise" not in done.stdout + done.stderr


def test_every_variable_of_a_script_is_documented(tmp_path: Path) -> None:
    name = "bin/.look-post-link.sh"
    look = b"#!/bin/sh\nenv | cut -d= -f1 > $PREFIX/seen\n"
    package = a_package("look", files={name: look}, executables=[name])
    home = a_home(tmp_path).with_channel([package])
    everything = dict.fromkeys(("USER", "LOGNAME", "LANG", "LC_ALL", "SHELL", "PYTHONPATH"), "C")

    assert home.with_variables(**everything).xconda("create", "-n", "demo", "look").code == 0

    made_by_the_shell = {"PWD", "OLDPWD", "SHLVL", "_"}
    seen = set((home.envs / "demo" / "seen").read_text().split()) - made_by_the_shell
    page = Path(__file__).parents[2] / "docs" / "guides" / "channels.md"
    text = page.read_text(encoding="utf-8")
    assert {"PREFIX", "PKG_NAME", "PKG_VERSION", "PKG_BUILDNUM", "LANG"} <= seen
    assert sorted(each for each in seen if f"`{each}`" not in text) == []
    assert "PYTHONPATH" not in seen
