"""What the channels offer for a spec that a user types. Layer: engine."""

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import ClassVar

from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Index


class NothingFound(XcondaError):
    """No package of the channels fits the spec."""

    code: ClassVar[str] = "package-not-found"

    def __init__(self, text: str, index: Index, names: tuple[str, ...]) -> None:
        super().__init__(text)
        self.spec, self.channels = text, tuple(index.channels)
        self.nearest = tuple(get_close_matches(text, index.names(), n=3)) if not names else ()
        self.what = f"No package fits {text}."
        self.why = f"searched in {', '.join(self.channels) or 'no channel'}."
        if names:
            self.why = f"{', '.join(names[:5])} is there, but in no such version or build."
        self.fix = "search for a part of the name, `*part*`, or add a channel with `-c`."
        if self.nearest:
            self.fix = f"did you mean {' or '.join(self.nearest)}?"


def search(index: Index, text: str) -> tuple[PackageRecord, ...]:
    """Return every record that fits ``text``, names in order, best last within a name.

    A plain name is looked up exactly; where no package is called so, every name that contains it
    counts (conda's ``search`` does the same).

    Raises:
        InvalidMatchSpec: ``text`` is no MatchSpec.
        NothingFound: nothing fits; says what is near.
    """
    spec = MatchSpec.parse(text)
    names = _names(index, spec)
    records = [record for name in names for record in _fitting(index, name, spec)]
    if not records:
        raise NothingFound(text, index, names)
    return tuple(records)


def _names(index: Index, spec: MatchSpec) -> tuple[str, ...]:
    if spec.is_exact_name:
        if index.candidates(spec.name) is not None:
            return (spec.name,)
        return tuple(sorted(name for name in index.names() if spec.name in name))
    return tuple(sorted(name for name in index.names() if fnmatchcase(name, spec.name)))


def _fitting(index: Index, name: str, spec: MatchSpec) -> list[PackageRecord]:
    candidates = index.candidates(name)
    if candidates is None:
        return []
    asked = spec.with_name(name)
    records = [candidates.record(place) for place in range(len(candidates.versions))]
    return [record for record in reversed(records) if asked.matches(record)]
