"""Which Python projects that conda did not install make room in a transaction. Layer: transaction.

Reads the prefix; writes nothing. A conda package that brings (or whose going takes away) the files
of a project must not leave half of another copy of it behind, which Python might load.
"""

from collections.abc import Iterable, Mapping

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.python_package import PythonPackage, canonical_name
from xconda_core.transaction.kept_python import Displaced, place_of
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.prefix_view import PathInTheWay, PrefixView
from xconda_core.transaction.python_files import PythonFilesUnknown, owned_paths


def displaced_packages(
    plan: Plan,
    brought: Iterable[str],
    state: EnvironmentState,
    owners: Mapping[str, str],
    view: PrefixView,
) -> tuple[tuple[Displaced, ...], tuple[str, ...]]:
    """Return what makes room, and a sentence about each project that stays although it should go.

    Args:
        plan: What to do; names the projects that are known by name.
        brought: Paths that the coming packages bring; a ``.dist-info`` among them names a project.
        state: What is there.
        owners: Path to the conda package that stays and owns it.
        view: The prefix.

    Raises:
        PythonFilesUnknown: a project that the user wants to go does not say what is its own.
    """
    going = {package.name: package for package in plan.python_removed}
    asked = going.keys() - {canonical_name(step.name) for step in plan.operations}
    if plan.onto:  # what was asked for is another environment
        asked = set()
    for project in _projects_in(brought) if state.python_packages else ():
        for name, package in state.python_packages.items():
            if canonical_name(package.project) == project:
                going.setdefault(name, package)
    found, problems = [], []
    for name, package in sorted(going.items()):
        try:
            found.append(Displaced(package, _paths(str(plan.prefix), package, owners, view)))
        except PythonFilesUnknown as error:
            if name in asked:
                raise
            problems.append(f"{package.project} {package.version} of pip stays: {error.reason}")
    return tuple(found), tuple(problems)


def restored_files(
    plan: Plan, taken: Iterable[str], moves: Iterable[str], view: PrefixView
) -> tuple[tuple[str, str], ...]:
    """Return kept place and own place of every file that comes back.

    Args:
        plan: Names the projects.
        taken: Paths that coming packages bring: theirs they stay.
        moves: Paths that are free once the transaction has moved what is there.
        view: The prefix.

    Raises:
        PathInTheWay: somebody has put another file at a place.
    """
    if not plan.python_restored:
        return ()
    mine, free = frozenset(taken), frozenset(moves)
    pairs = []
    for kept in plan.python_restored:
        for path in kept.paths:
            if path in mine:
                continue
            if view.kind(path) is not None and path not in free:
                reason = f"is where a file of {kept.project} {kept.version} of pip comes back"
                raise PathInTheWay(f"{plan.prefix}/{path}", reason)
            pairs.append((place_of(kept, path), path))
    return tuple(pairs)


def _projects_in(paths: Iterable[str]) -> frozenset[str]:
    """Return the canonical names of the projects whose ``.dist-info`` is among ``paths``."""
    anchors = {path.rpartition("/")[0] for path in paths if path.endswith(".dist-info/METADATA")}
    names = (anchor.rpartition("/")[2].removesuffix(".dist-info") for anchor in anchors)
    return frozenset(canonical_name(name.rpartition("-")[0]) for name in names)


def _paths(
    root: str, package: PythonPackage, owners: Mapping[str, str], view: PrefixView
) -> tuple[str, ...]:
    return tuple(
        path
        for path in owned_paths(root, package)
        if path not in owners
        and view.is_file_or_link(path)
        and view.is_inside(path.rpartition("/")[0])
    )
