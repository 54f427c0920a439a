"""What is said of requests for a package manager, such as ``update conda``. Layer: engine.

conda and mamba work from the base environment, and xconda from where it runs. A request for one of
them elsewhere is refused (``update``) or carried out and commented (``install``); one that changes
the base environment of another tool is carried out and says so. See docs/decisions/0189.
"""

import sys
from pathlib import Path
from typing import ClassVar, Final

from xconda_core.cancel import CancelToken
from xconda_core.config.settings import Settings
from xconda_core.engine import planning
from xconda_core.engine.own_installation import NAME, own_installation
from xconda_core.engine.protection import is_same_folder
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.wanted_state import WantedState
from xconda_core.engine.wiring import Wiring
from xconda_core.errors import XcondaError
from xconda_core.events import Noticed, Reporter
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.values import replace

_OTHERS: Final = ("conda", "mamba")


class ToolElsewhere(XcondaError):
    """``update`` names a package manager that is no package of the environment.

    Attributes:
        name: The package manager.
        prefix: The environment.
        home: Where the package manager is; None: nowhere that is known.
    """

    code: ClassVar[str] = "package-not-installed"

    def __init__(self, name: str, prefix: Path, home: Path | None, fix: str) -> None:
        super().__init__(name, prefix, home)
        self.name, self.prefix, self.home = name, prefix, home
        self.what = f"Nothing was updated: {name} is not installed in {prefix}."
        self.why = f"it belongs to {home}." if home else "it is not in the base environment either."
        self.fix = fix


def solved(
    request: ChangeRequest,
    state: EnvironmentState,
    settings: Settings,
    wiring: Wiring,
    report: Reporter,
    cancel: CancelToken,
) -> WantedState:
    """Return what the solver makes of ``request``, which may name a package manager.

    Raises:
        ToolElsewhere: it is to be updated where it is not.
        XcondaError: as :func:`planning.solved` does.
    """
    if request.verb == "update" and Path(request.prefix) == settings.root_prefix:
        request = _without_absent_tools(request, state, settings.root_prefix, report)
        if not request.specs and not request.update_all:
            return planning.as_installed(request, state)
    if request.verb in {"install", "update"}:
        names = {MatchSpec.parse(text).name for text in request.specs}
        for name in sorted(names & {NAME, *_OTHERS}):
            found = _own(request, state) if name == NAME else _other(name, request, state, settings)
            if found:
                report(Noticed("warning", found))
    return planning.solved(request, state, settings, wiring, report, cancel)


def _without_absent_tools(
    request: ChangeRequest, state: EnvironmentState, base: Path, report: Reporter
) -> ChangeRequest:
    """Return ``request`` without the tools whose work xconda does in a base that has none of them.

    Scripts begin with ``conda update -n base conda``; there is nothing that it could update.
    """
    if any(name in state.installed for name in _OTHERS):
        return request
    names = {text: MatchSpec.parse(text).name for text in request.specs}
    absent = {text: name for text, name in names.items() if name in _OTHERS}
    for name in absent.values():
        words = (
            f"{name} is not in {base}: {NAME} does its work, and {own_installation().update_words}"
        )
        report(Noticed("warning", f"{words}."))
    kept = tuple(text for text in request.specs if text not in absent)
    return replace(request, specs=kept)


def _own(request: ChangeRequest, state: EnvironmentState) -> str:
    """Return what is to be said of a request for xconda itself."""
    own, prefix = own_installation(), Path(request.prefix)
    if is_same_folder(prefix, own.prefix) and own.installer == "conda":
        return ""
    if NAME not in state.installed and request.verb == "update":
        raise ToolElsewhere(NAME, prefix, own.prefix, f"{own.update_words}.")
    return f"this is about another {NAME} in {prefix}; the one that runs is in {own.prefix}."


def _other(name: str, request: ChangeRequest, state: EnvironmentState, settings: Settings) -> str:
    """Return what is to be said of a request for conda or mamba."""
    prefix, base = Path(request.prefix), settings.root_prefix
    if is_same_folder(prefix, base):
        if name in state.installed and not is_same_folder(base, Path(sys.prefix)):
            way = f"`{name} update -n base {name}`"
            return f"{base} is {name}'s own installation, which {way} keeps up to date, too."
        return ""
    in_base = any((base / "conda-meta").glob(f"{name}-[0-9]*.json"))
    if name not in state.installed and request.verb == "update":
        fix = f"`xconda update -n base {name}` updates it there."
        if not in_base:
            fix = f"{NAME} does not need it; `xconda install {name}` installs it."
        raise ToolElsewhere(name, prefix, base if in_base else None, fix)
    if not in_base:
        return ""
    return f"{name} works from base, {base}; this is about another one, in {prefix}."
