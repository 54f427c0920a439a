"""What questions about channels are answered with. Layer: engine (values only)."""

from typing import Literal

from xconda_core.engine.answers import PackageTree
from xconda_core.errors import Json
from xconda_core.models.package_record import PackageRecord
from xconda_core.values import NamedTuple, Slotted, dataclass


class Queried(NamedTuple):
    """One package of an answer about channels.

    Attributes:
        name: Package name.
        version: Its version; empty where no channel has a fitting package.
        build: Its build string.
        wants: The dependency by which it is needed (``depends``), or by which it needs what was
            asked about (``whoneeds``); empty for what was asked about.
        record: Everything that the channel says of it, where that was read.
    """

    name: str
    version: str = ""
    build: str = ""
    wants: str = ""
    record: PackageRecord | None = None

    @classmethod
    def of(cls, record: PackageRecord | None, name: str = "", wants: str = "") -> "Queried":
        """Return the answer that ``record`` is; None: no package of that ``name`` fits."""
        if record is None:
            return cls(name, wants=wants)
        return cls(record.name, record.version, record.build, wants, record)

    def to_json(self) -> dict[str, Json]:
        """Return the package; with its record's fields where that was read."""
        own: dict[str, Json] = {"name": self.name, "version": self.version, "build": self.build}
        document = self.record.to_json() if self.record else own
        return {**document, "wants": self.wants} if self.wants else document


QueryKind = Literal["search", "depends", "whoneeds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnswer(Slotted):
    """What channels answer to a question.

    Attributes:
        kind: ``search``, ``depends`` or ``whoneeds``.
        query: The specs that were asked about.
        packages: The answer; for ``search`` best first, else in order of names.
        roots: The packages that were asked about.
        tree: The same as a tree, where that was asked for.
    """

    kind: QueryKind
    query: tuple[str, ...]
    packages: tuple[Queried, ...]
    roots: tuple[Queried, ...] = ()
    tree: PackageTree | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the answer in the form that ``mamba repoquery --json`` has."""
        result: dict[str, Json] = {
            "msg": "" if self.packages else f'No entries matching "{" ".join(self.query)}" found',
            "status": "OK",
            "pkgs": [package.to_json() for package in self.packages],
        }
        if self.kind != "search":
            result["graph_roots"] = [root.to_json() for root in self.roots]
        if self.tree is not None:
            result["tree"] = self.tree.to_json()
        return {"query": {"query": " ".join(self.query), "type": self.kind}, "result": result}
