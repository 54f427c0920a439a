"""``$NAME``, ``${NAME}`` and ``~`` in a text. Layer: environment. Pure.

As ``os.path.expandvars`` and ``expanduser`` do it, with the variables handed in.
"""

import re
from collections.abc import Mapping
from typing import Final

from xconda_core.regex import regex

_NAME: Final = regex(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)


def expanded(text: str, environ: Mapping[str, str], *, home: bool = False) -> str:
    """Return ``text`` with its variables replaced; one that is not set stays as it is written.

    ``home`` replaces a leading ``~`` too.
    """
    if home and (text == "~" or text.startswith("~/")) and environ.get("HOME"):
        text = environ["HOME"] + text[1:]
    if "$" not in text:
        return text
    return _NAME.sub(lambda found: environ.get(found[1] or found[2] or "", found[0]), text)
