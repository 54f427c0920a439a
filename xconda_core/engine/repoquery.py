"""Questions about what channels offer: what a package depends on, and what depends on it.

Layer: engine. Nothing is solved: a dependency is shown with the best package that meets it alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

from xconda_core.cancel import CancelToken
from xconda_core.engine.answers import PackageTree, TreeEntry
from xconda_core.engine.query_answer import Queried, QueryAnswer
from xconda_core.engine.search import NothingFound, search
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Dependent, Index, Saying, TurnableIndex
from xconda_core.repodata.listing import dependency_name
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.need_graph import TreeLine, tree_lines


def searched(index: Index, specs: Sequence[str]) -> QueryAnswer:
    """Return every record that fits one of ``specs``, best first.

    Raises:
        InvalidMatchSpec: one of them is none.
        NothingFound: nothing fits one of them.
    """
    found = [record for spec in specs for record in reversed(search(index, spec))]
    packages = [Queried.of(record) for record in dict.fromkeys(found)]
    return QueryAnswer(kind="search", query=tuple(specs), packages=tuple(packages))


def installed(state: EnvironmentState) -> TurnableIndex:
    """Return what is installed as if a channel had it, and nothing else."""
    return MemoryIndex([package.record for package in state.installed.values()], (), "disabled")


def depends(
    index: Index, specs: Sequence[str], *, recursive: bool, tree: bool, depth: int | None = None
) -> QueryAnswer:
    """Return what the best package of each spec depends on; ``recursive``, and so on from there.

    Raises:
        InvalidMatchSpec, NothingFound: as :func:`searched`.
    """
    roots = [best(index, spec) for spec in specs]
    chosen = {root.name: root for root in roots}

    def below(name: str) -> Mapping[str, str]:
        needs: dict[str, str] = {}
        for text in chosen[name].depends if name in chosen else ():
            other = dependency_name(text)
            needs[other] = f"{needs[other]} and {text}" if other in needs else text
            if other not in chosen:
                _choose(index, text, chosen)
        return needs

    limit = depth if tree else None if recursive else 1
    lines = tuple(tree_lines([root.name for root in roots], below, depth=limit))
    packages: dict[str, Queried] = {}
    for line in lines:
        if line.depth and line.name not in packages:
            packages[line.name] = Queried.of(chosen.get(line.name), line.name, line.text)
    found = tuple(packages[name] for name in sorted(packages))
    drawn = _tree(lines, {name: record.version for name, record in chosen.items()}, inverted=False)
    return QueryAnswer(
        kind="depends",
        query=tuple(specs),
        packages=found,
        roots=tuple(map(Queried.of, roots)),
        tree=drawn if tree else None,
    )


def whoneeds(
    index: TurnableIndex,
    specs: Sequence[str],
    cancel: CancelToken,
    *,
    recursive: bool,
    tree: bool,
    depth: int | None = None,
    with_records: bool = False,
) -> QueryAnswer:
    """Return the packages that depend on what fits ``specs``; ``recursive``, and on those.

    Of each package the best version that does. A spec with a version means the packages whose
    dependency would take a candidate that fits it. ``with_records``: everything that the channel
    says of each, which is read for that.

    Raises:
        InvalidMatchSpec: one of them is none.
        NothingFound: nothing fits one of them.
        Cancelled: somebody asked to stop.
    """
    asked = {MatchSpec.parse(spec).name: spec for spec in specs}
    roots = [best(index, spec) for spec in specs]
    needing: dict[str, Saying] = {}

    def below(name: str) -> Mapping[str, str]:
        takes = cache(partial(_takes, candidates=_meant(index, asked.get(name, ""))))
        found = dict(_saying_so(index.dependents(name, cancel), takes))
        for package, saying in found.items():
            needing.setdefault(package, saying)
        return {package: text for package, (text, _, _) in found.items()}

    limit = depth if tree else None if recursive else 1
    lines: Sequence[TreeLine] = ()
    if limit != 1:
        lines = tuple(tree_lines([root.name for root in roots], below, depth=limit))
    else:  # whether anything needs those in turn is not asked
        needed = [(root.name, below(root.name)) for root in roots]
        lines = tuple(_one_level(needed)) if tree else ()
    packages = [
        Queried(
            name,
            version,
            build,
            text,
            best(index, f"{name}=={version}={build}") if with_records else None,
        )
        for name, (text, version, build) in sorted(needing.items())
    ]
    versions = {name: version for name, (_, version, _) in needing.items()} if tree else {}
    versions |= {root.name: root.version for root in roots}
    return QueryAnswer(
        kind="whoneeds",
        query=tuple(specs),
        packages=tuple(packages),
        roots=tuple(map(Queried.of, roots)),
        tree=_tree(lines, versions, inverted=True) if tree else None,
    )


def best(index: Index, text: str) -> PackageRecord:
    """Return the best package that fits a spec.

    Raises:
        InvalidMatchSpec, NothingFound: as :func:`searched`.
    """
    spec = MatchSpec.parse(text)
    found = _best(index, spec)
    if found is None:
        raise NothingFound(text, index, (spec.name,) if index.candidates(spec.name) else ())
    return found


def _best(index: Index, spec: MatchSpec) -> PackageRecord | None:
    candidates = index.candidates(spec.name)
    if candidates is None:
        return None
    records = map(candidates.record, range(len(candidates.versions)))
    return next((record for record in records if spec.matches(record)), None)


def _choose(index: Index, text: str, chosen: dict[str, PackageRecord]) -> None:
    """Add the best package that meets a dependency, where there is one."""
    try:
        found = _best(index, MatchSpec.parse(text))
    except InvalidMatchSpec:
        return
    if found is not None:
        chosen[found.name] = found


def _meant(index: Index, text: str) -> tuple[PackageRecord, ...]:
    """Return the candidates that a spec with conditions means; none where all are meant."""
    spec = MatchSpec.parse(text) if text else None
    if spec is None or str(spec) == spec.name:
        return ()
    return search(index, text, flexible=False)


def _takes(text: str, candidates: Sequence[PackageRecord]) -> bool:
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpec:
        return False
    return not candidates or any(map(spec.matches, candidates))


def _saying_so(
    dependents: Iterable[Dependent], takes: Callable[[str], bool]
) -> Iterator[tuple[str, Saying]]:
    for name, sayings in dependents:
        for saying in sayings:
            if takes(saying[0]):
                yield name, saying
                break


def _one_level(needed: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[TreeLine]:
    for root, needing in needed:
        yield TreeLine(0, root)
        yield from (TreeLine(1, name, text) for name, text in sorted(needing.items()))


def _tree(lines: Iterable[TreeLine], versions: Mapping[str, str], *, inverted: bool) -> PackageTree:
    entries = [
        TreeEntry(
            depth=line.depth,
            name=line.name,
            version=versions.get(line.name, ""),
            wants=line.text,
            is_repeated=line.is_repeated,
            is_cut=line.is_cut,
            is_missing=line.name not in versions and not line.name.startswith("__"),
        )
        for line in lines
    ]
    title = "who needs" if inverted else "depends"
    return PackageTree(title=title, entries=tuple(entries), is_inverted=inverted)
