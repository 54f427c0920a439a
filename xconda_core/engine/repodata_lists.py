"""The package lists that are tried one after the other until one has an answer. Layer: engine.

``repodata_fns``: a part of a channel's list is smaller and enough for most wishes; where it has no
answer, the whole list decides. Source: conda's ``repodata_fns``.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter

T = TypeVar("T")


def first_answer(
    names: Sequence[str],
    ask: Callable[[str], T],
    no_answer: tuple[type[XcondaError], ...],
    report: Reporter,
) -> T:
    """Return the answer of the first list that has one.

    Args:
        names: Names of the lists; the last one's "no" is the answer.
        ask: Returns the answer of one.
        no_answer: What it raises where there is none.
        report: Told when the next one is asked.

    Raises:
        XcondaError: the last list has no answer, or a list cannot be had.
    """
    *parts, last = names
    for name in parts:
        try:
            return ask(name)
        except no_answer:
            report(Noticed("info", f"{name} has no answer: asking the longer list."))
    return ask(last)
