"""What channels have that would do, but for the configuration. Layer: solver. Pure."""

from collections.abc import Sequence

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.version import InvalidVersion, Version
from xconda_core.repodata.index import Index, Withheld


def hidden(spec: MatchSpec, index: Index) -> tuple[Withheld, ...]:
    """Return what ``spec`` means and the configuration hides: a version of a channel once.

    The newest comes first.
    """
    found: dict[tuple[str, str], tuple[Version, Withheld]] = {}
    for each in index.withheld(spec.name):
        if each.why == "offline":
            return (each,)  # which versions there are is not known, nor what hides them
        try:
            version = Version.parse(each.version)
        except InvalidVersion:
            continue
        would_do = (spec.version is None or spec.version.matches(version)) and (
            spec.build is None or spec.build.matches(each.build)
        )
        if would_do:
            found.setdefault((each.channel, each.version), (version, each))
    newest = sorted(found.values(), key=lambda item: item[0], reverse=True)
    return tuple(each for _, each in newest)


def hidden_words(found: Sequence[Withheld]) -> str:
    """Return which versions there are, and what hides them, as the end of a sentence."""
    first = found[0]
    alike = [each for each in found if (each.channel, each.why) == (first.channel, first.why)]
    more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
    if first.why == "offline":
        return f"only listed by {first.channel}: the rest was never fetched, and xconda is offline"
    if first.why == "exclude_newer":
        return f"{first.version}{more} of {first.channel} came later than exclude_newer allows"
    text = f"{first.version}{more} of {first.channel} {'are' if more else 'is'} hidden by the"
    return f"{text} channel {first.behind}, which comes before it: channel_priority is strict"
