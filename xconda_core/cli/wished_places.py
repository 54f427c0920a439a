"""Where a notebook's or server's wish about a whole environment is aimed. Layer: cli.

What is made or updated from files may be named by them; what is cloned or renamed by its name.
"""

from collections.abc import Mapping

from xconda_core.cancel import CancelToken
from xconda_core.cli.commands.env_create import default_files
from xconda_core.cli.notebook_wish import Wish
from xconda_core.engine.engine import Engine
from xconda_core.engine.opening import target
from xconda_core.environment.places import BASE_NAMES, EnvironmentNotFound, is_environment
from xconda_core.errors import Json
from xconda_core.values import replace

BY_FILE = frozenset({"env create", "env update"})


def placed(wish: Wish, engine: Engine, environ: Mapping[str, str], cancel: CancelToken) -> Wish:
    """Return ``wish`` with the place and the files that are meant, and their paths.

    ``engine`` is that of no environment.

    Raises:
        UsageError: there is no file.
        XcondaError: one cannot be read, or nothing is called by the name of the source.
    """
    source = wish.options.get("source")
    if isinstance(source, str):
        name, path = (None, source) if "/" in source or "\\" in source else (source, None)
        found = str(target(name, path, environ, engine.settings).prefix)
        return replace(wish, options={**wish.options, "source": found})
    if wish.verb not in BY_FILE or "text" in wish.options:
        return wish
    wish = replace(wish, options={**wish.options, "files": _files(wish)})
    if not wish.is_prefix_named:
        wish = _as_proposed(wish, engine, cancel)
    is_new = wish.verb == "env update" and _is_new(wish, engine, environ)
    return replace(wish, verb="env create") if is_new else wish


def _files(wish: Wish) -> list[Json]:
    listed = wish.options.get("files")
    return (
        listed if isinstance(listed, list) and listed else [*default_files(f"xconda {wish.verb}")]
    )


def _as_proposed(wish: Wish, engine: Engine, cancel: CancelToken) -> Wish:
    files, kind = wish.options["files"], wish.options.get("format")
    assert isinstance(files, list)
    proposed = engine.read_files(
        [str(file) for file in files],
        format=str(kind) if kind is not None else None,
        cancel=cancel,
    )
    if proposed.name is None and proposed.prefix is None:
        return wish
    prefix = "" if proposed.name else str(proposed.prefix)
    return replace(wish, name=proposed.name or "", prefix=prefix, is_prefix_named=True)


def _is_new(wish: Wish, engine: Engine, environ: Mapping[str, str]) -> bool:
    """Whether an environment is named, and there is none."""
    if not wish.is_prefix_named:
        return False
    try:
        meant = target(wish.name or None, wish.prefix or None, environ, engine.settings)
    except EnvironmentNotFound:
        return True
    return not is_environment(meant.prefix) and wish.name not in BASE_NAMES
