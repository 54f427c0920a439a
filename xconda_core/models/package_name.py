"""Names of packages. Layer: models. Source: CEP 26."""

import re
from typing import Final

from xconda_core.errors import XcondaError
from xconda_core.regex import regex

MAX_LENGTH: Final = 64

# Separators stand alone between letters and digits; one leading underscore is allowed, two mark a
# virtual package, and one separator may end the name.
_NAME: Final = regex(r"_{0,2}[a-z0-9]+(?:[._-][a-z0-9]+)*[._-]?")


class InvalidPackageName(XcondaError):
    """A text is not a package name.

    Attributes:
        text: What was to be a name, at most 200 characters of it.
        reason: What is wrong with it.
    """

    code = "invalid-package-name"

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason)
        self.text, self.reason = text[:200], reason
        self.what = f"{self.text!r} is not a package name."
        self.why = f"{reason}."
        self.fix = (
            "names are letters and digits with single . _ - between them, such as my-package."
        )


def normalise_name(text: str) -> str:
    """Return the name in lower case.

    Raises:
        InvalidPackageName: ``text`` is not the name of a package, real or virtual.
    """
    name = text.lower()
    if len(name) > MAX_LENGTH:
        raise InvalidPackageName(text, f"it is longer than {MAX_LENGTH} characters")
    if not text.isascii() or not _NAME.fullmatch(name):
        raise InvalidPackageName(text, _fault(name))
    return name


def _fault(name: str) -> str:
    if not name:
        return "it is empty"
    strange = re.search(r"[^a-z0-9._-]", name)
    if strange:
        return f"{strange[0]!r} can stand in no name"
    if name[0] in ".-":
        return "it begins with a separator"
    return "two separators stand side by side"
