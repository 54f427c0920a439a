"""Which packages bring the modules that a program did not find, ranked and tried. Layer: engine.

No package list is downloaded: what is known comes from what is installed and unpacked on this
machine, from a table of modules whose package has another name (``module_packages.txt``), and from
the name itself, as far as the package lists kept here have it.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from xconda_core.cancel import CancelToken
from xconda_core.engine.answers import Provider
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_entry import environments
from xconda_core.engine.provided import Pattern, module_pattern, sweep
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import Json, XcondaError
from xconda_core.events import silent
from xconda_core.repodata.index import Index
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.unsettled import is_unsettled
from xconda_core.values import Slotted, dataclass, replace

Source = Literal["files", "table", "name"]
Check = Literal["fits", "refused", "unknown"]
MAX_OFFERS: Final = 4  # of one module
_TRIED: Final = 3  # of one module, where the first ones are refused
_NOT_TRIED: Final = "another one fits"
_GAPS: Final = frozenset(
    {"repodata-not-cached", "offline", "network-failed", "http-refused", "not-an-environment"}
)
"""Codes of errors that say nothing of the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Slotted):
    """A package that brings a module.

    Attributes:
        package: Its name.
        source: How that is known: ``files`` of a package on this machine, ``table``, ``name``.
        reason: The same in words.
        check: What a solve with the lists kept here says of installing it.
        words: Why it is refused, or why nothing was tried; empty where it fits.
        version: The version that would be installed; empty where unknown.
        channel: Where from; empty where unknown.
        download_bytes: What would be downloaded for it and what it needs.
        changes: How many packages would be installed, changed or removed.
        removed: Packages that would go.
        downgraded: Packages that would become older.
    """

    package: str
    source: Source
    reason: str
    check: Check = "unknown"
    words: str = _NOT_TRIED
    version: str = ""
    channel: str = ""
    download_bytes: int = 0
    changes: int = 0
    removed: tuple[str, ...] = ()
    downgraded: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the offer."""
        return {
            "package": self.package,
            "source": self.source,
            "reason": self.reason,
            "check": self.check,
            "words": self.words,
            "version": self.version,
            "channel": self.channel,
            "download_bytes": self.download_bytes,
            "changes": self.changes,
            "removed": list(self.removed),
            "downgraded": list(self.downgraded),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleOffers(Slotted):
    """What is known of one module.

    Attributes:
        module: As ``import`` spells it.
        offers: Best first.
        installed: The package of the environment that brings it already; None: none does.
    """

    module: str
    offers: tuple[Offer, ...]
    installed: Provider | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the offers."""
        return {
            "module": self.module,
            "offers": [each.to_json() for each in self.offers],
            "installed": self.installed.to_json() if self.installed else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingModules(Slotted):
    """What is known of several modules.

    Attributes:
        modules: One entry for each, in the order asked.
        packages: The first offer of each, to be installed together.
        together: What installing them together would do; None: there are none.
        lists: Why the package lists kept here could not be used; empty: they could.
    """

    modules: tuple[ModuleOffers, ...]
    packages: tuple[str, ...] = ()
    together: Offer | None = None
    lists: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return all of it."""
        return {
            "modules": [each.to_json() for each in self.modules],
            "packages": list(self.packages),
            "together": self.together.to_json() if self.together else None,
            "lists": self.lists,
        }


def find_missing(
    engine: Engine,
    prefix: Path,
    modules: Sequence[str],
    cancel: CancelToken,
    seconds: float | None = None,
    trying: Engine | None = None,
) -> MissingModules:
    """Return the packages that bring ``modules`` into the environment at ``prefix``.

    Args:
        engine: One that is offline: nothing here may start the download of a package list.
        prefix: The environment.
        modules: As ``import`` spells them.
        cancel: Stops it.
        seconds: How long the files of packages may be looked through; None: to the end.
        trying: The engine that solves; it may ask for the few records that it needs of a list whose
            records are apart (CEP 16). ``engine`` unless given.

    Raises:
        Cancelled: somebody asked to stop.
    """
    known = _known_files(engine, prefix, modules, seconds)
    index, problem = _index(engine, cancel)
    offered = frozenset(index.names()) if index else None
    rows, found = table(), []
    for module in modules:
        here = [each for each in known[module] if each.place == prefix]
        offers = () if here else _ranked(module, known[module], offered, rows)
        found.append(
            ModuleOffers(module=module, offers=offers, installed=here[0] if here else None)
        )
    return _checked(trying or engine, prefix, found, problem, cancel)


def table() -> Mapping[str, tuple[str, ...]]:
    """Return the table of modules whose package has another name."""
    text = files(__package__).joinpath("module_packages.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {module: tuple(packages) for module, *packages in lines}


def usual_names(module: str) -> tuple[str, ...]:
    """Return what a package is usually called whose module is ``module``, likeliest first."""
    names: dict[str, None] = {}
    for part in _beginnings(module):
        plain = part.lower()
        dashed = plain.replace("_", "-").replace(".", "-")
        bases = dict.fromkeys((part.replace(".", "-"), plain, dashed))
        names |= bases
        names |= dict.fromkeys(f"python-{base}" for base in (dashed,))
        names |= dict.fromkeys((f"py{plain}", f"{dashed}-python"))
    return tuple(name for name in names if name == name.lower())


def _beginnings(module: str) -> list[str]:
    """Return ``a.b.c``, ``a.b`` and ``a`` for ``a.b.c``."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _known_files(
    engine: Engine, prefix: Path, modules: Sequence[str], seconds: float | None
) -> Mapping[str, list[Provider]]:
    known: dict[str, list[Provider]] = {module: [] for module in modules}
    patterns = {module: module_pattern(module) for module in modules}
    end = None if seconds is None else time.monotonic() + seconds
    others = [entry.prefix for entry in environments(engine) if entry.prefix != prefix]
    for found in _places(prefix, others, engine.settings.pkgs_dirs, patterns):
        if found is not None:
            known[found[0]].append(found[1])
        if end is not None and time.monotonic() > end:
            break
    return known


