"""Progress as a plugin shows it, chosen by `--console` or by the setting."""

import pytest

from tests.plugins.conftest import PluginWorld

DOTS = """
from contextlib import contextmanager


class Dots:
    def __init__(self, stream):
        self.stream = stream
        print("begin", file=stream)

    def report(self, event):
        if type(event).__name__ == "PackageLinked":
            print("linked", event.package, file=self.stream)

    @contextmanager
    def paused(self):
        print("pause", file=self.stream)
        yield
        print("goes on", file=self.stream)

    def close(self):
        print("end", file=self.stream)


@plugins.hookimpl
def xconda_reporter_backends():
    yield plugins.PluginReporterBackend("dots", "a line per package", Dots)
"""
SHOWN = ["begin", "pause", "goes on", "linked seed", "linked apple", "end"]


def _said(text: str) -> list[str]:
    return [line for line in text.splitlines() if line in SHOWN]


def test_a_view_of_a_plugin_is_chosen_by_its_option(world: PluginWorld) -> None:
    world.install("dots", DOTS)
    done = world.create("apple", "--console", "dots")
    assert (done.returncode, _said(done.stderr)) == (0, SHOWN)
    assert "Extracting" not in done.stderr


def test_a_view_of_a_plugin_is_chosen_by_its_setting(world: PluginWorld) -> None:
    world.install("dots", DOTS)
    world.condarc("console: dots")
    assert _said(world.create("apple").stderr) == SHOWN
    quiet = world.xconda("remove", "-p", str(world.prefix), "apple", "--quiet")
    assert (quiet.returncode, quiet.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("self.stream = stream", "raise OSError('no')"),
        ('print("linked", event.package, file=self.stream)', "raise OSError('no')"),
        ('print("pause", file=self.stream)', "raise OSError('no')"),
        ('print("goes on", file=self.stream)', "raise OSError('no')"),
        ('print("end", file=self.stream)', "raise OSError('no')"),
        ('print("end", file=self.stream)', "raise plugins.XcondaError('no')"),
        ("def paused", "def resting"),
    ],
)
def test_a_view_that_breaks_is_named_and_lines_go_on(
    world: PluginWorld, old: str, new: str
) -> None:
    world.install("dots", DOTS.replace(old, new))
    done = world.create("apple", "--console", "dots")
    assert done.returncode == 0
    assert "warning: the plugin dots broke" in done.stderr
    assert world.installed() == ["apple 2.0", "seed 1.0"]
    assert "end" not in done.stderr.splitlines()


def test_a_view_that_there_is_not_is_refused_where_it_was_typed(world: PluginWorld) -> None:
    world.install("dots", DOTS)
    done = world.create("apple", "--console", "dotz")
    assert done.returncode == 2
    assert "there is no way dotz to show progress" in done.stderr
    assert "dots" in done.stderr.split("try:")[1]
    assert not world.prefix.exists()


def test_a_view_that_there_is_not_is_a_word_where_a_file_has_it(world: PluginWorld) -> None:
    world.condarc("console: rich")
    done = world.create("apple")
    assert done.returncode == 0
    assert done.stderr.count("warning: nothing here shows progress as rich") == 1


def test_a_view_with_a_name_of_xconda_s_is_refused(world: PluginWorld) -> None:
    world.install("dots", DOTS.replace('"dots"', '"plain"'))
    (listed,) = world.document("plugins", "list")
    assert listed["status"] == "enabled"
    done = world.create("apple", "--console", "nothing")
    assert "has a way to show progress plain, which xconda has" in done.stderr


ASKING = DOTS.replace(
    '"a line per package", Dots)',
    '"a line per package", Dots, lambda *asked: print(asked) or ANSWER)',
)


@pytest.mark.parametrize(("answer", "code"), [("True", 0), ("False", 1)])
def test_a_question_is_put_by_the_plugin_whose_view_was_chosen(
    world: PluginWorld, answer: str, code: int
) -> None:
    world.install("dots", ASKING.replace("ANSWER", answer))
    done = world.create("apple", "--console", "dots", CONDA_ALWAYS_YES="false")
    assert (done.returncode, world.prefix.exists()) == (code, code == 0)
    assert "('Proceed', True)" in done.stderr
    assert "[y]/n" not in done.stderr


@pytest.mark.parametrize("answer", ["1 / 0", "'perhaps'"])
def test_a_question_that_breaks_is_put_by_xconda(world: PluginWorld, answer: str) -> None:
    world.install("dots", ASKING.replace("ANSWER", answer))
    done = world.create("apple", "--console", "dots", CONDA_ALWAYS_YES="false")
    assert (done.returncode, world.prefix.exists()) == (1, False)
    assert "warning: the plugin dots broke" in done.stderr
    assert "Proceed ([y]/n)?" in done.stderr


@pytest.mark.parametrize("word", ["--yes", "--json"])
def test_where_nobody_is_asked_no_plugin_asks(world: PluginWorld, word: str) -> None:
    world.install("dots", ASKING.replace("ANSWER", "False"))
    done = world.create("apple", "--console", "dots", word, CONDA_ALWAYS_YES="false")
    assert (done.returncode, "Proceed" in done.stderr) == (0, False)
