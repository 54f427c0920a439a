"""Regular expressions that are compiled when they are first used. Layer: ground.

``re`` compiles in Python: 0.05 to 0.4 ms a pattern. The modules of one command have sixty of them
and use ten. See docs/decisions/0110-what-a-command-loads.md.
"""

import re
from typing import AnyStr, cast

_METHODS = ("fullmatch", "match", "search", "findall", "finditer", "split", "sub")


class _Regex:
    """Stands for a ``re.Pattern`` until one of its methods is asked for, then has them itself."""

    __slots__ = ("_flags", "_text", *_METHODS)

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return the pattern ``text``, to be compiled when it is first used.

    Args:
        text: A regular expression; a mistake in it shows at the first use.
        flags: Those of ``re``.
    """
    return cast("re.Pattern[AnyStr]", _Regex(text, flags))
