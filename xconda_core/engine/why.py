"""Why a package is installed: the ways that lead to it from what the user asked for. Layer: engine.

And why in this version: see ``version_limit``.
"""

from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine.answers import Link, Why
from xconda_core.engine.not_installed import NotInstalledThere
from xconda_core.engine.version_limit import version_limit
from xconda_core.engine.wiring import Wiring
from xconda_core.errors import XcondaError
from xconda_core.events import Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.repodata.index import Index
from xconda_core.solver.need_graph import NeedGraph, shortest_chains
from xconda_core.values import replace

MAX_CHAINS: Final = 20  # of one package that was asked for; there may be exponentially many


def with_limit(
    answer: Why,
    state: EnvironmentState,
    settings: Settings,
    wiring: Wiring,
    load: Callable[[], Index],
    report: Reporter,
    cancel: CancelToken,
) -> Why:
    """Return ``answer`` with what keeps the package from a newer version.

    Channels that cannot be read leave the rest of it as it is.

    Raises:
        Cancelled: somebody asked to stop.
    """
    try:
        limit = version_limit(state, answer.record, load(), settings, wiring, report, cancel)
    except XcondaError as failure:
        cancel.check()
        return replace(answer, limit_failure=f"{failure.in_a_sentence}.")
    wiring.keep_indexes()
    return replace(answer, limit=limit)


def why(state: EnvironmentState, name: str) -> Why:
    """Return why ``name`` is there, as far as the environment itself tells.

    Raises:
        NotInstalledThere: it is not.
    """
    name = name.strip().lower()
    if name not in state.installed:
        raise NotInstalledThere(name, state)
    records = {key: package.record for key, package in state.installed.items()}
    graph = NeedGraph.of(records, state.requested)
    requested = {key: text for key, text in state.requested.items() if key in records}
    starts = [key for key in (requested or graph.tops()) if key != name]
    chains: list[tuple[Link, ...]] = []
    is_all = True
    for start in starts:
        found = list(islice(shortest_chains(graph, start, name), MAX_CHAINS + 1))
        is_all = is_all and len(found) <= MAX_CHAINS
        for names in found[:MAX_CHAINS]:
            wants = [requested.get(start, "")]
            wants += [graph.needs[one][next_] for one, next_ in pairwise(names)]
            chains.append(
                tuple(
                    Link(name=key, version=records[key].version, wants=text)
                    for key, text in zip(names, wants, strict=True)
                )
            )
    needed_by = graph.turned()[name]
    return Why(
        prefix=Path(state.prefix),
        record=records[name],
        requested=requested.get(name, ""),
        has_history=bool(requested),
        chains=tuple(sorted(chains, key=lambda chain: (len(chain), [link.name for link in chain]))),
        is_all=is_all,
        needed_by=tuple(
            Link(name=other, version=records[other].version, wants=text)
            for other, text in sorted(needed_by.items())
        ),
        came_with="python" if name == "pip" and "python" in requested else "",
    )
