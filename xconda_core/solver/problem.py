"""Everything a solve may depend on, as one value, and what it answers. Layer: solver. Pure."""

from collections.abc import Mapping

from xconda_core.cancel import CancelToken
from xconda_core.events import Reporter
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.index import Index
from xconda_core.values import Protocol, Slotted, dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveProblem(Slotted):
    """What is asked, what is there, and what exists.

    Attributes:
        index: What the channels offer, highest priority first inside each name.
        specs: What the user asks for now; every one must hold in the solution.
        kept_specs: What the user asked for earlier (history); must hold too, but its words come
            second in an explanation.
        installed_specs: What follows from what is installed, such as Python's minor series.
        pins: Must hold for a package if it is in the solution; do not bring it in.
        installed: Package name to the record that is in the prefix now. A candidate even where no
            channel has it any more; preferred over others unless ``updates`` names it.
        kept_names: Names to have in the solution if they can be, most wanted first. An installed
            name that is not among them stays only where something needs it.
        companions: Name to the name that comes along with it if it can (``python`` to ``pip``).
        updates: Names to bring to their best candidate (the names of ``specs`` that should move,
            or every installed name for ``update --all``).
        frozen: Installed names that must stay exactly as they are.
        tolerated: Installed names whose record counts as it stands in ``installed``, even where a
            channel says other things of the same archive.
        absent: Names that the solution must not have.
        virtual_packages: Facts of the machine.
        excluded: What may not come into the solution; what is installed may stay.
        excluded_by: Where that is written.
        pin_places: Pin to where it is written.
        spellings: Spec to how its author wrote it, where that is not its canonical text.
    """

    index: Index
    specs: tuple[MatchSpec, ...] = ()
    kept_specs: tuple[MatchSpec, ...] = ()
    installed_specs: tuple[MatchSpec, ...] = ()
    pins: tuple[MatchSpec, ...] = ()
    installed: Mapping[str, PackageRecord] = field(default_factory=dict)
    kept_names: tuple[str, ...] = ()
    companions: Mapping[str, str] = field(default_factory=dict)
    updates: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()
    tolerated: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    excluded: tuple[MatchSpec, ...] = ()
    excluded_by: str = ""
    pin_places: Mapping[MatchSpec, str] = field(default_factory=dict)
    spellings: Mapping[MatchSpec, str] = field(default_factory=dict)

    def spelling(self, spec: MatchSpec) -> str:
        """Return a spec in the words of its author."""
        return self.spellings.get(spec) or str(spec)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution(Slotted):
    """One record per name, and what it cost to find.

    Attributes:
        records: Package name to record, in name order; no virtual packages.
        decisions: Choices the search made.
        conflicts: Dead ends it met and learnt from.
    """

    records: Mapping[str, PackageRecord]
    decisions: int
    conflicts: int


class Solver(Protocol):
    """A way to answer a problem."""

    def __call__(self, problem: SolveProblem, report: Reporter, cancel: CancelToken) -> Solution:
        """Return a solution, or raise ``Unsatisfiable`` with its conflict, or ``Cancelled``."""
