"""What an installed package needs, and what needs it, as a tree. Layer: engine."""

from collections.abc import Mapping, Sequence

from xconda_core.engine.answers import PackageTree, TreeEntry
from xconda_core.engine.not_installed import NotInstalledThere
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.solver.need_graph import NeedGraph, TreeLine, tree_lines


def tree(
    state: EnvironmentState,
    machine: Sequence[VirtualPackage],
    names: Sequence[str] = (),
    *,
    invert: bool = False,
    depth: int | None = None,
    repeat: bool = True,
) -> PackageTree:
    """Return the tree of an environment.

    Args:
        state: The environment.
        machine: Virtual packages, which conditions of dependencies may ask for.
        names: The tops; none: what the user asked for and what nothing else needs, or, inverted,
            what needs nothing.
        invert: Below a package stands what needs it.
        depth: The deepest level that is told; None: all.
        repeat: A package told already has a line wherever it is needed.

    Raises:
        NotInstalledThere: one of ``names`` is not installed.
    """
    records = {name: package.record for name, package in state.installed.items()}
    graph = NeedGraph.of(records, state.requested, machine)
    asked = [name.strip().lower() for name in names]
    for name in asked:
        if name not in records:
            raise NotInstalledThere(name, state)
    tops = asked or _tops(graph, [name for name in state.requested if name in records], invert)
    turned = graph.turned() if invert else {}

    def below(name: str) -> Mapping[str, str]:
        if invert:
            return turned.get(name, {})
        lacking = {text: text for text in graph.lacks.get(name, ())}
        return {**graph.needs.get(name, {}), **lacking}

    def entry(line: TreeLine) -> TreeEntry:
        record = records.get(line.name)
        return TreeEntry(
            depth=line.depth,
            name=line.name,
            version=record.version if record else "",
            wants=line.text if line.depth else state.requested.get(line.name, ""),
            is_requested=line.name in state.requested,
            is_repeated=line.is_repeated,
            is_cut=line.is_cut,
            is_missing=record is None,
        )

    lines = tree_lines(tops, below, depth=depth, repeat=repeat)
    return PackageTree(
        title=str(state.prefix), entries=tuple(map(entry, lines)), is_inverted=invert
    )


def _tops(graph: NeedGraph, requested: Sequence[str], invert: bool) -> list[str]:
    if invert:
        return sorted(name for name, others in graph.needs.items() if not others)
    seen = graph.reached(requested)
    return [*sorted(requested), *(name for name in graph.tops() if name not in seen)]
