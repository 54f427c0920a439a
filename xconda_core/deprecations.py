"""What goes away says so first: since when, in which version it is gone, what to use instead.

Layer: ground. The policy is in ``docs/deprecations.md``; a test fails when something is due. Each
helper takes one :class:`Deprecation`, kept as a value beside what goes, so that a test can read
them all.
"""

import argparse
import functools
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, ParamSpec, TypeVar

from xconda_core.values import Slotted, dataclass

P = ParamSpec("P")
R = TypeVar("R")

_VERSION: Final = re.compile(r"(\d+)\.(\d+)")


class XcondaDeprecationWarning(FutureWarning):
    """Something of xconda's that goes away was used; shown to everybody, once for each place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation(Slotted):
    """One thing that goes away.

    Attributes:
        what: What it is, as its users call it, for example ``xconda_core.api.old_name``.
        since: Version that says so first, ``major.minor``.
        removed_in: Version that does not have it any more.
        instead: What to use, as the end of "use ..."; never empty.

    Raises:
        ValueError: a version is none, it is gone before it is announced, or ``instead`` is empty:
            bugs of ours.
    """

    what: str
    since: str
    removed_in: str
    instead: str

    def __post_init__(self) -> None:
        if release(self.since) >= release(self.removed_in):
            raise ValueError(f"{self.what} is gone in {self.removed_in}, before {self.since}")
        if not self.instead:
            raise ValueError(f"nobody says what to use instead of {self.what}")

    def __str__(self) -> str:
        return (
            f"{self.what} is deprecated since xconda {self.since} and gone in {self.removed_in}: "
            f"use {self.instead} instead."
        )

    def is_due(self, version: str) -> bool:
        """Whether it must be gone in ``version`` of xconda."""
        return release(version) >= release(self.removed_in)

    def warn(self, *, stack: int = 1) -> None:
        """Warn whoever called the function that calls this, ``stack`` frames further up."""
        warnings.warn(str(self), XcondaDeprecationWarning, stacklevel=stack + 2)


def release(version: str) -> tuple[int, int]:
    """Return major and minor number of a version.

    Raises:
        ValueError: it does not begin with two numbers.
    """
    found = _VERSION.match(version)
    if found is None:
        raise ValueError(f"{version!r} is no version of xconda")
    return int(found[1]), int(found[2])


def deprecated(deprecation: Deprecation) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator of a function or method that goes away: each call warns, then works."""

    def decorator(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def warning(*args: P.args, **kwargs: P.kwargs) -> R:
            deprecation.warn()
            return function(*args, **kwargs)

        return warning

    return decorator


def deprecated_argument(
    name: str, deprecation: Deprecation, *, renamed: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator of a function one of whose keyword arguments goes away.

    Args:
        name: The argument; calls that do not give it by name do not warn.
        deprecation: What is said.
        renamed: Its new name; None: the function still takes the old one itself.
    """

    def decorator(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def warning(*args: P.args, **kwargs: P.kwargs) -> R:
            if name in kwargs:
                deprecation.warn()
                if renamed is not None:
                    value = kwargs.pop(name)
                    kwargs.setdefault(renamed, value)
            return function(*args, **kwargs)

        return warning

    return decorator


def deprecated_constants(
    constants: Mapping[str, tuple[Deprecation, object]], module: str
) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module some of whose names go away.

    Args:
        constants: Name to what is said and the value it still has.
        module: ``__name__`` of the module.
    """

    def get(name: str) -> Any:
        if name not in constants:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        deprecation, value = constants[name]
        deprecation.warn()
        return value

    return get


class DeprecatedOption(argparse.Action):
    """An option of the command line that goes away: it warns, and is stored as any other.

    ``add_argument("--old", action=DeprecatedOption, deprecation=..., dest="new")``; ``const``
    makes it a flag.
    """

    def __init__(
        self,
        option_strings: Sequence[str],
        dest: str,
        *,
        deprecation: Deprecation,
        const: object = None,
        **words: Any,
    ) -> None:
        if const is not None:
            words["nargs"] = 0
        super().__init__(option_strings, dest, const=const, **words)
        self.deprecation = deprecation

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Store the value, and warn."""
        del parser, option_string
        self.deprecation.warn(stack=1)
        setattr(namespace, self.dest, values if self.const is None else self.const)
