"""Take credentials out of any text that leaves the program. Layer: config. Pure.

For logs, reports and messages: whatever a text is about, a token in a path (``/t/TOKEN/``), a user
and password before a host, an authorization header and a secret in a query are replaced.
"""

import re
from typing import Final

HIDDEN: Final = "<hidden>"

_PATTERNS: Final = (
    re.compile(r"(?<=://)[^/\s'\"<>]+(?=@)"),  # user:password@host, the password may hold an @
    re.compile(r"(?<=/t/)[^/\s'\"<>]+"),  # a repository server's token
    re.compile(
        r"""(?ix)(?<=[?&])(?P<kept>(?:[\w-]*(?:token|secret|password|passwd|signature|credential|key)
        |sig|auth)=)[^&\s'"<>]+"""
    ),
    re.compile(
        r"""(?ix)(?P<kept>\b(?:(?:proxy-)?authorization|(?:set-)?cookie|x-auth-token)['"]?\s*[:=]\s*(?:b?['"])?
        (?:(?:basic|bearer|token|digest|negotiate)\s+)?)[^\s'",}<]+"""
    ),
    re.compile(
        r"""(?ix)(?P<kept>\b[\w-]*(?:token|password|passwd|secret)['"]?\s*[:=]\s*['"]?)[^\s'",}<&]+"""
    ),
)  # fmt: skip


def redacted(text: str) -> str:
    """Return ``text`` with every credential in it replaced by ``<hidden>``."""
    for pattern in _PATTERNS:
        text = pattern.sub(_hidden, text)
    return text


def _hidden(found: re.Match[str]) -> str:
    return found.groupdict().get("kept", "") + HIDDEN
