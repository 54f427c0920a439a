"""What order and search need to know of one published record. Layer: repodata. Source: CEP 36."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Raw, Struct

from xconda_core.events import Noticed, Reporter
from xconda_core.regex import regex

Text = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0)]
Amount = Annotated[int, Meta(ge=0)] | Annotated[float, Meta(ge=0)]


class Listing(Struct, frozen=True, gc=False):
    """The fields of a record that are decoded for every candidate of a name that is asked for.

    Those that only the chosen few need are named here too, so that a record of the wrong shape is
    left out now and not met after the decision.

    Attributes:
        name: Package name.
        version: Version literal exactly as published.
        build: Build string.
        build_number: Number that orders builds of one version.
        depends: MatchSpec strings of required packages, as they are encoded: records of one name
            often have the same.
        constrains: The same for what holds for a package if it is there; may be null.
        track_features: Text or list; anything in it makes the candidate less preferred.
        timestamp: Build time since 1970, in milliseconds (old packages: in seconds).
        indexed_timestamp: When the channel first had it, in milliseconds since 1970 (CEP 47).
        noarch: As published; old conda-build wrote true and false.
        size: Length of the archive in bytes.
        md5: Hexadecimal digest, or its bytes in a shard (CEP 16).
        sha256: Hexadecimal digest, or its bytes in a shard (CEP 16).
        license: Licence as published.
        license_family: Licence family as published.
        features: Obsolete features it needs.
        python_site_packages_path: Where ``python`` keeps site-packages (CEP 17).
    """

    name: Text
    version: Text
    build: str
    build_number: Count = 0
    depends: Raw = Raw()
    constrains: Raw = Raw()
    track_features: str | tuple[str, ...] | None = None
    timestamp: Amount | None = 0
    indexed_timestamp: Amount | None = 0
    noarch: bool | Literal["python", "generic"] | None = None
    size: Amount | None = None
    md5: Any = None
    sha256: Any = None
    license: str | None = None
    license_family: str | None = None
    features: str | tuple[str, ...] | None = None
    python_site_packages_path: str | None = None

    @property
    def published(self) -> int:
        """When it was published, in milliseconds since 1970; 0 where it is not known.

        Where the channel does not say, it is the time of the build, which the builder says.
        """
        return _milliseconds(self.indexed_timestamp or self.timestamp)

    @property
    def day(self) -> str:
        """The day on which it was published, in UTC."""
        seconds = min(self.published // 1000, LAST_SECOND)
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()


# conda's rule: no package is built after the year 9999, so a greater number is in milliseconds.
LAST_SECOND: Final = 253_402_300_799


def _milliseconds(time: float | None) -> int:
    whole = int(time or 0)
    return whole if whole > LAST_SECOND else whole * 1000


_DEPENDENCY_NAME: Final = regex(r"[^\s\[<>=!~]*")


def dependency_name(text: str) -> str:
    """Return the package name that a dependency begins with, without reading the rest of it."""
    found = _DEPENDENCY_NAME.match(text)
    return found[0] if found else ""


_log: Final = logging.getLogger(__name__)
_SHOWN: Final = 50  # records left out that the log names, of one list

Dropped = Callable[[str, str], None]  # file name, why: told of each record that is left out


@contextmanager
def records_left_out(report: Reporter, where: str) -> Iterator[Dropped]:
    """Collect what is left out in the block, and tell of it in one sentence."""
    records: list[tuple[str, str]] = []
    yield lambda fn, why: records.append((fn, why))
    if records:
        fn, why = records[0]
        others = f", and {len(records) - 1} more" if len(records) > 1 else ""
        report(Noticed("warning", f"{where}: {fn} was left out ({why}){others}."))
        for fn, why in records[1:_SHOWN]:
            _log.warning("%s: %s was left out (%s)", where, fn, why)
        if len(records) > _SHOWN:
            _log.warning("%s: and %d more", where, len(records) - _SHOWN)
