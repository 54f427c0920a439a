"""Questions about environments and channels, and their answers. Layer: engine.

One of the places where a first-party import may stand inside a function: each answer's module is
loaded when the question is first asked, so that one never pays for the others.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from xconda_core.cancel import CancelToken
from xconda_core.engine.answers import (
    Outdated,
    PackageTree,
    Provider,
    RevisionDifference,
    Why,
)
from xconda_core.engine.engine import Engine
from xconda_core.engine.query_answer import QueryAnswer, QueryKind
from xconda_core.engine.repodata_lists import first_answer
from xconda_core.environment.prefix import read_history
from xconda_core.events import Reporter, silent

Found = TypeVar("Found")


def search(
    engine: Engine,
    find: Callable[..., Found],
    text: str,
    channels: Sequence[str] = (),
    override_channels: bool = False,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
    *,
    flexible: bool = True,
) -> Found:
    """Return what the channels offer for ``text``.

    Args:
        engine: Whose configuration counts.
        find: What is to be known of it: ``search``, ``offers`` or ``names_of`` of
            ``engine.search``.
        text: A spec; ``channel::name`` is looked for in that channel alone.
        channels: Names and addresses, before those that are configured.
        override_channels: Those alone.
        report: Told of progress.
        cancel: Looked at while waiting.
        flexible: A name that no package has counts as a part of names.

    Raises:
        NothingFound: nothing fits.
        XcondaError: a channel cannot be read.
    """
    from xconda_core.engine.search import NothingFound, place_of

    load = partial(engine.index, channels, override_channels, report, cancel, place=place_of(text))
    found = first_answer(
        engine.settings.repodata_fns,
        lambda fn: find(load(repodata_fn=fn), text, flexible=flexible),
        (NothingFound,),
        report,
    )
    engine.wiring.keep_indexes()
    return found


def outdated(
    engine: Engine,
    prefix: Path,
    text: str = "*",
    channels: Sequence[str] = (),
    override_channels: bool = False,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
) -> tuple[Outdated, ...]:
    """Return what in ``prefix`` fits ``text`` and is newer in the channels.

    Raises:
        XcondaError: the environment or a channel cannot be read.
    """
    from xconda_core.engine.search import outdated

    state = engine.state(prefix, report)
    wanted = tuple(state.installed)
    index = engine.index(channels, override_channels, report, cancel, wanted)
    found = outdated(index, state, text)
    engine.wiring.keep_indexes()
    return found


def repoquery(
    engine: Engine,
    kind: QueryKind,
    specs: Sequence[str],
    channels: Sequence[str] = (),
    override_channels: bool = False,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
    *,
    prefix: Path | None = None,
    recursive: bool = False,
    tree: bool = False,
    depth: int | None = None,
    with_records: bool = False,
) -> QueryAnswer:
    """Return what is asked about ``specs``; see ``engine.repoquery``.

    Of the channels, or of what is installed in ``prefix``.

    Raises:
        NothingFound: nothing fits one of ``specs``.
        XcondaError: a channel or the environment cannot be read.
    """
    from xconda_core.engine import repoquery

    token, whole = cancel or CancelToken(), kind == "whoneeds"
    if prefix is None:
        index = engine.index(channels, override_channels, report, token, whole=whole)
    else:
        index = repoquery.installed(engine.state(prefix, report))
    if kind == "search":
        found = repoquery.searched(index, specs)
    elif kind == "depends":
        found = repoquery.depends(index, specs, recursive=recursive, tree=tree, depth=depth)
    else:
        found = repoquery.whoneeds(
            index,
            specs,
            token,
            recursive=recursive,
            tree=tree,
            depth=depth,
            with_records=with_records,
        )
    engine.wiring.keep_indexes()
    return found


def providers(
    engine: Engine, *, file: str = "", module: str = "", prefix: Path | None = None
) -> tuple[Provider, ...]:
    """Return the packages of this machine that bring a file (a glob) or a module.

    Of the environment at ``prefix`` only, or else of every environment and package cache.

    Raises:
        NothingProvides: none does.
    """
    from xconda_core.engine.provided import find_providers

    prefixes = engine.known_prefixes() if prefix is None else (prefix,)
    caches = engine.settings.pkgs_dirs if prefix is None else ()
    return find_providers(prefixes, caches, file=file, module=module)


def owner(engine: Engine, prefix: Path, file: str) -> Provider:
    """Return the package of the environment at ``prefix`` that a file belongs to.

    Raises:
        NothingProvides: no package there has such a file.
        NotAnEnvironment: there is none.
    """
    engine.require(prefix)
    path = Path(file).absolute()
    found = providers(engine, file=str(path) if path.exists() else file, prefix=prefix)
    return found[0]


def why(
    engine: Engine,
    prefix: Path,
    name: str,
    channels: Sequence[str] = (),
    override_channels: bool = False,
    *,
    with_version: bool = True,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
) -> Why:
    """Return why the package ``name`` is in the environment at ``prefix``.

    ``with_version`` finds out what keeps it from a newer version, too; channels that cannot be
    read fail that part only.

    Raises:
        NotInstalledThere: it is not.
        NotAnEnvironment, PrefixDamaged: the environment cannot be read.
        Cancelled: somebody asked to stop.
    """
    from xconda_core.engine.why import why, with_limit

    state, token = engine.state(prefix, report), cancel or CancelToken()
    answer = why(state, name)
    if not with_version:
        return answer
    load = partial(engine.index, channels, override_channels, report, token, (name,))
    return with_limit(answer, state, engine.settings, engine.wiring, load, report, token)


def tree(
    engine: Engine,
    prefix: Path,
    names: Sequence[str] = (),
    *,
    invert: bool = False,
    depth: int | None = None,
    repeat: bool = True,
    report: Reporter = silent,
) -> PackageTree:
    """Return what needs what in the environment at ``prefix``; see ``engine.tree``.

    Raises:
        NotInstalledThere: one of ``names`` is not installed.
        NotAnEnvironment, PrefixDamaged: the environment cannot be read.
    """
    from xconda_core.engine.tree import tree

    state, machine = engine.state(prefix, report), engine.wiring.virtual_packages()
    return tree(state, machine, names, invert=invert, depth=depth, repeat=repeat)


def difference(
    engine: Engine,
    prefix: Path,
    old: int | None = None,
    new: int | None = None,
    report: Reporter = silent,
) -> RevisionDifference:
    """Return what lies between revision ``old`` (None: the last) and ``new`` (None: now).

    Raises:
        RevisionUnknown: the environment has no such revision.
        NotAnEnvironment, PrefixDamaged: it cannot be read.
    """
    from xconda_core.engine.revision_difference import difference

    state, revisions = engine.state(prefix, report), read_history(prefix)
    return difference(state, revisions, old, new, engine.settings.channel_alias)
