"""The candidates of one name by their versions, as a solver compares them. Layer: repodata. Pure.

The order of versions is the order of texts, their keys (``models/version.py``). Making a key is
most of what reading a version costs, so an index works it out once, and keeps it.
"""

from collections.abc import Iterable, Mapping, Sequence

from xconda_core.models.version import InvalidVersion, Version
from xconda_core.repodata.index import VersionRun


def version_runs(versions: Sequence[str], keys: Mapping[str, str]) -> tuple[VersionRun, ...]:
    """Return the runs of ``versions``, the literals of all candidates; ``keys`` are theirs."""
    found: list[VersionRun] = []
    start = 0
    for end in range(1, len(versions) + 1):
        if end == len(versions) or versions[end] != versions[start]:
            text = versions[start]
            found.append((keys.get(text, ""), text, (1 << end) - (1 << start)))
            start = end
    return tuple(found)


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
