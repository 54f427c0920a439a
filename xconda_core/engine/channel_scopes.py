"""What ``channel::name`` in specs means: addresses, and channels for single names. Layer: engine.

A channel's name in a spec stands for its addresses under the configuration, so it never means a
channel of the same name somewhere else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from xconda_core.models.channel import Channel
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.repodata.index import Index
from xconda_core.values import Slotted, dataclass

Load = Callable[[Sequence[str]], Index]


@dataclass(frozen=True, slots=True)
class ChannelScopes(Slotted):
    """Reads specs in whose channels the configuration has a say.

    Attributes:
        channels: Returns the channels that names and addresses mean.
    """

    channels: Callable[[Sequence[str]], Sequence[Channel]]

    def read(self, text: str) -> MatchSpec:
        """Return the spec that ``text`` is; a channel in it matches by its addresses only.

        Raises:
            InvalidMatchSpec, InvalidChannel: it is none, or names no channel.
        """
        spec = MatchSpec.parse(text)
        place = _place(text, spec)
        if not place:
            return spec
        return spec.in_channels(channel.base_url for channel in self.channels((place,)))

    def scopes(self, texts: Iterable[str], main: Index, load: Load) -> Mapping[str, Index]:
        """Return an index of its own for each name whose channel ``main`` does not show.

        Args:
            texts: Specs.
            main: What the configured channels offer.
            load: Returns what some channels offer.

        Raises:
            ChannelNotAllowed: a channel may not be used.
            XcondaError: a channel cannot be read.
        """
        wanted: dict[str, dict[str, None]] = {}
        for text in texts:
            spec = MatchSpec.parse(text)
            place = _place(text, spec)
            if place and spec.is_exact_name and not self._is_shown(spec.name, place, main):
                wanted.setdefault(spec.name, {})[place] = None
        loaded = {places: load(places) for places in dict.fromkeys(map(tuple, wanted.values()))}
        return {name: loaded[tuple(places)] for name, places in wanted.items()}

    def _is_shown(self, name: str, place: str, main: Index) -> bool:
        """Whether each of the channels is among those whose ``name`` comes into question."""
        candidates = main.candidates(name)
        if candidates is None:
            return False
        seen = {candidates.record(at).channel for at in range(len(candidates.versions))}
        return all(channel.base_url in seen for channel in self.channels((place,)))


def earlier_texts(
    state: EnvironmentState, specs: Sequence[str], *, update_all: bool
) -> Sequence[str]:
    """Return how the user asked earlier for what moves: a channel named then counts still."""
    if update_all:
        return [text for name, text in state.requested.items() if name in state.installed]
    names = (MatchSpec.parse(text).name for text in specs)
    return [state.requested[name] for name in names if name in state.requested]


def _place(text: str, spec: MatchSpec) -> str:
    """Return the channel of a spec as it is written, credentials too; a pattern is none."""
    named = spec.channel
    if named is None or "*" in named or named.startswith("^"):
        return ""
    before, found, _ = text.partition("[")[0].partition("::")
    return before.strip() if found else named
