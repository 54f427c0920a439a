"""What is asked of an environment, where, and by which rules. Layer: solver (values only)."""

from collections.abc import Callable, Sequence
from typing import Literal

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.index import Index
from xconda_core.values import Slotted, dataclass, field

RequestVerb = Literal["create", "install", "update", "remove"]
UpdateRule = Literal["specs", "deps", "all", "frozen", "skip-satisfied"]
DepsRule = Literal["all", "none", "only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRules(Slotted):
    """How far a request reaches; conda's options.

    Attributes:
        update: What moves to its best version: ``specs``: what is named; ``deps``: that, and what
            it needs; ``all``: everything; ``frozen``: nothing else that is installed may move;
            ``skip-satisfied``: nothing where what is installed meets the request.
        deps: ``none``: what is named comes without what it needs; ``only``: what it needs comes
            without it.
        reinstall: What is named is linked again although it is there.
        prune: What is neither named nor needed by what is named goes, asked for earlier or not.
        force: A removal leaves what needs the package, broken.
    """

    update: UpdateRule = "specs"
    deps: DepsRule = "all"
    reinstall: bool = False
    prune: bool = False
    force: bool = False


DEFAULT_RULES = RequestRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Slotted):
    """One wish about one environment, and all that its answer depends on.

    Attributes:
        verb: What is to be done.
        index: What the channels offer.
        state: What is there.
        specs: MatchSpec texts, in the user's words.
        rules: How far it reaches.
        pinned_packages: MatchSpec texts of the settings; those of the environment join them.
        pins_written_in: Where those of the settings are.
        excluded: MatchSpec texts of what may never be installed.
        excluded_by: Where they are written.
        aggressive_updates: MatchSpec texts of packages that are always kept up to date.
        virtual_packages: Facts of the machine.
        pip_comes_with_python: Where ``python`` is new, ``pip`` comes along if it can be had.
        read: Reads a spec; channel names in it become addresses where the configuration is known.
    """

    verb: RequestVerb
    index: Index
    state: EnvironmentState
    specs: Sequence[str] = ()
    rules: RequestRules = DEFAULT_RULES
    pinned_packages: Sequence[str] = ()
    pins_written_in: str = "pinned_packages"
    excluded: Sequence[str] = ()
    excluded_by: str = "disallowed_packages"
    aggressive_updates: Sequence[str] = ()
    virtual_packages: Sequence[VirtualPackage] = ()
    pip_comes_with_python: bool = True
    read: Callable[[str], MatchSpec] = field(default=MatchSpec.parse)

    @property
    def pins(self) -> tuple[tuple[str, str], ...]:
        """Every pin, as its author wrote it, and the file or setting that has it."""
        own = str(self.state.prefix / "conda-meta" / "pinned")
        return (
            *((text, self.pins_written_in) for text in self.pinned_packages),
            *((text, own) for text in self.state.pinned),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Concessions(Slotted):
    """What earlier attempts to meet a request taught.

    Attributes:
        moving: More names that move to their best version, whatever was asked of them earlier.
        relaxed: Names of which only the version asked for earlier counts, no longer the build.
        tolerated: Names of installed packages that may stay although they lack something.
    """

    moving: frozenset[str] = frozenset()
    relaxed: frozenset[str] = frozenset()
    tolerated: frozenset[str] = frozenset()


NONE_MADE = Concessions()
