"""Why a package is there, in words. Layer: cli. Pure."""

from collections.abc import Iterator, Sequence

from xconda_core.cli.console import Text
from xconda_core.engine.answers import Holder, Link, VersionLimit, Why

MAX_SHOWN = 12  # chains; --json has all of them


def why_lines(answer: Why) -> Iterator[Text]:
    """Yield the answer: the ways that lead to the package, then what holds its version."""
    record = answer.record
    yield Text(f"{record.name} {record.version} ({record.channel_name or 'no channel'})", "heading")
    yield from map(Text, _reasons(answer))
    if answer.limit_failure:
        yield Text(f"Whether there is a newer version is not known: {answer.limit_failure}")
    if answer.limit is not None:
        yield from map(Text, _limit_words(answer, answer.limit))


def _reasons(answer: Why) -> Iterator[str]:
    if answer.requested:
        yield f"  you asked for it: {answer.requested}"
    if answer.came_with:
        yield f"  it came along with {answer.came_with} (add_pip_as_python_dependency)"
    for chain in answer.chains[:MAX_SHOWN]:
        yield f"  {_chain_words(chain, asked=answer.has_history)}"
    hidden = len(answer.chains) - MAX_SHOWN
    if hidden > 0 or not answer.is_all:
        count = f"{hidden} more ways" if hidden > 0 and answer.is_all else "there are more ways"
        yield f"  {count} lead to it; --json has {'all' if answer.is_all else 'more'} of them"
    name = answer.record.name
    if not answer.is_needed:
        if answer.needed_by:
            others = ", ".join(link.name for link in answer.needed_by)
            yield f"  needed by {others}, but by nothing that you asked for"
        else:
            yield "  nothing needs it, and you did not ask for it"
        yield f"  nothing would miss it: `xconda remove {name}` takes it away"
    elif not (answer.has_history or answer.chains):
        yield "  nothing needs it; nobody knows what was asked for: there is no history of it"


def _chain_words(chain: Sequence[Link], *, asked: bool) -> str:
    first, *rest = chain
    begin = f"you asked for {first.wants or first.name}" if asked else f"nothing needs {first.name}"
    words = [f"{begin}: {first.name} {first.version} needs {rest[0].wants}"]
    words += [f"which needs {link.wants}" for link in rest[1:]]
    return ", ".join(words)


def _limit_words(answer: Why, limit: VersionLimit) -> Iterator[str]:
    name = answer.record.name
    if not limit.newest:
        yield f"No channel has {name} (any more)."
    elif limit.is_newest:
        yield f"Version {limit.installed} is the newest that the channels have."
    elif limit.is_held:
        yield f"Version {limit.installed} and not {limit.newest}:"
        yield from (f"  {_holder_words(holder)}" for holder in limit.holders)
        yield "  proof, by trying to install it:"
        yield from (f"    {line}" for line in limit.proof)
        if limit.reachable != limit.installed:
            yield f"Up to {limit.reachable} nothing holds it: `xconda update {name}`."
    else:
        for holder in limit.holders:
            yield f"{_holder_words(holder)}, which is all that keeps it from {limit.newest}."
        if not limit.holders:
            yield f"Nothing keeps it from {limit.newest}: `xconda update {name}` brings it."
        if limit.moves:
            yield f"  with it would go: {', '.join(limit.moves)}"


def _holder_words(holder: Holder) -> str:
    if holder.kind == "request":
        return f"you asked for {holder.wants}"
    if holder.kind == "pin":
        return f"{holder.wants} is pinned"
    verb = "wants" if holder.kind == "depends" else "allows only"
    return f"{holder.name} {holder.version} {verb} {holder.wants}"