def _places(
    prefix: Path, others: Sequence[Path], pkgs_dirs: Sequence[Path], patterns: Mapping[str, Pattern]
) -> Iterable[tuple[str, Provider] | None]:
    """Look here first, then where most is: what others have is mostly in the caches, too."""
    yield from sweep((prefix,), pkgs_dirs, patterns)
    yield from sweep(others, (), patterns)


def _index(engine: Engine, cancel: CancelToken) -> tuple[Index | None, str]:
    names = engine.wiring.chosen_channels((), override=False)
    try:
        return engine.wiring.index(names, silent, cancel), ""
    except XcondaError as error:
        return None, error.what


def _ranked(
    module: str,
    providers: Sequence[Provider],
    offered: frozenset[str] | None,
    rows: Mapping[str, tuple[str, ...]],
) -> tuple[Offer, ...]:
    """Return the offers for a module: what is known, then what stands to reason."""
    named = next((rows[part] for part in _beginnings(module) if part in rows), ())
    usual = usual_names(module)
    order = {name: number for number, name in enumerate((*named, *usual))}
    exact = {each.name: each for each in reversed(providers)}
    offers: dict[str, Offer] = {}
    for name in sorted(exact, key=lambda name: (order.get(name, len(order)), name)):
        reason = f"its files are on this machine ({exact[name].paths[0]})"
        offers[name] = Offer(package=name, source="files", reason=reason)
    for name in named:
        reason = f"known to bring {module}"
        offers.setdefault(name, Offer(package=name, source="table", reason=reason))
    if offered is not None:
        for name in usual:
            offers.setdefault(
                name, Offer(package=name, source="name", reason="has the module's name")
            )
        offers = {
            name: offer
            for name, offer in offers.items()
            if offer.source == "files" or name in offered
        }
    return tuple(offers.values())[:MAX_OFFERS]


def _checked(
    engine: Engine,
    prefix: Path,
    found: Sequence[ModuleOffers],
    problem: str,
    cancel: CancelToken,
) -> MissingModules:
    """Try the first offers, one module after the other, then together."""
    tried: dict[str, Offer] = {}
    if is_unsettled(prefix):
        problem = problem or "another change of this environment is under way"
    checked = []
    for each in found:
        offers: list[Offer] = []
        for number, offer in enumerate(each.offers):
            fits = any(earlier.check == "fits" for earlier in offers)
            if problem:
                offers.append(replace(offer, words=problem))
            elif fits or number >= _TRIED:
                offers.append(offer)
            else:
                if offer.package not in tried:
                    tried[offer.package] = _tried(engine, prefix, offer, (offer.package,), cancel)
                outcome = tried[offer.package]
                offers.append(replace(outcome, source=offer.source, reason=offer.reason))
        checked.append(replace(each, offers=tuple(sorted(offers, key=_rank))))
    best = [each.offers[0] for each in checked if each.offers]
    packages = tuple(dict.fromkeys(each.package for each in best if each.check != "refused"))
    return MissingModules(
        modules=tuple(checked),
        packages=packages,
        together=_together(engine, prefix, packages, tried, problem, cancel),
        lists=problem,
    )


def _rank(offer: Offer) -> int:
    return ("fits", "unknown", "refused").index(offer.check)


def _together(
    engine: Engine,
    prefix: Path,
    packages: Sequence[str],
    tried: Mapping[str, Offer],
    problem: str,
    cancel: CancelToken,
) -> Offer | None:
    if not packages:
        return None
    if len(packages) == 1 and packages[0] in tried:
        return tried[packages[0]]
    offer = Offer(package=" ".join(packages), source="name", reason="all of them")
    if problem:
        return replace(offer, words=problem)
    return _tried(engine, prefix, offer, packages, cancel)


def _tried(
    engine: Engine, prefix: Path, offer: Offer, specs: Sequence[str], cancel: CancelToken
) -> Offer:
    """Return the offer with what a plan for it says."""
    request = ChangeRequest(
        verb="install", prefix=prefix, specs=tuple(specs), dry_run=True, command=""
    )
    try:
        plan = engine.plan(request, silent, cancel)
    except XcondaError as error:
        # What has no files here is offered because a list names it: its records are elsewhere.
        is_named = error.code == PackagesNotFound.code and offer.source != "files"
        is_gap = error.code in _GAPS or is_named
        return replace(offer, check="unknown" if is_gap else "refused", words=_words(error))
    return _with_plan(offer, plan, specs[0])


def _words(error: XcondaError) -> str:
    """Return one line: why not, and where that is a chain, the end of it."""
    lines = [line.strip() for line in error.why.splitlines() if line.strip()]
    return lines[-1] if lines else error.what


def _with_plan(offer: Offer, plan: Plan, name: str) -> Offer:
    new = next((step.new for step in plan.operations if step.name == name and step.new), None)
    return replace(
        offer,
        check="fits",
        words="",
        version=new.version if new else "",
        channel=(new.channel_name or "") if new else "",
        download_bytes=plan.download_bytes,
        changes=len(plan.operations),
        removed=tuple(step.name for step in plan.operations if step.new is None),
        downgraded=tuple(step.name for step in plan.operations if step.movement == "downgrade"),
    )
