"""Whether a package that was asked for could be newer, and how that is known.

Layer: solver (values only). ``prove`` makes them; plans carry them to every surface.
"""

from typing import Literal

from xconda_core.errors import Json
from xconda_core.values import Slotted, dataclass

Verdict = Literal["newest", "newest-allowed", "proven", "possible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newness(Slotted):
    """What is known of one request.

    Attributes:
        name: The package.
        spec: What was asked, in the user's words.
        version: The version chosen.
        verdict: ``newest``: the channels have no newer one; ``newest-allowed``: nor one that the
            spec allows; ``proven``: a newer one contradicts ``claims``; ``possible``: ``newer``
            could be had, and then ``older`` would be.
        newer: Versions that are newer, as ranges, or the one that could be had.
        older: Of what else was asked for, names with the version now and the version then.
        claims: Why there is no newer one, as a conflict's document.
        fact_count: Of how many single facts the contradiction is made; none of them can be missed.
        checked_by: Who found that these exclude each other, each on its own.
        words: All of this in lines for people.
    """

    name: str
    spec: str
    version: str
    verdict: Verdict
    newer: str = ""
    older: tuple[tuple[str, str, str], ...] = ()
    claims: Json = None
    fact_count: int = 0
    checked_by: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
