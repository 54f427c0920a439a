"""What a sentence of the small print is, and how it is written down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and the tests that show all of it.

    Attributes:
        number: Section and line in ``../shared/surface/behaviours.md``, such as ``1.4``. A line of
            several clauses has several sentences of the same number.
        says: The sentence, in our own words.
        shown_by: Tests, each as ``file::name`` below ``tests/``.
        left_out: Why there is nothing of it here, and what to do; then no test shows it.
    """

    number: str
    says: str
    shown_by: tuple[str, ...] = ()
    left_out: str = ""


def line(number: str, says: str, *shown_by: str) -> Line:
    """Return a sentence that tests show."""
    return Line(number, says, shown_by)


def left_out(number: str, says: str, why: str) -> Line:
    """Return a sentence of which nothing is here, and why."""
    return Line(number, says, left_out=why)
