"""Take credentials out of any text that leaves the program. Layer: config. Pure.

For logs, reports and messages: whatever a text is about, a token in a path (``/t/TOKEN/``), a user
and password before a host, an authorization header and a secret in a query are replaced.
"""

import re
from typing import Final

HIDDEN: Final = "<hidden>"

# What a text must have in it, in small letters, for a pattern to be worth trying: nearly all lines
# of a log have nothing of it. `re` keeps the patterns that were compiled.
_PATTERNS: Final = (
    (("@",), r"(?<=://)[^/\s'\"<>]+(?=@)"),  # user:password@host, the password may hold an @
    (("@",), r"(?<![\w/@.%<>-])[^\s/\\@:'\"<>=(]+:[^\s/\\'\"<>]+(?=@[\w\[])"),  # no scheme
    (("/t/",), r"(?<=/t/)[^/\s'\"<>]+"),  # a repository server's token
    (
        ("?", "&"),
        r"""(?ix)(?<=[?&])(?P<kept>(?:[\w-]*(?:token|secret|password|passwd|signature|credential|key)
        |sig|auth)=)[^&\s'"<>]+""",
    ),
    (
        ("authorization", "cookie", "x-auth-token"),
        r"""(?ix)(?P<kept>\b(?:(?:proxy-)?authorization|(?:set-)?cookie|x-auth-token)['"]?\s*[:=]\s*(?:b?['"])?
        (?:(?:basic|bearer|token|digest|negotiate)\s+)?)[^\s'",}<]+""",
    ),
    (
        ("token", "passw", "secret"),
        r"""(?ix)(?P<kept>\b[\w-]*(?:token|password|passwd|secret)['"]?\s*[:=]\s*['"]?)[^\s'",}<&]+""",
    ),
)  # fmt: skip


def redacted(text: str) -> str:
    """Return ``text`` with every credential in it replaced by ``<hidden>``."""
    small = text.casefold()
    for signs, pattern in _PATTERNS:
        if any(sign in small for sign in signs):
            text = re.sub(pattern, _hidden, text)
    return text


def _hidden(found: re.Match[str]) -> str:
    return found.groupdict().get("kept", "") + HIDDEN
