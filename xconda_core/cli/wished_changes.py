"""A notebook's or server's wish for a change as the engine's request, and who carries it out.

Layer: cli.
"""

from collections.abc import Mapping
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.cli.requesting import names_files, with_wish
from xconda_core.cli.texts_as_files import file_of_text
from xconda_core.engine.engine import Engine
from xconda_core.engine.job import PlansAndExecutes
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.whole_environments import Removing, Renaming
from xconda_core.environment.places import Target
from xconda_core.errors import Json
from xconda_core.values import replace


def with_files(
    request: ChangeRequest,
    options: Mapping[str, Json],
    engine: Engine,
    cancel: CancelToken,
    *,
    whole: bool = False,
) -> ChangeRequest:
    """Return ``request`` with what its files, or the text of one, ask for.

    Variables and the packages of pip belong to a whole environment: a creation from a text takes
    them, and what is ``whole``.

    Raises:
        XcondaError: a file cannot be read, or does not go with the rest.
    """
    listed, named = options.get("files"), options.get("format")
    with file_of_text(options) as text:
        files = [str(file) for file in listed] if isinstance(listed, list) else []
        files += [str(text)] if text else []
        if not names_files(files, request.specs, engine.wiring.plugins.archive_endings()):
            return request
        kind = str(named) if named is not None else None
        asked = engine.read_files(files, request.specs, format=kind, cancel=cancel)
    is_whole = whole or (request.verb == "create" and text is not None)
    return with_wish(request, asked, whole=is_whole)


def updated_by_files(
    request: ChangeRequest, options: Mapping[str, Json], engine: Engine, cancel: CancelToken
) -> ChangeRequest:
    """Return ``request`` with all that its files describe: ``env update``.

    Raises:
        XcondaError: a file cannot be read, or does not go with the rest.
    """
    asked = with_files(request, options, engine, cancel, whole=True)
    return replace(
        asked,
        pip=replace(asked.pip, upgrades=True) if asked.pip is not None else None,
        sections=tuple(replace(each, upgrades=True) for each in asked.sections),
        exact=bool(asked.records) and asked.prune,
    )


def of_whole_environment(
    verb: str, request: ChangeRequest, source: Path, engine: Engine
) -> tuple[PlansAndExecutes, ChangeRequest]:
    """Return who carries out ``clone``, ``rename`` or ``remove environment``, and its request.

    Args:
        verb: Which of them.
        request: Says where, and in which words it was asked for.
        source: What is cloned or renamed.
        engine: The engine for ``request``'s environment.

    Raises:
        XcondaError: the source cannot be read.
    """
    if verb == "remove environment":
        return Removing(engine), request
    target = Target(Path(request.prefix), request.why_prefix)
    clone = engine.clone_request(source, target, request.command)
    clone = replace(clone, dry_run=request.dry_run)
    if verb == "clone":
        return engine, clone
    return Renaming(engine, source), clone
