"""An index in which single names come from channels of their own. Layer: repodata.

``channel::name`` reaches a channel that is not configured, or that a channel of higher priority
hides, for that package only: what the package depends on comes from the configured channels.
"""

from collections.abc import Iterable, Mapping, Sequence

from xconda_core.repodata.index import Candidates, Index, Withheld


class ScopedIndex:
    """The ``Index`` of configured channels, but for a few names."""

    def __init__(self, main: Index, scopes: Mapping[str, Index]) -> None:
        """Keep the values.

        Args:
            main: What the configured channels offer.
            scopes: Package name to the index that it is looked up in instead.
        """
        self._main = main
        self._scopes = dict(scopes)

    @property
    def channels(self) -> Sequence[str]:
        """Names of all channels searched, those of single names last."""
        names = list(self._main.channels)
        for scope in self._scopes.values():
            names += scope.channels
        return tuple(dict.fromkeys(names))

    def names(self) -> Iterable[str]:
        """Return every package name, in alphabetical order."""
        return sorted({*self._main.names(), *self._scopes})

    def candidates(self, name: str) -> Candidates | None:
        """Return the candidates of ``name``, or None where its channels have it not."""
        return self._scopes.get(name, self._main).candidates(name)

    def withheld(self, name: str) -> Sequence[Withheld]:
        """Return what the channels of ``name`` have of it beside its candidates."""
        return self._scopes.get(name, self._main).withheld(name)
