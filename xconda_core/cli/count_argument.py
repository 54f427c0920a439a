"""A number on the command line. Layer: cli. Pure."""

from argparse import ArgumentTypeError


def a_number(text: str) -> int:
    """Return a number of 0 or more.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return int(text)
