"""How two states of one environment differ: packages and requests. Layer: engine. Pure."""

from collections.abc import Sequence

from xconda_core.engine.answers import RequestChange, RevisionDifference
from xconda_core.engine.revision_unknown import RevisionUnknown
from xconda_core.environment.distribution import Distribution, changes_between
from xconda_core.environment.history import (
    Revision,
    dist_text,
    requested_specs,
    states_held,
)
from xconda_core.models.environment_state import EnvironmentState


def difference(
    state: EnvironmentState,
    revisions: Sequence[Revision],
    old: int | None,
    new: int | None,
    channel_alias: str,
) -> RevisionDifference:
    """Return what turned revision ``old`` of an environment into ``new``.

    Args:
        state: What is there now.
        revisions: Its history.
        old: A revision; None means the last one.
        new: Another one; None means what is there now.
        channel_alias: Base URL of channels that go by their name.

    Raises:
        RevisionUnknown: the history has no such revision.
    """
    last = len(revisions) - 1
    first = last if old is None else old
    for number in (first, last if new is None else new):
        if not 0 <= number <= last:
            raise RevisionUnknown(state.prefix, number, last)
    states = states_held(revisions)
    if new is None:
        present = [dist_text(each.record, channel_alias) for each in state.installed.values()]
        then, asked = frozenset(present), dict(state.requested)
    else:
        then, asked = states[new], _requests(revisions, new, states[new])
    before = _requests(revisions, first, states[first])
    return RevisionDifference(
        prefix=state.prefix,
        old=first,
        new=new,
        packages=changes_between(states[first], then),
        requests=tuple(
            RequestChange(name, before.get(name), asked.get(name))
            for name in sorted(before.keys() | asked.keys())
            if before.get(name) != asked.get(name)
        ),
    )


def _requests(revisions: Sequence[Revision], number: int, dists: frozenset[str]) -> dict[str, str]:
    names = [Distribution(text).name for text in dists]
    return requested_specs(revisions[: number + 1], names)
