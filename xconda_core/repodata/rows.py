"""Records of one name in columns, not yet in order. Layer: repodata.

A name can have thousands of records, and each is looked at once: in columns that is a few list
comprehensions, where an object for each record would cost more than decoding it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.listing import Listing
from xconda_core.values import Protocol, Slotted, dataclass, field

Texts = tuple[str, ...]


class Source(Protocol):
    """Where records come from."""

    @property
    def is_noarch(self) -> bool:
        """Whether it is the ``noarch`` folder of its channel."""

    def record(self, published: Any, fn: str) -> PackageRecord:
        """Return the whole record of the archive ``fn``, from what was published of it."""


@dataclass(frozen=True, slots=True)
class Rows(Slotted):
    """Records; position ``i`` of each column is the same one.

    Attributes:
        fns: File names.
        listings: What order and search need to know, but for the texts that follow.
        depends: What each requires; equal ones are often the same object.
        constrains: What each constrains.
        sources: Where each comes from.
        published: What each source makes the whole record of.
    """

    fns: list[str] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    depends: list[Texts] = field(default_factory=list)
    constrains: list[Texts] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    published: list[Any] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.fns)

    def record(self, position: int) -> PackageRecord:
        """Decode one whole record."""
        return self.sources[position].record(self.published[position], self.fns[position])

    def chosen(self, positions: Sequence[int]) -> Self:
        """Return the rows at these positions, in this order."""
        return type(self)(*([column[at] for at in positions] for column in self.columns()))

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Return the rows of all ``parts``, one after the other."""
        parts = [part for part in parts if part]
        if len(parts) == 1:
            return parts[0]
        columns = zip(*(part.columns() for part in parts), strict=True)
        return cls(*([value for part in column for value in part] for column in columns))

    def columns(self) -> tuple[list[Any], ...]:
        """Return the columns, in the order in which the constructor takes them."""
        return (
            self.fns,
            self.listings,
            self.depends,
            self.constrains,
            self.sources,
            self.published,
        )
