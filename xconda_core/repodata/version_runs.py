"""The candidates of one name by their versions, as a solver compares them. Layer: repodata. Pure.

The order of versions is the order of texts, their keys (``models/version.py``). Making a key is
most of what reading a version costs, so an index works it out once, and keeps it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import gt
from typing import Final, TypeAlias

from xconda_core.models.version import InvalidVersion, Version

VersionRun: TypeAlias = tuple[str, str, int]
"""Candidates one after the other that have one version: its key, its literal, their mask."""


class VersionRuns:
    """The versions of candidates in their order, each beside the same with those that have it.

    Columns, because a request meets 20,000 versions and asks for few of them.

    Attributes:
        starts: The first position of each version.
        keys: By what each is compared; empty where it is no version.
        literals: Each as it was written.
        count: How many candidates there are.
        descend: Each version is less than the one before it, as in nearly all candidates; none is
            written in two ways, and none cannot be read.
    """

    __slots__ = ("count", "descend", "keys", "literals", "starts")

    def __init__(
        self,
        starts: Sequence[int],
        keys: Sequence[str],
        literals: Sequence[str],
        count: int,
        *,
        descend: bool,
    ) -> None:
        """Keep the columns."""
        self.starts: Final = starts
        self.keys: Final = keys
        self.literals: Final = literals
        self.count: Final = count
        self.descend: Final = descend

    @classmethod
    def of(cls, versions: Sequence[str], keys: Mapping[str, str]) -> "VersionRuns":
        """Return the runs of ``versions``, the literals of all candidates; ``keys`` are theirs."""
        starts = [at for at, text in enumerate(versions) if at == 0 or text != versions[at - 1]]
        literals = [versions[start] for start in starts]
        own = [keys.get(text, "") for text in literals]
        descend = all(map(gt, own, [*own[1:], ""]))
        return cls(starts, own, literals, len(versions), descend=descend)

    def masks(self) -> Iterator[VersionRun]:
        """Return each version with the mask of its candidates."""
        bounds = [1 << start for start in (*self.starts, self.count)]
        masks = [end - start for start, end in pairwise(bounds)]
        return zip(self.keys, self.literals, masks, strict=True)

    def bounds(self, run: int) -> tuple[int, int]:
        """Return the first position of one run, and the position behind its last."""
        after = run + 1
        end = self.starts[after] if after < len(self.starts) else self.count
        return self.starts[run], end

    def at(self, position: int) -> int:
        """Return the number of the run that the candidate at ``position`` is in."""
        return bisect_right(self.starts, position) - 1


def version_keys(literals: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return by what each version literal is ordered, and why some are no versions."""
    keys: dict[str, str] = {}
    invalid: dict[str, str] = {}
    for literal in literals:
        try:
            keys[literal] = Version.parse(literal).key
        except InvalidVersion as error:
            invalid[literal] = error.what
    return keys, invalid
