"""What goes away warns with since, removed in and use instead; nothing stays past its day."""

import argparse
import importlib
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

import xconda_core
from xconda_core.deprecations import (
    DeprecatedOption,
    Deprecation,
    XcondaDeprecationWarning,
    deprecated,
    deprecated_argument,
    deprecated_constants,
)

OLD = Deprecation(what="old", since="1.2", removed_in="2.0", instead="`new`")
SAYS = r"^old is deprecated since xconda 1\.2 and gone in 2\.0: use `new` instead\.$"


@deprecated(OLD)
def old(number: int) -> int:
    """Be old."""
    return number + 1


@deprecated_argument("size", OLD, renamed="length")
def renamed(*, length: int = 0) -> int:
    return length


@deprecated_argument("useless", OLD)
def ignoring(number: int, useless: bool = False) -> int:
    return number


def test_a_deprecated_function_warns_where_it_is_called_and_works() -> None:
    with pytest.warns(XcondaDeprecationWarning, match=SAYS) as warned:
        assert old(1) == 2

    assert [each.filename for each in warned] == [__file__]
    assert (old.__name__, old.__doc__) == ("old", "Be old.")


def test_a_renamed_argument_warns_and_goes_by_its_new_name() -> None:
    with pytest.warns(XcondaDeprecationWarning, match=SAYS) as warned:
        assert renamed(size=3) == 3  # type: ignore[call-arg]

    assert [each.filename for each in warned] == [__file__]


@pytest.mark.filterwarnings("error")
def test_calls_without_the_argument_do_not_warn() -> None:
    assert renamed(length=3) == 3
    assert ignoring(3) == 3


def test_an_argument_without_use_warns_and_is_handed_on() -> None:
    with pytest.warns(XcondaDeprecationWarning, match=SAYS):
        assert ignoring(3, useless=True) == 3


def test_a_constant_of_a_module_warns_where_it_is_read() -> None:
    module = types.ModuleType("somewhere")
    module.__getattr__ = deprecated_constants({"LIMIT": (OLD, 7)}, "somewhere")  # type: ignore[method-assign]

    with pytest.warns(XcondaDeprecationWarning, match=SAYS) as warned:
        assert module.LIMIT == 7

    assert [each.filename for each in warned] == [__file__]
    with pytest.raises(AttributeError, match="module 'somewhere' has no attribute 'OTHER'"):
        _ = module.OTHER


def test_an_option_warns_and_counts_as_the_one_that_replaces_it() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--new")
    parser.add_argument("--old", dest="new", action=DeprecatedOption, deprecation=OLD)
    parser.add_argument("--flag", dest="new", action=DeprecatedOption, deprecation=OLD, const="on")

    with pytest.warns(XcondaDeprecationWarning, match=SAYS):
        assert parser.parse_args(["--old", "x"]).new == "x"
    with pytest.warns(XcondaDeprecationWarning, match=SAYS):
        assert parser.parse_args(["--flag"]).new == "on"


@pytest.mark.filterwarnings("error")
def test_an_option_that_is_not_given_does_not_warn() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", dest="new", action=DeprecatedOption, deprecation=OLD)

    assert parser.parse_args([]).new is None


@pytest.mark.parametrize(
    ("since", "removed_in", "instead"),
    [("2.0", "1.0", "x"), ("1.0", "1.0", "x"), ("1.0", "2.0", ""), ("one", "2.0", "x")],
)
def test_a_deprecation_that_makes_no_sense_cannot_be_written(
    since: str, removed_in: str, instead: str
) -> None:
    with pytest.raises(ValueError, match=r"x|no version"):
        Deprecation(what="x", since=since, removed_in=removed_in, instead=instead)


@pytest.mark.parametrize(
    ("version", "due"), [("1.9", False), ("2.0", True), ("2.0.dev3", True), ("10.1", True)]
)
def test_it_is_due_in_the_version_that_is_to_be_without_it(version: str, due: bool) -> None:
    assert OLD.is_due(version) is due


def all_of_ours() -> Iterator[Deprecation]:
    """Yield every deprecation that a module of ours has as a value."""
    root = Path(xconda_core.__path__[0])
    for path in root.rglob("*.py"):
        if "Deprecation(" in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
            values = vars(importlib.import_module(name)).values()
            yield from (each for each in values if isinstance(each, Deprecation))


def test_nothing_that_was_to_be_gone_by_now_is_still_here() -> None:
    version = xconda_core.__version__
    assert [str(each) for each in all_of_ours() if each.is_due(version)] == []


def test_what_is_deprecated_lives_for_two_minor_versions_at_least() -> None:
    short = [
        str(each)
        for each in all_of_ours()
        if each.removed_in.partition(".")[0] == each.since.partition(".")[0]
        and int(each.removed_in.split(".")[1]) - int(each.since.split(".")[1]) < 2
    ]
    assert short == []
