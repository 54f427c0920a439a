"""Specs and versions as texts, by the names of ``conda.exports``. Layer: exports."""

from collections.abc import Sequence

from xconda_core.engine.opening import open_engine
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.match_spec_text import InvalidMatchSpec
from xconda_core.models.version import Version


def normalized_version(version: str) -> Version:
    """Return a version to be compared; a text that is none becomes the nearest one that is.

    Raises:
        InvalidVersion: there is none near.
    """
    return Version.parse(version.replace("-", "_").strip())


def spec_from_line(line: str) -> str | None:
    """Return the spec of a line of a file, without its comment; None where it has none."""
    text = line.partition("#")[0].strip()
    try:
        return str(MatchSpec.parse(text)) if text else None
    except InvalidMatchSpec:
        return None


def specs_from_args(args: Sequence[str], json: bool = False) -> list[str]:
    """Return the specs of words of a command line. ``json`` has no effect.

    Raises:
        InvalidMatchSpec: a word is none.
    """
    del json
    return [str(MatchSpec.parse(word)) for word in args]


def specs_from_url(url: str, json: bool = False) -> list[str]:
    """Return the specs, or the addresses behind ``@EXPLICIT``, of a file. ``json`` has no effect.

    Raises:
        XcondaError: it cannot be read.
    """
    del json
    wish = open_engine().read_files([url])
    if not wish.records:
        return [*wish.specs]
    return ["@EXPLICIT", *(record.url for record in wish.records)]
