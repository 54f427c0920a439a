"""The plugin is installed (`pip install -e ".[test]"`); a user types commands, in this process."""

import pytest

from xconda_core.testing.home import Home
from xconda_core.testing.simulator import a_package

pytest_plugins = ["xconda_core.testing.fixtures"]

PACKAGES = [a_package("app", "1.0", depends=["lib"]), a_package("lib", "2.0")]


@pytest.fixture
def home(xconda_home: Home) -> Home:
    return xconda_home.with_channel(PACKAGES)


def test_it_says_hello(home: Home) -> None:
    assert home.xconda("hello", "world").stdout == "hello world\n"


def test_too_many_packages_are_refused(home: Home) -> None:
    strict = home.with_variables(CONDA_PLUGINS_HELLO_MOST="1")

    done = strict.xconda("create", "-n", "demo", "app", "--yes")

    assert "2 packages would come, and 1 may at once." in done.stderr
    assert not (home.envs / "demo").exists()


def test_stock_is_taken_with_each_change(home: Home) -> None:
    prefix = home.environment("demo", "app")

    assert (prefix / "share" / "hello.txt").read_text() == "hello\napp\nlib\n"
