"""Does an environment hold what a file fixes, and do the file's archives still stand?

Layer: engine. The first question is answered from ``conda-meta`` alone, the second from the package
lists of the channels, and for what they no longer list by asking for the archive itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from xconda_core.cancel import CancelToken
from xconda_core.engine.wiring import Wiring
from xconda_core.errors import Json
from xconda_core.events import PhaseStarted, Reporter
from xconda_core.models.package_record import PackageRecord, same_archive
from xconda_core.repodata.index import Candidates
from xconda_core.values import Slotted, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences(Slotted):
    """How an environment differs from a list of packages.

    Attributes:
        missing: Records of the list whose packages are not there.
        changed: What is there, and what should be in its place.
        extra: Records that are there and not in the list.
    """

    missing: tuple[PackageRecord, ...] = ()
    changed: tuple[tuple[PackageRecord, PackageRecord], ...] = ()
    extra: tuple[PackageRecord, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulArchive(Slotted):
    """An archive that a file names and that cannot be had as the file says.

    Attributes:
        url: Its address.
        problem: What is the matter.
    """

    url: str
    problem: str

    def to_json(self) -> dict[str, Json]:
        """Return it as ``--json`` carries it."""
        return {"url": self.url, "problem": self.problem}


def differences(
    installed: Mapping[str, PackageRecord], wanted: Iterable[PackageRecord]
) -> Differences:
    """Return how ``installed`` differs from ``wanted``, in name order."""
    expected = {record.name: record for record in sorted(wanted, key=lambda each: each.name)}
    return Differences(
        missing=tuple(each for name, each in expected.items() if name not in installed),
        changed=tuple(
            (installed[name], each)
            for name, each in expected.items()
            if name in installed and not same_archive(installed[name], each)
        ),
        extra=tuple(each for name, each in installed.items() if name not in expected),
    )


def doubtful_archives(
    records: Sequence[PackageRecord], wiring: Wiring, report: Reporter, cancel: CancelToken
) -> tuple[DoubtfulArchive, ...]:
    """Return those of ``records`` that their channels do not offer as they are described.

    Raises:
        XcondaError: a channel cannot be read.
        Cancelled: somebody asked to stop.
    """
    places = tuple(dict.fromkeys(record.channel for record in records if record.subdir))
    report(PhaseStarted("index"))
    listed: dict[str, PackageRecord] = {}
    for place in places:  # one at a time: a stricter channel is not to hide what another has
        mine = [record for record in records if record.channel == place]
        index = wiring.index((place,), report, cancel, tuple(record.name for record in mine))
        for record in mine:
            found = _listed(index.candidates(record.name), record)
            if found is not None:
                listed[record.url] = found
    is_there = _Asked(wiring, cancel)
    doubts = (_doubt(record, listed.get(record.url), is_there) for record in records)
    return tuple(each for each in doubts if each is not None)


def _listed(candidates: Candidates | None, record: PackageRecord) -> PackageRecord | None:
    """Return what a channel says of the archive of ``record``; None where it lists none such."""
    if candidates is None:
        return None
    pairs = zip(candidates.versions, candidates.builds, strict=True)
    for position, pair in enumerate(pairs):
        if pair == (record.version, record.build):
            found = candidates.record(position)
            if found.fn == record.fn:
                return found
    return None


def _doubt(
    record: PackageRecord, listed: PackageRecord | None, is_there: Callable[[str], int]
) -> DoubtfulArchive | None:
    if listed is None:
        status = is_there(record.url)
        if status == 200:
            return None
        return DoubtfulArchive(url=record.url, problem=f"it is not there any more ({status})")
    for kind in ("sha256", "md5"):
        promised, offered = getattr(record, kind), getattr(listed, kind)
        if promised and offered and promised.lower() != offered.lower():
            problem = f"its channel says {kind} {offered}, the file {promised}"
            return DoubtfulArchive(url=record.url, problem=problem)
    return None


@dataclass(frozen=True, slots=True)
class _Asked(Slotted):
    """Asks for the beginning of an archive."""

    wiring: Wiring
    cancel: CancelToken

    def __call__(self, url: str) -> int:
        """Return the status of the server's answer."""
        self.cancel.check()
        with self.wiring.fetcher(self.cancel).open(url, {"Range": "bytes=0-0"}) as response:
            return 200 if response.status == 206 else response.status
