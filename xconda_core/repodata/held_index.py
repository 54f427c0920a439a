"""An index in which single names are what is there already, and are searched nowhere.

Layer: repodata. For Python projects that pip installed: with ``prefix_data_interoperability`` they
count for what the user has, whatever spelling of their name a package asks for.
"""

from collections.abc import Iterable, Mapping, Sequence

from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import canonical_name
from xconda_core.repodata.index import Candidates, Index, Withheld
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.values import replace


class HeldIndex:
    """The ``Index`` of channels, but for a few names."""

    def __init__(self, main: Index, held: Mapping[str, PackageRecord]) -> None:
        """Keep the values.

        Args:
            main: What the channels offer.
            held: Canonical name (PEP 503) to the one record that there is of it.
        """
        self._main = main
        self._held = dict(held)

    @property
    def channels(self) -> Sequence[str]:
        """Names of the channels searched."""
        return self._main.channels

    def names(self) -> Iterable[str]:
        """Return every package name, in alphabetical order."""
        return sorted({*self._main.names(), *self._held})

    def candidates(self, name: str) -> Candidates | None:
        """Return the candidates of ``name``, or None where there are none."""
        record = self._held.get(canonical_name(name)) if self._held else None
        if record is None:
            return self._main.candidates(name)
        return MemoryIndex([replace(record, name=name)]).candidates(name)

    def withheld(self, name: str) -> Sequence[Withheld]:
        """Return what channels have of ``name`` beside its candidates."""
        return self._main.withheld(name)
