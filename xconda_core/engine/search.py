"""What the channels, and the environments of this user, have for a spec. Layer: engine."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from xconda_core.engine.answers import Outdated
from xconda_core.environment.prefix import read_state
from xconda_core.errors import XcondaError
from xconda_core.models.channel_url import mask_secrets
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.nearest import nearest_words
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.models.text_pattern import pattern_of
from xconda_core.models.version import Version
from xconda_core.repodata.index import Candidates, Index
from xconda_core.repodata.offers import offers as offers_at
from xconda_core.repodata.store_candidates import Offer


class NothingFound(XcondaError):
    """No package of the channels fits the spec.

    Attributes:
        spec: What was looked for, credentials masked.
        channels: Where.
        nearest: Names that are spelt much like it.
    """

    code: ClassVar[str] = "package-not-found"

    def __init__(self, text: str, index: Index, names: tuple[str, ...]) -> None:
        text = mask_secrets(text)
        super().__init__(text)
        self.spec, self.channels = text, tuple(index.channels)
        self.nearest = nearest_words(text, index.names()) if not names else ()
        self.what = f"No package fits {text}."
        self.why = f"searched in {', '.join(self.channels) or 'no channel'}."
        if names:
            self.why = f"{', '.join(names[:5])} is there, but in no such version or build."
        self.fix = "search for a part of the name, `*part*`, or add a channel with `-c`."
        if self.nearest:
            self.fix = f"did you mean {' or '.join(self.nearest)}?"


class InNoEnvironment(XcondaError):
    """No environment of this user has a package that fits the spec.

    Attributes:
        spec: What was looked for, credentials masked.
        prefixes: Where.
    """

    code: ClassVar[str] = "package-not-found"

    def __init__(self, text: str, prefixes: Iterable[Path]) -> None:
        text = mask_secrets(text)
        super().__init__(text)
        self.spec, self.prefixes = text, tuple(prefixes)
        self.what = f"No environment has a package that fits {text}."
        self.why = f"searched in {len(self.prefixes)} environments."
        self.fix = "`xconda env list` names them; without `--envs` the channels are searched."


def search(index: Index, text: str, *, flexible: bool = True) -> tuple[PackageRecord, ...]:
    """Return every record that fits ``text``, names in order, best last within a name.

    A plain name is looked up exactly; where no package is called so, every name that contains it
    counts (conda's ``search`` does the same), if ``flexible``.

    Raises:
        InvalidMatchSpec: ``text`` is no MatchSpec.
        NothingFound: nothing fits; says what is near.
    """
    found = _found(index, text, flexible=flexible)
    return tuple(candidates.record(at) for candidates, places in found for at in places)


def offers(index: Index, text: str, *, flexible: bool = True) -> tuple[Offer, ...]:
    """Return what a list shows of :func:`search`'s records, which are read as far as needed.

    Raises:
        InvalidMatchSpec, NothingFound: as :func:`search`.
    """
    found = _found(index, text, flexible=flexible)
    return tuple(each for candidates, places in found for each in offers_at(candidates, places))


def names_of(index: Index, text: str, *, flexible: bool = True) -> tuple[str, ...]:
    """Return the names of :func:`search`'s records; of a spec without conditions without reading.

    Raises:
        InvalidMatchSpec, NothingFound: as :func:`search`.
    """
    spec = MatchSpec.parse(text)
    names = _names(index, spec, flexible=flexible)
    if str(spec) != spec.name:
        names = tuple(name for name in names if _fitting(index.candidates(name), spec))
    if not names:
        raise NothingFound(text, index, names)
    return names


def outdated(index: Index, state: EnvironmentState, text: str) -> tuple[Outdated, ...]:
    """Return the installed packages that fit ``text`` and of which the channels have newer ones."""
    spec = MatchSpec.parse(text)
    found = []
    for name, package in state.installed.items():
        candidates = index.candidates(name) if spec.matches(package.record) else None
        if candidates is None:
            continue
        best = candidates.record(0)
        if Version.parse(best.version) > Version.parse(package.record.version):
            found.append(Outdated(installed=package.record, newest=best))
    return tuple(found)


def search_environments(
    prefixes: Iterable[Path], text: str
) -> Mapping[Path, tuple[PackageRecord, ...]]:
    """Return what of each environment fits ``text``; those without are left out.

    Raises:
        InvalidMatchSpec: ``text`` is no MatchSpec.
        InNoEnvironment: nothing fits.
        PrefixDamaged: an environment cannot be read.
    """
    spec, prefixes = MatchSpec.parse(text), tuple(prefixes)
    found = {}
    for prefix in prefixes:
        installed = (package.record for package in read_state(prefix).installed.values())
        records = tuple(record for record in installed if spec.matches(record))
        if records:
            found[prefix] = records
    if not found:
        raise InNoEnvironment(text, prefixes)
    return found


def _names(index: Index, spec: MatchSpec, *, flexible: bool) -> tuple[str, ...]:
    if not spec.is_exact_name:
        names = sorted(index.names())
        return tuple(names[at] for at in pattern_of(spec.name).chosen(names))
    if index.candidates(spec.name) is not None:
        return (spec.name,)
    return tuple(sorted(name for name in index.names() if flexible and spec.name in name))


def _found(
    index: Index, text: str, *, flexible: bool
) -> Sequence[tuple[Candidates, Sequence[int]]]:
    """Return where what fits ``text`` is among the candidates of each name, best last."""
    spec = MatchSpec.parse(text)
    names = _names(index, spec, flexible=flexible)
    having = [found for found in map(index.candidates, names) if found is not None]
    found = [(candidates, _fitting(candidates, spec)) for candidates in having]
    if not any(places for _, places in found):
        raise NothingFound(text, index, names)
    return found


def _fitting(candidates: Candidates | None, spec: MatchSpec) -> Sequence[int]:
    """Return the places of what fits, best last; only of what may fit the record is decoded."""
    if candidates is None:
        return ()
    last = len(candidates.versions) - 1
    if str(spec) == spec.name:
        return range(last, -1, -1)
    asked = spec.with_name(candidates.name)
    versions = {literal: Version.parse(literal) for literal in set(candidates.versions)}
    columns = zip(candidates.versions, candidates.builds, candidates.build_numbers, strict=True)
    verdicts = [
        asked.matches_parts(candidates.name, versions[version], build, number)
        for version, build, number in columns
    ]
    return [
        place
        for place in range(last, -1, -1)
        if verdicts[place] or (verdicts[place] is None and asked.matches(candidates.record(place)))
    ]


def place_of(text: str) -> str:
    """Return the channel that a spec names, as it is written; a pattern is none."""
    before, found, _ = text.partition("[")[0].partition("::")
    place = before.strip().rpartition("/")[0] if before.endswith(KNOWN_SUBDIRS) else before.strip()
    return place if found and "*" not in place and not place.startswith("^") else ""
